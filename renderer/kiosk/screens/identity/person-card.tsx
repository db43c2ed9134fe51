import { IconHourglass, IconId, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { localeOf } from '#renderer/kiosk/kiosk-locale.ts';
import { formatClock } from '#renderer/ui/time-format.ts';
import { useNow } from '../../clock.ts';
import { useView } from '../../kiosk-context.tsx';
import classes from './identity.module.css';
import { TellNote } from './tell-note.tsx';

const ICON = { missing: IconId, person: IconHourglass, refused: IconInfoCircle } as const;
const STEPS = ['a', 'b', 'c'] as const;

/** A person decides now, or has decided: what happens, what helps, whom to ask. */
export const PersonCard = ({ part }: { part: 'missing' | 'person' | 'refused' }) => {
  const { t, i18n } = useTranslation('kiosk');
  const { ticket, attempt, clockOffsetMs } = useView();
  const begun =
    useNow() + (clockOffsetMs ?? 0) >= (ticket?.shift.startsAt ?? Number.POSITIVE_INFINITY);
  const Icon = ICON[part];
  const decision = attempt?.identity.decision ?? null;
  const last = attempt?.identity.checks.at(-1)?.outcome ?? 'unsure';
  return (
    <section className={classes.person} data-person={part}>
      <Icon size="3rem" stroke={1.5} className={classes.personIcon} aria-hidden />
      <div className={classes.personWords}>
        {part === 'person' && <p className={classes.lead}>{t(`identity.outcome.${last}.say`)}.</p>}
        {part === 'refused' && decision !== null && (
          <div className={classes.reason}>
            <div>{t('identity.refused.reason')}</div>
            <strong>{decision.reason}</strong>
            {decision.by !== '' && <div>{t('identity.refused.by', { by: decision.by })}</div>}
          </div>
        )}
        <ol className={classes.steps}>
          {STEPS.map((step) => (
            <li key={step}>{t(`identity.${part}.steps.${step}`)}</li>
          ))}
        </ol>
        {part !== 'refused' && <TellNote />}
      </div>
      {ticket !== null && (
        <div className={classes.start}>
          <span>{t(begun ? 'identity.startedAt' : 'identity.startsAt')}</span>
          <strong>{formatClock(ticket.shift.startsAt, localeOf(i18n))}</strong>
        </div>
      )}
    </section>
  );
};
