import { Button } from '@mantine/core';
import { IconClock, IconUserCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { formatSpan } from '#renderer/ui/time-format.ts';
import type { GateCause } from '#shared/attempt/gate.ts';
import { gateTimes } from '#shared/incident/policy.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { useNow } from '../clock.ts';
import { useKiosk, useView } from '../kiosk-context.tsx';
import { policyOf } from '../selectors.ts';
import { timeLeft } from '../timer.ts';
import { useDeliberatePress } from './deliberate-press.ts';
import { Facts } from './facts.tsx';
import classes from './gate.module.css';
import { SignOutButton } from './sign-out-button.tsx';
import { StaffExit } from './staff-exit.tsx';
import { StageFrame } from './stage-frame.tsx';

/** What the whole screen is about: whose exam this is and how long it still lasts, and one button. */
export const GateCard = ({
  cause,
  left,
  busy,
  problem,
  onPress,
}: {
  /** `late`: the shift has begun and the exam begins with the press. */
  cause: GateCause | 'late';
  /** What is left of the time, ms. */
  left: number | null;
  busy: boolean;
  problem: Problem | null;
  onPress: () => void;
}) => {
  const { t } = useTranslation('kiosk');
  const view = useView();
  const press = useDeliberatePress(onPress);
  const { ticket } = view;
  const policy = policyOf(view);
  const times = policy === null || policy.cameraExempt ? null : gateTimes(policy);
  if (ticket === null) return null;
  const lead = t(`gate.cause.${cause}`);
  const began = cause === 'start' || cause === 'late';
  return (
    <StageFrame
      part="gate"
      title={t('gate.title')}
      lead={began && policy?.carried !== undefined ? `${lead} ${t('carried.short')}` : lead}
      footer={
        <>
          {cause === 'late' ? <SignOutButton /> : <StaffExit />}
          <Button
            size="lg"
            leftSection={<IconUserCheck size="1.5rem" aria-hidden />}
            {...press}
            disabled={press.disabled || busy}
            aria-describedby="gate-after"
          >
            {t('gate.confirm')}
          </Button>
        </>
      }
    >
      <section className={classes.card} aria-label={t('waiting.facts')}>
        <div className={classes.name}>{ticket.examinee.name}</div>
        <div className={classes.exam}>{ticket.exam.title}</div>
        <Facts
          rows={[
            [t('waiting.document'), ticket.examinee.documentMasked],
            [t('waiting.room'), ticket.room.name],
            [t('waiting.seat'), ticket.room.seat],
          ]}
        />
        {left !== null && (
          <div className={classes.left}>
            <span>
              <IconClock size="1.25rem" aria-hidden />
              {t('timer.remaining')}
            </span>
            <strong role="timer">{formatSpan(left)}</strong>
          </div>
        )}
      </section>
      <p id="gate-after" className={classes.after}>
        {t('gate.notYou')}
        {times !== null && ` ${t('gate.after', { seconds: Math.round(times.graceMs / 1_000) })}`}
      </p>
      <ProblemText problem={problem} />
    </StageFrame>
  );
};

/** The one way into a running exam: "it is I, this is my exam". Time runs; no question is shown before. */
export const GateScreen = ({ cause }: { cause: GateCause }) => {
  const { host } = useKiosk();
  const view = useView();
  const now = useNow();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const press = async () => {
    setBusy(true);
    const outcome = await host
      .perform({ type: 'pass-gate' })
      .catch(() => ({ ok: false as const, error: { code: 'server-failed' as const } }));
    setBusy(false);
    setProblem(outcome.ok ? null : outcome.error);
  };
  return (
    <GateCard
      cause={cause}
      left={timeLeft(view, now)}
      busy={busy}
      problem={problem}
      onPress={() => void press()}
    />
  );
};
