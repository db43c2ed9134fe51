import { Button } from '@mantine/core';
import { IconCircleCheck, IconClockStop, IconLogout, IconSquareX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { changeLocale } from '#renderer/kiosk/kiosk-locale.ts';
import { cx } from '#renderer/ui/cx.ts';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { carriedOf } from '#shared/attempt/copy-count.ts';
import type { ClosedBy } from '#shared/wire/facts.ts';
import { useAction, useView } from '../../kiosk-context.tsx';
import { copyAttempts, countOf } from '../../selectors.ts';
import { StageFrame } from '../stage-frame.tsx';
import { AttemptList } from './attempt-list.tsx';
import classes from './closing.module.css';
import { Receipt } from './receipt.tsx';

const ICONS = {
  examinee: IconCircleCheck,
  time: IconClockStop,
  'copy-attempts': IconSquareX,
  proctor: IconSquareX,
} as const satisfies Record<ClosedBy, unknown>;

const STEPS = ['a', 'b', 'c'] as const;

/** How the exam ended, what comes next, what was recorded, and the receipt (Art. 35k, 70). */
export const ClosedScreen = () => {
  const { t, i18n } = useTranslation('kiosk');
  const view = useView();
  const { running, problem, run } = useAction();
  const { attempt } = view;
  if (attempt === null) return null;
  const by = attempt.closedBy ?? 'examinee';
  const Icon = ICONS[by];
  // Staff had decided while this machine was gone, and it has only now heard of it.
  const ending = by === 'proctor' ? attempt.closeEnding : undefined;
  const words = ending === undefined ? `closed.${by}` : `closed.ended.${ending}`;
  const next = ending === 'let-go' ? ending : by;
  const { limit } = countOf(view);
  // Here one may disagree, and should not have to look for the place (Art. 70).
  const voided = by === 'copy-attempts';

  const signOut = async () => {
    if (running) return;
    // The next person begins in Spanish.
    if (await run({ type: 'sign-out' })) changeLocale(i18n, 'es');
  };

  return (
    <StageFrame
      wide
      title={t(`${words}.title`)}
      lead={t(`${words}.text`, { limit })}
      footer={
        <>
          <ProblemText problem={problem} className={cx(classes.problem)} />
          <Button
            size="lg"
            leftSection={<IconLogout size="1.25rem" />}
            loading={running}
            onClick={() => void signOut()}
          >
            {t('signOut')}
          </Button>
        </>
      }
    >
      <div className={cx(classes.grid, voided && classes.voided)}>
        <section className={classes.card}>
          <Icon size="2rem" stroke={1.75} className={classes.icon} aria-hidden />
          <div>
            {by === 'proctor' && attempt.closeReason !== null && (
              <div className={classes.reason}>
                <span>{t('closed.proctor.reason')}</span>
                <strong>{attempt.closeReason}</strong>
              </div>
            )}
            <h2>{t('closed.next')}</h2>
            <ol className={classes.steps}>
              {STEPS.map((step) => (
                <li key={step}>{t(`closed.steps.${next}.${step}`)}</li>
              ))}
            </ol>
          </div>
        </section>
        {voided && <AttemptList attempt={attempt} />}
        <Receipt attempt={attempt} />
        {!voided && (copyAttempts(attempt).length > 0 || carriedOf(attempt).length > 0) && (
          <AttemptList attempt={attempt} />
        )}
      </div>
    </StageFrame>
  );
};
