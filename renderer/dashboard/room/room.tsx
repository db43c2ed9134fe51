import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { ExamineePanel } from '#renderer/dashboard/attempt/examinee-panel.tsx';
import {
  useApp,
  useDashboard,
  useLocale,
  useRoom,
} from '#renderer/dashboard/shell/dashboard-context.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { ServerTime } from '#renderer/dashboard/shell/server-time.tsx';
import { SoundSwitch } from '#renderer/dashboard/shell/switches.tsx';
import { TopBar } from '#renderer/dashboard/shell/top-bar.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import { Announcer } from './announcer.tsx';
import { ExitCode } from './exit-code.tsx';
import { Feed } from './feed.tsx';
import { LinkBanner, LinkMark } from './link-state.tsx';
import classes from './room.module.css';
import { NO_FILTER } from './room-filter.ts';
import { RoomTools, type RoomView } from './room-tools.tsx';
import { focusTile, RoomPlan } from './seat-map.tsx';
import { TileList } from './tile-list.tsx';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select') !== null;

/** A dialog lies over the page and answers its own keys. */
const inDialog = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('[role="dialog"], [role="menu"]') !== null;

/** The room while an exam runs: the plan, what happens, and one examinee at a time. */
export const RoomScreen = () => {
  const { t } = useTranslation('dashboard');
  const dashboard = useDashboard();
  const locale = useLocale();
  const here = useApp((s) => s.here);
  const selected = useApp((s) => s.selected);
  const known = useRoom((s) => s.known);
  const link = useRoom((s) => s.link);
  const nobody = useRoom((s) => s.known && Object.keys(s.tiles).length === 0);
  const [filter, setFilter] = useState(NO_FILTER);
  const [view, setView] = useState<RoomView>('plan');
  const search = useRef<HTMLInputElement>(null);

  const open = useCallback((attemptId: string) => dashboard.select(attemptId), [dashboard]);
  const close = useCallback(() => {
    const { selected: was } = dashboard.app.getState();
    // In a narrow window the plan comes back only now, and what is not there takes no focus.
    flushSync(() => dashboard.select(null));
    if (was !== null) focusTile(was);
  }, [dashboard]);

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
      else if (dashboard.app.getState().selected !== null) close();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [dashboard, close]);

  if (here === null) return null;
  const { room, session } = here;

  return (
    <div className={classes.screen}>
      <TopBar
        title={room.name}
        detail={`${formatClock(session.startsAt, locale)} – ${formatClock(session.endsAt, locale)} · ${session.examTitle} · ${room.venue}`}
        before={
          <Tooltip label={t('room.back')}>
            <ActionIcon
              variant="transparent"
              c="white"
              size="lg"
              aria-label={t('room.back')}
              onClick={() => dashboard.leaveRoom()}
            >
              <IconArrowLeft size="1.25rem" />
            </ActionIcon>
          </Tooltip>
        }
      >
        <LinkMark />
        <ServerTime />
        <ExitCode place={{ roomId: room.id, sessionId: session.id }} />
        <SoundSwitch />
      </TopBar>
      <LinkBanner />
      {link.kind === 'refused' ? (
        <main className={classes.refused}>
          <ProblemNote problem={link.problem} />
          <Button onClick={() => dashboard.leaveRoom()}>{t('room.back')}</Button>
        </main>
      ) : (
        <>
          <RoomTools
            filter={filter}
            onFilter={setFilter}
            view={view}
            onView={setView}
            search={search}
          />
          <main
            className={classes.body}
            data-stale={link.kind === 'lost'}
            data-open={selected !== null}
          >
            <div className={classes.plan} aria-busy={!known}>
              {!known && <p className={classes.note}>{t('room.loading')}</p>}
              {nobody && <p className={classes.note}>{t('room.nobody')}</p>}
              {view === 'plan' ? (
                <RoomPlan map={room.seatMap} filter={filter} onOpen={open} />
              ) : (
                <TileList filter={filter} onOpen={open} />
              )}
            </div>
            <div className={classes.side}>
              {selected !== null && (
                <ExamineePanel key={selected} attemptId={selected} onClose={close} />
              )}
              <Feed hidden={selected !== null} onOpen={open} />
            </div>
          </main>
        </>
      )}
      <Announcer />
    </div>
  );
};
