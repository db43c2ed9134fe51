import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import {
  useApp,
  useClock,
  useDashboard,
  useLocale,
} from '#renderer/dashboard/shell/dashboard-context.tsx';
import { useProblemText } from '#renderer/dashboard/shell/problem-note.tsx';
import { formatClock, formatDay } from '#renderer/ui/time-format.ts';
import classes from './list-state.module.css';

/** When the list of rooms is asked for again by itself; nothing when that will not happen. */
export const RetryCountdown = () => {
  const { t } = useTranslation('dashboard');
  const retryAt = useApp((s) => s.roomsRetryAt);
  const busy = useApp((s) => s.roomsBusy);
  const seconds = useClock((now) =>
    retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1_000)),
  );
  if (retryAt === null && !busy) return null;
  return (
    <span aria-live="off">
      {busy || seconds === 0 ? t('rooms.refreshing') : t('link.retryIn', { seconds })}
    </span>
  );
};

/** Asks for the list again. Not disabled meanwhile, so that the focus stays where it is. */
export const RefreshButton = ({ children }: { children: string }) => {
  const dashboard = useDashboard();
  const busy = useApp((s) => s.roomsBusy);
  return (
    <Button
      variant="default"
      className={classes.refresh ?? ''}
      leftSection={<IconRefresh size="1.125rem" aria-hidden className={classes.turn} />}
      data-busy={busy}
      onClick={() => void dashboard.loadRooms()}
    >
      {children}
    </Button>
  );
};

/**
 * How old the list is, or why there is no newer one and what to do. Two lines in either case, so that
 * the list below stays where it is.
 */
export const ListState = () => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const textOf = useProblemText();
  const problem = useApp((s) => s.roomsProblem);
  const at = useApp((s) => s.roomsAt);
  const busy = useApp((s) => s.roomsBusy);
  // Drawn again only when the day or the minute is another one.
  const day = useClock((now) => formatDay(now, locale));
  if (at === null) return null;
  const time = formatClock(at, locale);
  return (
    <div className={classes.state} data-problem={problem !== null} data-list-state>
      <div role="alert" className={classes.words}>
        {problem !== null && (
          <>
            <IconAlertTriangle size="1.25rem" aria-hidden className={classes.mark} />
            <div>
              <div>{textOf(problem)}</div>
              <div className={classes.detail}>
                {t('rooms.stale', { time })} <RetryCountdown />
              </div>
            </div>
          </>
        )}
      </div>
      {problem === null && (
        <div className={classes.words}>
          <div>
            <h2 className={classes.day}>{day}</h2>
            <div className={classes.detail} role="status" data-busy={busy}>
              <span className={classes.age}>{t('rooms.asOf', { time })}</span>
              <span className={classes.busy}>{t('rooms.refreshing')}</span>
            </div>
          </div>
        </div>
      )}
      <RefreshButton>{t(problem === null ? 'rooms.refresh' : 'common:retry')}</RefreshButton>
    </div>
  );
};
