import { IconBan, IconMessageReport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CLASS_ICON } from '#renderer/dashboard/live/icons.ts';
import { classOf } from '#renderer/dashboard/live/tile-state.ts';
import { useClock, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock, formatSpan } from '#renderer/ui/time-format.ts';
import type { IncidentView } from '#shared/wire/dashboard.ts';
import { EvidenceStrip } from './evidence.tsx';
import classes from './incident-body.module.css';

/** How it weighs, in a word and an icon; then colour. */
const IncidentWeight = ({ incident }: { incident: IncidentView }) => {
  const { t } = useTranslation('dashboard');
  const weight = classOf(incident);
  const Icon = CLASS_ICON[weight];
  return (
    <span className={classes.weight} data-weight={weight}>
      <Icon size="1rem" stroke={2.25} aria-hidden />
      {t(`class.${weight}`, { number: incident.copyAttempt ?? 0 })}
    </span>
  );
};

/** Seconds as such, so that nobody reads 00:03 as hours. */
const lastingText = (ms: number): string =>
  ms < 60_000 ? `${Math.max(0, Math.round(ms / 1_000))} s` : formatSpan(ms);

/** How long it took, or that it is still so. */
const Lasting = ({ incident }: { incident: IncidentView }) => {
  const { t } = useTranslation('dashboard');
  const { startedAt, startedT, endedT } = incident;
  const running = useClock((now) => (endedT === null ? lastingText(now - startedAt) : ''));
  if (endedT === null) return <span>{t('incident.lasts', { time: running })}</span>;
  const ms = endedT - startedT;
  if (ms < 1_000) return null;
  return <span>{t('incident.lasted', { time: lastingText(ms) })}</span>;
};

/** What an incident says, wherever it is shown. */
export const IncidentBody = ({ incident, who }: { incident: IncidentView; who: string }) => {
  const { t } = useTranslation(['dashboard', 'incidents']);
  const locale = useLocale();
  return (
    <>
      <div className={classes.head}>
        <IncidentWeight incident={incident} />
        <time className={classes.time} dateTime={new Date(incident.startedAt).toISOString()}>
          {formatClock(incident.startedAt, locale, true)}
        </time>
      </div>
      <div className={classes.what}>
        <span className={classes.title}>
          {t([`incidents:${incident.kind}.staff`, 'incidents:unknown.staff'], {
            kind: incident.kind,
          })}
        </span>{' '}
        <span className={classes.lasting}>
          <Lasting incident={incident} />
        </span>
      </div>
      {incident.objection !== null && (
        <p className={classes.word} data-look={incident.dismissed === null}>
          <IconMessageReport size="1rem" aria-hidden />
          <span>
            {t('incident.objection')} <q>{incident.objection}</q>
          </span>
        </p>
      )}
      {incident.dismissed !== null && (
        <p className={classes.word}>
          <IconBan size="1rem" aria-hidden />
          <span>
            {t('incident.dismissed', { by: incident.dismissed.by })}{' '}
            <q>{incident.dismissed.reason}</q>
          </span>
        </p>
      )}
      <EvidenceStrip incident={incident} who={who} />
    </>
  );
};
