import type { IncidentView, Tile } from '#shared/wire/dashboard.ts';
import {
  type DashboardPage,
  startDashboardBench,
} from '#test/renderer/dashboard/dashboard-page.ts';
import { fortyRoom, incident, roomSummary } from '#test/renderer/dashboard/room-data.ts';
import type { BenchRow } from './bench-row.ts';

const FRAMES_PER_SECOND = 20;
const SECONDS = 10;
/** Tiles that change in each frame: heartbeats and answers of a room of forty come to about this. */
const TILES_PER_FRAME = 3;
/** A task longer than this is felt, ms. */
const FELT_MS = 50;
/** One refresh of a 60 Hz screen and a half: a longer gap means that a picture was left out, ms. */
const DROPPED_MS = 25;

interface Measured {
  readonly longestTaskMs: number;
  readonly feltTasks: number;
  readonly frames: number;
  readonly dropped: number;
}

/** Starts to watch tasks and animation frames in the page. */
const watch = (visit: DashboardPage): Promise<void> =>
  visit.page.evaluate((droppedMs) => {
    const seen = {
      tasks: [] as number[],
      frames: 0,
      dropped: 0,
      running: true,
      last: performance.now(),
    };
    new PerformanceObserver((list) => {
      if (seen.running) seen.tasks.push(...list.getEntries().map((entry) => entry.duration));
    }).observe({ type: 'longtask' });
    const frame = (now: number): void => {
      if (!seen.running) return;
      seen.frames += 1;
      if (now - seen.last > droppedMs) seen.dropped += 1;
      seen.last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(window, { seen });
  }, DROPPED_MS);

const stopWatching = (visit: DashboardPage): Promise<Measured> =>
  visit.page.evaluate(() => {
    const { seen } = window as unknown as {
      seen: { tasks: number[]; frames: number; dropped: number; running: boolean };
    };
    seen.running = false;
    return {
      longestTaskMs: Math.max(0, ...seen.tasks),
      feltTasks: seen.tasks.length,
      frames: seen.frames,
      dropped: seen.dropped,
    };
  });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Forty tiles with twenty frames a second for ten seconds; beside it the same page left alone, to know the machine. */
export const run = async (): Promise<readonly BenchRow[]> => {
  const bench = await startDashboardBench('product');
  try {
    const visit = await bench.open();
    const { map, tiles } = fortyRoom(Date.now());
    const { server } = bench;
    server.rooms = [roomSummary(Date.now(), map)];
    server.tiles = [...tiles];
    server.incidents = [];
    await visit.enterRoom();
    await pause(1_000);

    await watch(visit);
    await pause(SECONDS * 1_000);
    const idle = await stopWatching(visit);

    const next = (turn: number): { tiles: Tile[]; incidents: IncidentView[] } => {
      const now = Date.now();
      const incidents: IncidentView[] = [];
      const changed = Array.from({ length: TILES_PER_FRAME }, (_, i) => {
        const tile = tiles[(turn * TILES_PER_FRAME + i) % tiles.length];
        if (tile === undefined) throw new Error('the room is empty');
        const answered = (tile.answered + turn) % 40;
        const latencyMs = 10 + ((turn * 7 + i) % 80);
        if (turn % FRAMES_PER_SECOND !== i) return { ...tile, answered, latencyMs };
        const lastIncident = incident(tile.attemptId, 'turned-away', now, {
          agoMs: turn,
          stills: 2,
        });
        incidents.push(lastIncident);
        return { ...tile, answered, latencyMs, lastIncident };
      });
      return { tiles: changed, incidents };
    };
    await watch(visit);
    const began = performance.now();
    for (let turn = 0; turn < FRAMES_PER_SECOND * SECONDS; turn++) {
      server.frame(next(turn));
      const due = began + ((turn + 1) * 1_000) / FRAMES_PER_SECOND;
      await pause(Math.max(0, due - performance.now()));
    }
    const busy = await stopWatching(visit);
    const shown = await visit.page.locator('[data-incident-id]').count();
    if (shown === 0) throw new Error('The frames did not arrive: nothing was measured');

    const under = `40 tiles, ${FRAMES_PER_SECOND} frames/s`;
    return [
      {
        name: `dashboard, ${under}: longest task`,
        value: busy.longestTaskMs,
        unit: 'ms (0: none over 50)',
        goal: `none over ${FELT_MS} ms`,
        ok: busy.longestTaskMs <= FELT_MS,
      },
      {
        name: `dashboard, ${under}: tasks over ${FELT_MS} ms`,
        value: busy.feltTasks,
        unit: 'tasks',
      },
      {
        name: `dashboard, ${under}: pictures left out`,
        value: (busy.dropped / Math.max(1, busy.frames)) * 100,
        unit: '%',
      },
      {
        name: 'dashboard left alone: pictures left out',
        value: (idle.dropped / Math.max(1, idle.frames)) * 100,
        unit: '%',
      },
      {
        name: 'dashboard left alone: longest task',
        value: idle.longestTaskMs,
        unit: 'ms (0: none over 50)',
      },
    ];
  } finally {
    await bench.stop();
  }
};
