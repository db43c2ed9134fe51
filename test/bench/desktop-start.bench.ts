import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { electronKind } from '#test/support/electron-launch.ts';
import { words } from '#test/support/exam/kiosk-words.ts';
import { type DesktopSeat, openExamRoom, takeDesktopSeat } from '#test/support/exam-room.ts';
import { liveProcesses } from '#test/support/processes.ts';
import type { BenchRow } from './bench-row.ts';

const RUNS = 5;
/** Time for caches and the detector's models to settle before memory is read, ms. */
const SETTLE_MS = 10_000;

/** Memory that only this process holds, and its share of what it shares (PSS), MB. Linux only. */
const memoryMb = (pid: number): number => {
  const kb = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1];
  return Number(kb) / 1024;
};

/** The main process and the page's process. */
const mainAndPageMb = (seat: DesktopSeat): number => {
  const main = seat.kiosk.app.process().pid ?? 0;
  const pages = liveProcesses(
    ({ group, args }) => group === main && args.includes('--type=renderer'),
  ).map(({ pid }) => memoryMb(pid));
  // Chromium keeps a spare page process; the kiosk's is the big one.
  return memoryMb(main) + Math.max(0, ...pages);
};

/** From the start of the desktop kiosk's process to a sign-in field that takes letters, and what it needs in memory. */
export const run = async (): Promise<readonly BenchRow[]> => {
  const room = await openExamRoom();
  let seat: DesktopSeat | null = null;
  try {
    seat = await takeDesktopSeat(room);
    const times: number[] = [];
    for (let i = 0; i < RUNS; i += 1) {
      await seat.kill();
      const began = performance.now();
      await seat.start();
      await seat.kiosk.page.getByLabel(words.signIn.document).fill('0');
      times.push(performance.now() - began);
    }
    const startMs = times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
    await sleep(SETTLE_MS);
    const before = mainAndPageMb(seat);
    await seat.kiosk.page.getByLabel(words.signIn.document).fill('');
    await seat.examinee.signIn(room.nextExaminee());
    await seat.examinee.goToExam();
    await sleep(SETTLE_MS);
    const withCamera = mainAndPageMb(seat);
    const on = electronKind() === 'electron' ? 'Electron' : 'the stand-in';
    const row = (name: string, value: number, unit: string, most: number): BenchRow => ({
      name: `${name}, on ${on}`,
      value,
      unit,
      goal: `under ${most} ${unit}`,
      ok: value < most,
    });
    return [
      row('desktop kiosk ready for sign-in', startMs, 'ms', 2_500),
      row('main process and page before the camera', before, 'MB', 300),
      row('main process and page with the camera', withCamera, 'MB', 550),
    ];
  } finally {
    await seat?.close();
    await room.close();
  }
};
