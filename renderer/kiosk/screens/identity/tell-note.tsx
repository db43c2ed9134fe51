import { IconBell, IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { useKioskState } from '../../kiosk-context.tsx';
import classes from './identity.module.css';

/** Whether the proctor has been told, and what to do where that was impossible. */
export const TellNote = () => {
  const { t } = useTranslation('kiosk');
  const online = useKioskState(({ view }) => view?.connection.online === true);
  const hasCode = useKioskState(({ view }) => view?.ticket?.staffExit != null);
  const Icon = online ? IconBell : IconCloudOff;
  return (
    <p className={cx(classes.told, !online && classes.offline)} data-told={online}>
      <Icon size="1.375rem" aria-hidden />
      <span>
        {t(online ? 'identity.told' : 'identity.notTold')}
        {!online && hasCode && ` ${t('identity.decidesHere')}`}
      </span>
    </p>
  );
};
