import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemWords } from '#renderer/ui/problem-words.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import classes from './note.module.css';

/** Whole seconds until trying again makes sense; counts down by itself. */
export const useWait = (problem: Problem | null): number => {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (problem?.retryAfterMs === undefined) {
      setSeconds(0);
      return undefined;
    }
    const until = performance.now() + problem.retryAfterMs;
    const tick = () => setSeconds(Math.max(0, Math.ceil((until - performance.now()) / 1_000)));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [problem]);
  return seconds;
};

/** The sentence of a problem: staff's own where the examinee's would not fit. */
export const useProblemText = (): ((problem: Problem) => string) => {
  const { t } = useTranslation(['dashboard', 'problems', 'connection']);
  return (problem) => problemWords(t, problem, 'dashboard');
};

/** What went wrong and what to do, spoken at once. Stays in the document while empty, so that it is announced. */
export const Note = ({
  problem,
  wait = 0,
  more = null,
}: {
  problem: Problem | null;
  wait?: number;
  /** What only holds here, behind the problem's own sentence. */
  more?: ReactNode;
}) => {
  const { t } = useTranslation('dashboard');
  const textOf = useProblemText();
  return (
    <div role="alert">
      {problem !== null && (
        <div className={classes.note}>
          <IconAlertTriangle size="1.25rem" aria-hidden />
          <div>
            <div>{textOf(problem)}</div>
            {more}
            {wait > 0 && <div aria-hidden>{t('wait', { time: waitText(wait) })}</div>}
          </div>
        </div>
      )}
    </div>
  );
};

const waitText = (seconds: number): string =>
  seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
