import { Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark } from '#renderer/ui/mark.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import type { Problem } from '#shared/kernel/problem.ts';
import classes from './starting.module.css';

const SLOW_MS = 10_000;

/**
 * Shown until the host has told its first state: nothing to do, and a way out if it takes too long.
 * @param problem why the host cannot go on yet: another window has it, or its storage fails.
 */
export const StartingScreen = ({ problem = null }: { problem?: Problem | null }) => {
  const { t } = useTranslation('kiosk');
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className={classes.page}>
      <Mark size={4} />
      <h1 className={classes.title}>{t('starting.title')}</h1>
      <p className={classes.text} role="status">
        {t(slow ? 'starting.slow' : 'starting.text')}
      </p>
      <ProblemText problem={problem} className={classes.problem} />
      <Loader size="sm" aria-hidden />
    </main>
  );
};
