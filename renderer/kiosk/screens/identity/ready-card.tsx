import { IconEye, IconHeartHandshake, IconRotate } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useView } from '../../kiosk-context.tsx';
import classes from './identity.module.css';

/** What will happen, before it does. */
export const ReadyCard = () => {
  const { t } = useTranslation('kiosk');
  const view = useView();
  const settings = view.ticket?.identity ?? view.attempt?.identity.settings;
  return (
    <>
      <h2 className={classes.say}>{t('identity.ready.title')}</h2>
      <ul className={classes.points}>
        <li>
          <IconEye size="1.5rem" aria-hidden />
          {t('identity.ready.look')}
        </li>
        {settings?.challenge === true && (
          <li>
            <IconRotate size="1.5rem" aria-hidden />
            {t('identity.ready.turn')}
          </li>
        )}
        <li>
          <IconHeartHandshake size="1.5rem" aria-hidden />
          {t('identity.ready.person')}
        </li>
      </ul>
    </>
  );
};
