import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '#shared/kernel/problem.ts';
import classes from './panel.module.css';

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

/**
 * What went wrong and what to do, in the words of this page where those of an exam room would not fit. Keeps its
 * place in the document while empty, so that it is announced.
 */
export const ProblemLine = ({
  problem,
  children,
}: {
  problem: Problem | null;
  /** What can be done about it right here. */
  children?: ReactNode;
}) => {
  const { t } = useTranslation(['enrolment', 'problems', 'common']);
  const seconds = useRetrySeconds(problem);
  return (
    <div role="alert" className={problem === null ? classes.silent : undefined}>
      {problem !== null && (
        <div className={classes.problem}>
          <IconAlertTriangle size="1.35rem" aria-hidden />
          <div>
            <div>{t([`enrolment:problems.${problem.code}`, `problems:${problem.code}`])}</div>
            {seconds > 0 && <div>{t('common:retryIn', { seconds })}</div>}
            {children}
          </div>
        </div>
      )}
    </div>
  );
};
