import { IconTransfer } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { carriedStanding, copyCount } from '#shared/attempt/copy-count.ts';
import { useView } from '../kiosk-context.tsx';
import { countedOf } from '../selectors.ts';
import classes from './carried-note.module.css';

/** Who goes on from another machine is told what came along, and that the answers did not; nothing for everybody else. */
export const CarriedNote = () => {
  const { t } = useTranslation('kiosk');
  const counted = countedOf(useView());
  if (counted?.policy?.carried === undefined) return null;
  const count = carriedStanding(counted).length;
  return (
    <section className={classes.note} aria-label={t('carried.title')}>
      <IconTransfer size="1.5rem" aria-hidden />
      <div>
        <p className={classes.title}>{t('carried.title')}</p>
        <p>{t('carried.text')}</p>
        {count > 0 && <p>{t('carried.count', { count, limit: copyCount(counted).limit })}</p>}
      </div>
    </section>
  );
};
