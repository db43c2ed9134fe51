import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from '@playwright/test';
import type { IncidentView } from '#shared/wire/dashboard.ts';
import { electronKind } from '#test/support/electron-launch.ts';
import {
  type DesktopSeat,
  type ExamRoom,
  openExamRoom,
  takeDesktopSeat,
} from '#test/support/exam-room.ts';
import { chromiumPath, launchArgs } from '#tools/chromium.ts';
import { openRoom } from '#tools/demo/open-room.ts';
import { paintedAt, watchPixels } from '#tools/demo/pixel-watch.ts';
import type { BenchRow } from './bench-row.ts';

const ROUNDS = 20;
/** How long one incident may take to be seen before the measurement is given up, ms. */
const PATIENCE_MS = 15_000;

const percentile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? Number.NaN;

interface Stage {
  readonly room: ExamRoom;
  readonly seat: DesktopSeat;
  readonly dashboard: Page;
}

/** Does `act` and waits for its incident on the dashboard. @returns from the fact to the pixel, ms. */
const measure = async (stage: Stage, act: () => Promise<void>): Promise<number> => {
  const { room, seat, dashboard } = stage;
  const before = new Set(Object.keys(await paintedAt(dashboard)));
  await act();
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const painted = Object.entries(await paintedAt(dashboard)).find(
      ([id, at]) => !before.has(id) && Number.isFinite(at),
    );
    if (painted !== undefined) {
      const attemptId = (await seat.ledger())[0]?.attemptId ?? '';
      const { incidents } = await room.record.detail(attemptId);
      const incident = incidents.find(({ id }) => id === painted[0]);
      if (incident === undefined) throw new Error(`no incident ${painted[0]} on the server`);
      await forgive(stage, attemptId, incident);
      return painted[1] - incident.startedAt;
    }
    if (Date.now() > deadline) throw new Error('the incident never came to the dashboard');
    await sleep(50);
  }
};

/** The third copy attempt would end the exam, and with it the measurement. */
const forgive = async (
  { room }: Stage,
  attemptId: string,
  incident: IncidentView,
): Promise<void> => {
  if (incident.copyAttempt === null) return;
  await room.record.command(attemptId, {
    type: 'dismiss',
    incidentId: incident.id,
    reason: 'Medición de tiempos',
  });
};

/** From a fact at a desktop kiosk to its incident painted on the proctor's dashboard. */
export const run = async (): Promise<readonly BenchRow[]> => {
  const room = await openExamRoom();
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [...launchArgs],
  });
  let seat: DesktopSeat | null = null;
  try {
    const dashboard = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await watchPixels(dashboard);
    await openRoom(dashboard, room.server.origin, room.server.credentials);
    seat = await takeDesktopSeat(room);
    await seat.examinee.signIn(room.nextExaminee());
    await seat.examinee.goToExam();
    const stage = { room, seat, dashboard };
    const { desktop } = seat;
    const keys: number[] = [];
    const thefts: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      keys.push(await measure(stage, () => desktop.key('F12')));
      await sleep(1_500);
      thefts.push(
        await measure(stage, async () => {
          const thief = await desktop.steal();
          await sleep(1_000);
          await thief.release();
        }),
      );
      await sleep(1_500);
    }
    const on = electronKind() === 'electron' ? 'Electron' : 'the stand-in';
    const row = (what: string, times: readonly number[], goalMs: number): BenchRow[] => {
      const p95 = percentile(times, 0.95);
      return [
        { name: `${what}, p50, on ${on}`, value: percentile(times, 0.5), unit: 'ms' },
        {
          name: `${what}, p95, on ${on}`,
          value: p95,
          unit: 'ms',
          goal: `under ${goalMs} ms`,
          ok: p95 < goalMs,
        },
      ];
    };
    return [...row('blocked key to pixel', keys, 500), ...row('focus theft to pixel', thefts, 700)];
  } finally {
    await seat?.close();
    await browser.close();
    await room.close();
  }
};
