import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '#renderer/dashboard/shell/note.tsx';
import { useClock, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock, formatDay } from '#renderer/ui/time-format.ts';
import classes from './list-state.module.css';
import { useRoomList, useRooms } from './room-list-context.ts';

/** When the list of rooms is asked for again by itself; nothing when that will not happen. */
export const RetryCountdown = () => {
  const { t } = useTranslation('dashboard');
  const retryAt = useRooms((s) => s.retryAt);
  const busy = useRooms((s) => s.busy);
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
  const list = useRoomList();
  const busy = useRooms((s) => s.busy);
  return (
    <Button
      variant="default"
      className={classes.refresh ?? ''}
      leftSection={<IconRefresh size="1.125rem" aria-hidden className={classes.turn} />}
      data-busy={busy}
      onClick={() => void list.load()}
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
  const problem = useRooms((s) => s.problem);
  const at = useRooms((s) => s.at);
  const busy = useRooms((s) => s.busy);
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
