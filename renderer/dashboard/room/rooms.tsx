import { Button, Skeleton } from '@mantine/core';
import { IconCircleCheck, IconClock, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { DeskLinks } from '#renderer/dashboard/shell/desk-links.tsx';
import { goTo } from '#renderer/dashboard/shell/navigation.ts';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { ServerTime } from '#renderer/dashboard/shell/server-time.tsx';
import { useApp, useClock, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { TopBar } from '#renderer/dashboard/shell/top-bar.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import { roomTime } from '#shared/exam/shift.ts';
import type { RoomSummary } from '#shared/wire/dashboard.ts';
import { roleHas } from '#shared/wire/roles.ts';
import { ListState, RefreshButton, RetryCountdown } from './list-state.tsx';
import { useRooms, useRoomWatch } from './room-list-context.ts';
import classes from './rooms.module.css';
import type { RoomSession, SessionTime } from './sessions.ts';

/** Today's rooms and sessions: what is on now is easy to find. */
export const RoomsScreen = () => {
  const { t } = useTranslation('dashboard');
  const rooms = useRooms((s) => s.rooms);
  const problem = useRooms((s) => s.problem);
  const notice = useApp((s) => s.notice);
  const me = useApp((s) => s.me);
  const watches = me !== null && roleHas(me.role, 'watch');
  useRoomWatch(true);
  return (
    <div className={classes.page}>
      <TopBar title={t('rooms.title')}>
        <DeskLinks />
        <ServerTime />
      </TopBar>
      <main className={classes.main}>
        <ProblemNote problem={notice} />
        {!watches ? (
          <div className={classes.empty}>
            <h2 className={classes.emptyTitle}>{t('rooms.notForRole')}</h2>
            <p className={classes.emptyText}>
              {t('rooms.notForRoleText', { role: me === null ? '' : t(`role.${me.role}`) })}
            </p>
          </div>
        ) : rooms !== null ? (
          <>
            <ListState />
            {rooms.length === 0 ? (
              <div className={classes.empty}>
                <h2 className={classes.emptyTitle}>{t('rooms.none')}</h2>
                <p className={classes.emptyText}>{t('rooms.noneText')}</p>
              </div>
            ) : (
              <div className={classes.list}>
                {rooms.map((room) => (
                  <Guarded key={room.id} shape="panel" version={room}>
                    <Room room={room} />
                  </Guarded>
                ))}
              </div>
            )}
          </>
        ) : problem !== null ? (
          <div className={classes.empty}>
            <h2 className={classes.emptyTitle}>{t('rooms.failed')}</h2>
            <ProblemNote problem={problem} />
            <div className={classes.again}>
              <RefreshButton>{t('common:retry')}</RefreshButton>
              <RetryCountdown />
            </div>
          </div>
        ) : (
          <div className={classes.list} aria-busy="true">
            <p className="visually-hidden" role="status">
              {t('common:loading')}
            </p>
            <Skeleton height="4.5rem" width="60%" />
            <Skeleton height="9rem" />
            <Skeleton height="9rem" />
          </div>
        )}
      </main>
    </div>
  );
};

const Room = ({ room }: { room: RoomSummary }) => {
  const { t } = useTranslation('dashboard');
  return (
    <section className={classes.room} aria-labelledby={`room-${room.id}`}>
      <div className={classes.head}>
        <h2 id={`room-${room.id}`} className={classes.name}>
          {room.name}
        </h2>
        <span className={classes.venue}>{room.venue}</span>
        <span className={classes.seats}>
          {t('rooms.seats', { count: room.seatMap.seats.length })}
        </span>
      </div>
      {room.sessions.length === 0 ? (
        <p className={classes.noSession}>{t('rooms.noSessions')}</p>
      ) : (
        <ul className={classes.sessions}>
          {room.sessions.map((session) => (
            <Session key={session.id} room={room} session={session} />
          ))}
        </ul>
      )}
    </section>
  );
};

const TIME_ICON: Readonly<Record<SessionTime, typeof IconClock>> = {
  now: IconPlayerPlay,
  later: IconClock,
  over: IconCircleCheck,
};

const Session = ({ room, session }: { room: RoomSummary; session: RoomSession }) => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const time = useClock((now) => roomTime(session, now));
  const Icon = TIME_ICON[time];
  return (
    <li className={classes.session} data-time={time}>
      <span className={classes.hours}>
        {formatClock(session.startsAt, locale, false, room.timeZone)} –{' '}
        {formatClock(session.endsAt, locale, false, room.timeZone)}
      </span>
      <span className={classes.exam}>
        <span className={classes.examTitle}>{session.examTitle}</span>
        <span className={classes.expected}>{t('rooms.expected', { count: session.expected })}</span>
      </span>
      <span className={classes.when}>
        <Icon size="1rem" aria-hidden />
        {t(`rooms.${time}`)}
      </span>
      <Button
        variant={time === 'now' ? 'filled' : 'default'}
        onClick={() => goTo('room', { roomId: room.id, sessionId: session.id })}
        aria-label={t('rooms.openLabel', { room: room.name, exam: session.examTitle })}
      >
        {t('rooms.open')}
      </Button>
    </li>
  );
};
