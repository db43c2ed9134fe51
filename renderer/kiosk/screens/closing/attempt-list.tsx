import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { localeOf } from '#renderer/kiosk/kiosk-locale.ts';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { AttemptState, IncidentRecord } from '#shared/attempt/attempt-state.ts';
import { carriedOf, carriedStanding, numberOverall } from '#shared/attempt/copy-count.ts';
import type { CarriedAttempt } from '#shared/incident/carried.ts';
import { articlesOf, useIncidentWords } from '../../incident-words.ts';
import { useView } from '../../kiosk-context.tsx';
import { clockAt, copyAttempts } from '../../selectors.ts';
import { ObjectionForm } from '../notices/objection-form.tsx';
import classes from './closing.module.css';

const Attempt = ({ incident, attempt }: { incident: IncidentRecord; attempt: AttemptState }) => {
  const { t, i18n } = useTranslation(['kiosk', 'common']);
  const view = useView();
  const words = useIncidentWords();
  const [objecting, setObjecting] = useState(false);
  const at = clockAt(view.ticket, attempt, incident.startedT);
  const settled = incident.dismissed !== null || incident.objection !== null;
  return (
    <li className={classes.attempt}>
      <div className={classes.attemptLine}>
        <div>
          <strong>{words.seen(incident.kind)}</strong>
          <div className={classes.attemptFacts}>
            {t('notice.countLabel', { number: numberOverall(incident.copyAttempt ?? 1, attempt) })}
            {' · '}
            {t('common:article', { article: articlesOf(incident.kind) })}
            {at !== null && ` · ${formatClock(at, localeOf(i18n), true)}`}
          </div>
          {settled && (
            <div className={classes.settled}>
              <IconCheck size="1rem" stroke={2.5} aria-hidden />
              {t(incident.dismissed !== null ? 'closed.dismissed' : 'closed.objected')}
            </div>
          )}
        </div>
        {!settled && !objecting && (
          <Button variant="default" onClick={() => setObjecting(true)}>
            {t('notice.disagree')}
          </Button>
        )}
      </div>
      {objecting && !settled && (
        <ObjectionForm
          incidentId={incident.id}
          onDone={() => setObjecting(false)}
          onCancel={() => setObjecting(false)}
        />
      )}
    </li>
  );
};

/** One that another machine has on record: what can be said of it here. */
const CarriedLine = ({ carried, attempt }: { carried: CarriedAttempt; attempt: AttemptState }) => {
  const { t, i18n } = useTranslation(['kiosk', 'common']);
  const words = useIncidentWords();
  const stands = carriedStanding(attempt).includes(carried);
  return (
    <li className={classes.attempt}>
      <div className={classes.attemptLine}>
        <div>
          <strong>{words.seen(carried.kind)}</strong>
          <div className={classes.attemptFacts}>
            {t('carried.where')}
            {' · '}
            {t('common:article', { article: articlesOf(carried.kind) })}
            {' · '}
            {formatClock(carried.at, localeOf(i18n), true)}
          </div>
          {!stands && (
            <div className={classes.settled}>
              <IconCheck size="1rem" stroke={2.5} aria-hidden />
              {t('closed.dismissed')}
            </div>
          )}
        </div>
      </div>
    </li>
  );
};

/** The copy attempts of this exam, each with the right to disagree also after closing (Art. 70). */
export const AttemptList = ({ attempt }: { attempt: AttemptState }) => {
  const { t } = useTranslation('kiosk');
  return (
    <section className={classes.attempts} aria-labelledby="attempts">
      <h2 id="attempts">{t('closed.attempts')}</h2>
      <ul>
        {carriedOf(attempt).map((one) => (
          <CarriedLine key={one.id} carried={one} attempt={attempt} />
        ))}
        {copyAttempts(attempt).map((incident) => (
          <Attempt key={incident.id} incident={incident} attempt={attempt} />
        ))}
      </ul>
    </section>
  );
};
