import { useTranslation } from 'react-i18next';
import { formatClock } from '#renderer/ui/time-format.ts';
import classes from './server-time.module.css';
import { useClock, useLocale } from './shell-context.tsx';

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
