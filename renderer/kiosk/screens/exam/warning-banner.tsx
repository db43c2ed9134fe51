import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import { useNow } from '../../clock.ts';
import { useIncidentWords } from '../../incident-words.ts';
import classes from './warning-banner.module.css';

/** Told before it becomes an incident: what is seen, what to do, how long there is left. Lies over the title, so that nothing moves. */
export const WarningBanner = ({ warnings }: { warnings: KioskView['warnings'] }) => {
  const { t } = useTranslation('kiosk');
  const words = useIncidentWords();
  const now = useNow(250);
  const first = warnings.toSorted((a, b) => a.countsAt - b.countsAt)[0];
  const seconds = first === undefined ? 0 : Math.max(0, Math.ceil((first.countsAt - now) / 1_000));
  return (
    <div role="alert" className={classes.place}>
      {first !== undefined && (
        <div className={classes.banner} data-warning={first.kind}>
          <IconAlertTriangle size="2rem" aria-hidden />
          <div className={classes.words}>
            <div className={classes.title}>{words.title(first.kind)}</div>
            <div>{words.mend(first.kind)}</div>
          </div>
          <div className={classes.count} aria-hidden="true">
            <div>{t(first.counts ? 'warning.counts' : 'warning.records')}</div>
            <strong>{seconds > 0 ? t('warning.seconds', { seconds }) : t('warning.now')}</strong>
          </div>
        </div>
      )}
    </div>
  );
};
