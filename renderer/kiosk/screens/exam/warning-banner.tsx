import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import { useNow } from '../../clock.ts';
import { useIncidentWords } from '../../incident-words.ts';
import classes from './warning-banner.module.css';

type Warning = KioskView['warnings'][number];

const secondsTo = (warning: Warning, now: number): number =>
  Math.max(0, Math.ceil((warning.countsAt - now) / 1_000));

const Banner = ({ warning, more }: { warning: Warning; more: number }) => {
  const { t } = useTranslation('kiosk');
  const words = useIncidentWords();
  const seconds = secondsTo(warning, useNow(250));
  // Read out once: a number that changes every second would be read out every second.
  const [spoken] = useState(seconds);
  const counted = t(warning.counts ? 'warning.counts' : 'warning.records');
  return (
    <div className={classes.banner} data-warning={warning.kind}>
      <IconAlertTriangle size="2rem" aria-hidden />
      <div className={classes.words}>
        <div className={classes.title}>{words.title(warning.kind)}</div>
        <div>
          {words.warn(warning.kind)}
          {more > 0 && <span className={classes.more}> {t('warning.more', { count: more })}</span>}
        </div>
        <div className="visually-hidden">{`${counted} ${t('warning.seconds', { seconds: spoken })}`}</div>
      </div>
      <div className={classes.count} aria-hidden="true">
        <div>{counted}</div>
        <strong>{seconds > 0 ? t('warning.seconds', { seconds }) : t('warning.now')}</strong>
      </div>
    </div>
  );
};

/** Told before it becomes an incident: what is seen, what to do, how long there is left. Lies over the title, so that nothing moves. */
export const WarningBanner = ({ warnings }: { warnings: KioskView['warnings'] }) => {
  const first = warnings.toSorted((a, b) => a.countsAt - b.countsAt)[0];
  return (
    <div role="alert" className={classes.place}>
      {first !== undefined && (
        <Banner
          key={`${first.kind} ${first.countsAt}`}
          warning={first}
          more={warnings.length - 1}
        />
      )}
    </div>
  );
};
