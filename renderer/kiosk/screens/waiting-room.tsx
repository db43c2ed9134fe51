import { Loader } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '#renderer/kiosk/clock.ts';
import { useKiosk, useView } from '#renderer/kiosk/kiosk-context.tsx';
import { localeOf } from '#renderer/kiosk/kiosk-locale.ts';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { formatClock, formatSpan } from '#renderer/ui/time-format.ts';
import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import { msUntilStart } from '#shared/exam/shift.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail } from '#shared/kernel/result.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { Facts } from './facts.tsx';
import { GateCard } from './gate.tsx';
import { StageFrame } from './stage-frame.tsx';
import classes from './waiting-room.module.css';

const RETRY_MS = 2_000;

/**
 * Asks the host to start as soon as it is time, and goes on asking: the network may come back later.
 * @param confirmed whether the examinee has said already that it is they: then nobody asks again.
 */
const useAutomaticStart = (due: boolean, confirmed: boolean): Problem | null => {
  const { host } = useKiosk();
  const [problem, setProblem] = useState<Problem | null>(null);
  const stopped = useRef(false);
  useEffect(() => {
    if (!due) return undefined;
    stopped.current = false;
    let timer: ReturnType<typeof setTimeout>;
    const attempt = async () => {
      const result = await host
        .perform({ type: 'start-exam' })
        .catch(() => fail<Problem>({ code: 'server-failed' }));
      if (result.ok && confirmed) await host.perform({ type: 'pass-gate' }).catch(() => undefined);
      if (stopped.current || result.ok) return;
      setProblem(result.error);
      timer = setTimeout(attempt, result.error.retryAfterMs ?? RETRY_MS);
    };
    void attempt();
    return () => {
      stopped.current = true;
      clearTimeout(timer);
    };
  }, [due, confirmed, host]);
  return problem;
};

/** How it was settled who sits here. */
const identityBy = (attempt: AttemptState | null): 'camera' | 'person' | 'by-hand' => {
  if (attempt === null || attempt.identity.settings.check === 'by-hand') return 'by-hand';
  return attempt.identity.decision === null ? 'camera' : 'person';
};

/** The last minutes: the server's clock, the facts of the exam, its instructions; starts by itself (Art. 5, 18). */
export const WaitingScreen = () => {
  const { t, i18n } = useTranslation(['kiosk', 'common']);
  const locale = localeOf(i18n);
  const view = useView();
  const now = useNow();
  const serverNow = now + (view.clockOffsetMs ?? 0);
  const ticket = view.ticket;
  const left = ticket === null ? 0 : msUntilStart(ticket.shift, serverNow);
  const due = ticket !== null && left <= 0;
  // Who comes late begins by the own press, having seen whose exam it is and how long it lasts (Art. 18).
  const [late] = useState(due);
  const [confirmed, setConfirmed] = useState(false);
  const problem = useAutomaticStart(due && (!late || confirmed), confirmed);
  const { online, looking, fault } = view.connection;
  const offline = due && (problem?.code === 'offline' || (!online && !looking));
  // "Too early" is only the server's clock being a breath behind: the next try settles it.
  const shown =
    problem === null || ['too-early', 'offline'].includes(problem.code) ? null : problem;
  const away: Problem = { code: 'offline', ...(fault === null ? {} : { cause: fault.cause }) };

  if (late && ticket !== null) {
    return (
      <GateCard
        cause="late"
        left={Math.min(ticket.exam.durationMs, Math.max(0, ticket.shift.endsAt - serverNow))}
        busy={confirmed}
        problem={shown ?? (offline && confirmed ? away : null)}
        onPress={() => setConfirmed(true)}
      />
    );
  }
  return (
    <StageFrame step="waiting" wide title={t('waiting.title')}>
      <div className={classes.grid}>
        <section className={classes.clock} aria-live="off">
          {due ? (
            <div className={classes.opening} role="status">
              <Loader size="md" aria-hidden />
              <div className={classes.big}>{t('waiting.opening')}</div>
              <p>{t(offline ? 'waiting.offline' : 'waiting.openingDetail')}</p>
              <ProblemText problem={shown ?? (offline && fault !== null ? away : null)} />
            </div>
          ) : (
            <div className={classes.wait}>
              <p>{t('waiting.untilStart')}</p>
              <div className={classes.count} role="timer">
                {formatSpan(left)}
              </div>
              {ticket !== null && (
                <div className={classes.at}>
                  {t('waiting.startsAt', { time: formatClock(ticket.shift.startsAt, locale) })}
                </div>
              )}
              <p>{t('waiting.auto')}</p>
            </div>
          )}
          <div className={classes.now}>
            <span>{t(view.clockOffsetMs === null ? 'waiting.nowUnknown' : 'waiting.now')}</span>
            <strong>{formatClock(serverNow, locale, true)}</strong>
          </div>
        </section>
        {ticket !== null && (
          <section className={classes.facts} aria-label={t('waiting.facts')}>
            <h2 className={classes.exam}>{ticket.exam.title}</h2>
            <Facts
              rows={[
                [t('exam.examinee'), ticket.examinee.name],
                [t('waiting.document'), ticket.examinee.documentMasked],
                [t('waiting.identity'), t(`waiting.identityBy.${identityBy(view.attempt)}`)],
                [t('waiting.room'), ticket.room.name],
                [t('waiting.seat'), ticket.room.seat],
                [
                  t('waiting.shift'),
                  `${formatClock(ticket.shift.startsAt, locale)} – ${formatClock(ticket.shift.endsAt, locale)}`,
                ],
                [
                  t('waiting.duration'),
                  t('common:time.minutes', { count: Math.round(ticket.exam.durationMs / MINUTE) }),
                ],
                [t('waiting.questions'), String(ticket.exam.questionCount)],
              ]}
            />
            <p className={classes.note}>{t('waiting.shiftEnd')}</p>
            {ticket.exam.instructions !== '' && (
              <>
                <h3>{t('waiting.instructions')}</h3>
                <p className={classes.instructions}>{ticket.exam.instructions}</p>
              </>
            )}
          </section>
        )}
      </div>
    </StageFrame>
  );
};
