import { useTranslation } from 'react-i18next';
import { formatClock } from '#renderer/ui/time-format.ts';
import { useClock, useLocale } from './dashboard-context.tsx';
import classes from './server-time.module.css';

/** The server's clock: the one that starts and ends exams. */
export const ServerTime = () => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const text = useClock((now) => formatClock(now, locale, true));
  return (
    <span className={classes.time} role="timer" aria-live="off" aria-label={t('serverTime')}>
      <span className={classes.word} aria-hidden>
        {t('serverTime')}
      </span>
      {text}
    </span>
  );
};
