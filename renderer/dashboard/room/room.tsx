import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { ExamineePanel } from '#renderer/dashboard/attempt/examinee-panel.tsx';
import { useLive, useRoom } from '#renderer/dashboard/live/live-context.ts';
import { BackButton } from '#renderer/dashboard/shell/back-button.tsx';
import { goTo } from '#renderer/dashboard/shell/navigation.ts';
import { NoScreen } from '#renderer/dashboard/shell/no-screen.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import type { Place } from '#renderer/dashboard/shell/routes.ts';
import { ServerTime } from '#renderer/dashboard/shell/server-time.tsx';
import { useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { SoundSwitch } from '#renderer/dashboard/shell/switches.tsx';
import { TopBar } from '#renderer/dashboard/shell/top-bar.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import { Announcer } from './announcer.tsx';
import { ExitCode } from './exit-code.tsx';
import { Feed } from './feed.tsx';
import { LinkBanner, LinkMark, StorageBanner } from './link-state.tsx';
import { ListState } from './list-state.tsx';
import classes from './room.module.css';
import { NO_FILTER } from './room-filter.ts';
import { useRooms, useRoomWatch } from './room-list-context.ts';
import { RoomTools, type RoomView } from './room-tools.tsx';
import { RoomsScreen } from './rooms.tsx';
import { focusTile, RoomPlan } from './seat-map.tsx';
import { findPlace, type Here } from './sessions.ts';
import { ShiftLeft } from './shift-left.tsx';
import { TileList } from './tile-list.tsx';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select') !== null;

/** A dialog lies over the page and answers its own keys. */
const inDialog = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('[role="dialog"], [role="menu"]') !== null;

/** What an address says of a room's screen. */
interface RoomAddress {
  readonly place: Place;
  /** Whose panel is open. */
  readonly attemptId: string | null;
  /** Whether the panel shows the course of the exam. */
  readonly timeline: boolean;
}

/** A session's room, once the list of rooms says what it is. */
export const RoomScreen = (address: RoomAddress) => {
  const { t } = useTranslation('dashboard');
  const { place } = address;
  const rooms = useRooms((s) => s.rooms);
  const found = useMemo(() => (rooms === null ? null : findPlace(rooms, place)), [rooms, place]);
  // A newer list may have no such session any more (past midnight); who watches it goes on watching.
  const last = useRef<Here | null>(null);
  last.current = found ?? last.current;
  const here = last.current;
  useRoomWatch(here === null);
  if (here !== null) return <WatchedRoom {...address} here={here} />;
  return rooms === null ? (
    <RoomsScreen />
  ) : (
    <NoScreen title={t('noScreen.noSession')} text={t('noScreen.noSessionText')}>
      <ListState />
    </NoScreen>
  );
};

/** The room while an exam runs: the plan, what happens, and one examinee at a time. */
const WatchedRoom = ({ place, attemptId, timeline, here }: RoomAddress & { here: Here }) => {
  const { t } = useTranslation('dashboard');
  const live = useLive();
  const locale = useLocale();
  const known = useRoom((s) => s.known);
  const link = useRoom((s) => s.link);
  const nobody = useRoom((s) => s.known && Object.keys(s.tiles).length === 0);
  const seat = useRoom((s) => (attemptId === null ? undefined : s.tiles[attemptId]?.seat));
  const [filter, setFilter] = useState(NO_FILTER);
  const [view, setView] = useState<RoomView>('plan');
  const search = useRef<HTMLInputElement>(null);

  useEffect(() => live.open(place), [live, place]);

  const open = useCallback((id: string) => goTo('attempt', { ...place, attemptId: id }), [place]);
  const close = useCallback(() => {
    // In a narrow window the plan comes back only now, and what is not there takes no focus.
    flushSync(() => goTo('room', place));
    if (attemptId !== null) focusTile(attemptId);
  }, [place, attemptId]);

  // On the window: right after loading nothing has the focus, and the keys must work all the same.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || inDialog(event.target)) return;
      if (event.key === '/' && !isTyping(event.target)) {
        event.preventDefault();
        search.current?.focus();
        search.current?.select();
      }
      if (event.key !== 'Escape') return;
      if (event.target === search.current) setFilter((now) => ({ ...now, search: '' }));
      else if (attemptId !== null) close();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [attemptId, close]);

  const { room, session } = here;

  return (
    <div className={classes.screen}>
      <TopBar
        title={room.name}
        detail={`${formatClock(session.startsAt, locale)} – ${formatClock(session.endsAt, locale)} · ${session.examTitle} · ${room.venue}`}
        page={
          seat === undefined
            ? `${room.name} · ${session.examTitle}`
            : `${t('seat')} ${seat} · ${room.name}`
        }
        before={<BackButton />}
      >
        <ShiftLeft startsAt={session.startsAt} endsAt={session.endsAt} place="bar" />
        <LinkMark />
        <ServerTime />
        <ExitCode place={place} />
        <SoundSwitch />
      </TopBar>
      <LinkBanner />
      <StorageBanner />
      {link.kind === 'refused' ? (
        <main className={classes.refused}>
          <ProblemNote problem={link.problem} />
          <Button onClick={() => goTo('rooms', {})}>{t('room.back')}</Button>
        </main>
      ) : (
        <>
          <RoomTools
            filter={filter}
            onFilter={setFilter}
            view={view}
            onView={setView}
            search={search}
            session={session}
          />
          <main
            className={classes.body}
            data-stale={link.kind === 'lost'}
            data-open={attemptId !== null}
          >
            <div className={classes.plan} aria-busy={!known}>
              {!known && <p className={classes.note}>{t('room.loading')}</p>}
              {nobody && <p className={classes.note}>{t('room.nobody')}</p>}
              <Guarded shape="panel" version={view}>
                {view === 'plan' ? (
                  <RoomPlan map={room.seatMap} filter={filter} onOpen={open} />
                ) : (
                  <TileList filter={filter} onOpen={open} />
                )}
              </Guarded>
            </div>
            <div className={classes.side}>
              {attemptId !== null && (
                <Guarded key={attemptId} shape="panel">
                  <ExamineePanel
                    attemptId={attemptId}
                    tab={timeline ? 'timeline' : 'now'}
                    onTab={(tab) =>
                      // Replaced: "back" closes the panel and does not leaf through it.
                      goTo(
                        tab === 'timeline' ? tab : 'attempt',
                        { ...place, attemptId },
                        { replace: true },
                      )
                    }
                    onClose={close}
                  />
                </Guarded>
              )}
              <Guarded shape="panel">
                <Feed place={place} hidden={attemptId !== null} onOpen={open} />
              </Guarded>
            </div>
          </main>
        </>
      )}
      <Guarded shape="panel">
        <Announcer />
      </Guarded>
    </div>
  );
};
