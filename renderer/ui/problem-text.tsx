import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '#shared/kernel/problem.ts';
import { cx } from './cx.ts';
import classes from './problem-text.module.css';
import { problemWords } from './problem-words.ts';

/** Whole seconds until trying again makes sense; counts down by itself. */
const useRetrySeconds = (problem: Problem | null): number => {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const until = performance.now() + (problem?.retryAfterMs ?? 0);
    const tick = () => setLeft(Math.max(0, Math.ceil((until - performance.now()) / 1_000)));
    tick();
    if (problem?.retryAfterMs === undefined) return undefined;
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [problem]);
  return left;
};

/** What went wrong and what to do, spoken at once. Keeps its place in the document while empty, so that it is announced. */
export const ProblemText = ({
  problem,
  own,
  className,
  children,
}: {
  problem: Problem | null;
  /** The page's namespace, whose `problems` hold its own sentences where those of an exam room would not fit. */
  own?: 'enrolment';
  className?: string | undefined;
  /** What can be done about it right here. */
  children?: ReactNode;
}) => {
  const { t } = useTranslation(['problems', 'common', 'connection']);
  const seconds = useRetrySeconds(problem);
  return (
    <div role="alert" className={cx(className, problem === null && classes.empty)}>
      {problem !== null && (
        <div className={classes.box}>
          <IconAlertTriangle size="1.35rem" aria-hidden />
          <div>
            <div>{problemWords(t, problem, own)}</div>
            {seconds > 0 && <div>{t('common:retryIn', { seconds })}</div>}
            {children}
          </div>
        </div>
      )}
    </div>
  );
};
