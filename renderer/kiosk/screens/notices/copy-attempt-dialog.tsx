import { Button } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { localeOf } from '#renderer/kiosk/kiosk-locale.ts';
import { cx } from '#renderer/ui/cx.ts';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { IncidentRecord } from '#shared/attempt/attempt-state.ts';
import { numberOverall } from '#shared/attempt/copy-count.ts';
import { articlesOf, useIncidentWords } from '../../incident-words.ts';
import { useAction, useView } from '../../kiosk-context.tsx';
import { clockAt, countOf, standingAt } from '../../selectors.ts';
import classes from './notices.module.css';
import { ObjectionForm } from './objection-form.tsx';

/** How many have been used up, for the eyes; the words say the same. */
const Pips = ({ number, limit }: { number: number; limit: number }) => (
  <span className={classes.pips} aria-hidden="true">
    {Array.from({ length: limit }, (_, index) => index + 1).map((pip) => (
      <i key={pip} className={cx(pip <= number && classes.used)} />
    ))}
  </span>
);

/**
 * Art. 70: a copy attempt is shown at once: what was seen, the article, which one of how many, what
 * happens at the last, and the right to disagree.
 * @param onSeen called when the person is through with it, also if that could not be stored.
 */
export const CopyAttemptDialog = ({
  incident,
  onSeen,
}: {
  incident: IncidentRecord;
  onSeen: () => void;
}) => {
  const { t, i18n } = useTranslation(['kiosk', 'common']);
  const view = useView();
  const words = useIncidentWords();
  const { running, problem, run } = useAction();
  const [objecting, setObjecting] = useState(false);
  const { limit } = countOf(view);
  const number = view.attempt === null ? 1 : standingAt(view.attempt, incident);
  const name =
    incident.copyAttempt === null || view.attempt === null
      ? number
      : numberOverall(incident.copyAttempt, view.attempt);
  const closed = view.attempt?.phase === 'closed';
  const at = view.attempt === null ? null : clockAt(view.ticket, view.attempt, incident.startedT);

  const acknowledge = async () => {
    if (running) return;
    await run({ type: 'acknowledge', incidentId: incident.id });
    onSeen();
  };

  return (
    <Dialog
      alarm
      size="44rem"
      title={t('notice.title')}
      icon={<IconAlertOctagon size="1.75rem" aria-hidden />}
    >
      <div className={classes.summary}>
        <div className={classes.number}>
          <strong>{t('notice.count', { number, limit })}</strong>
          <Pips number={number} limit={limit} />
          {name !== number && <span>{t('notice.named', { number: name })}</span>}
        </div>
        <dl className={classes.what}>
          <dt>{t('notice.seen')}</dt>
          <dd>
            <strong>{words.seen(incident.kind)}</strong>
            {at !== null && (
              <span>{t('notice.when', { time: formatClock(at, localeOf(i18n), true) })}</span>
            )}
          </dd>
          {!closed && (
            <>
              <dt>{t('notice.todo')}</dt>
              <dd>{words.mend(incident.kind)}</dd>
            </>
          )}
          <dt>{t('notice.rule')}</dt>
          <dd>{t('common:article', { article: articlesOf(incident.kind) })}</dd>
        </dl>
      </div>
      {!objecting && (
        <>
          {incident.evidence.length > 0 && (
            <p>{t('notice.evidence', { count: incident.evidence.length })}</p>
          )}
          <p>{t(number >= limit ? 'notice.last' : 'notice.next', { limit })}</p>
          {!closed && <p className={classes.quiet}>{t('notice.time')}</p>}
          <ProblemText problem={problem} />
          <DialogActions>
            <Button variant="default" size="lg" onClick={() => setObjecting(true)}>
              {t('notice.disagree')}
            </Button>
            <Button size="lg" loading={running} onClick={() => void acknowledge()} data-autofocus>
              {t('notice.ok')}
            </Button>
          </DialogActions>
        </>
      )}
      {objecting && (
        <ObjectionForm
          incidentId={incident.id}
          onCancel={() => setObjecting(false)}
          onDone={() => void acknowledge()}
        />
      )}
    </Dialog>
  );
};
