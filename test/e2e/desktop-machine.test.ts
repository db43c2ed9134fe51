import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import { NEXT_ACT_MS } from '#test/support/exam/room-data.ts';
import {
  type DesktopSeat,
  type ExamRoom,
  openExamRoom,
  takeDesktopSeat,
} from '#test/support/exam-room.ts';

const run = promisify(execFile);
/** The machine may be busy with something else. */
const PATIENCE_MS = 30_000;
const eventually = <T>(read: () => T, { interval = 100 } = {}) =>
  expect.poll(read, { timeout: PATIENCE_MS, interval });
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let room: ExamRoom;
let seat: DesktopSeat;
const started: ChildProcess[] = [];
beforeAll(async () => {
  room = await openExamRoom();
  seat = await takeDesktopSeat(room);
  await seat.examinee.signIn(room.nextExaminee());
  await seat.examinee.goToExam();
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await seat?.close();
  await room?.close();
});

interface Stated {
  readonly kind: string;
  readonly phase: string;
  readonly facts: Readonly<Record<string, unknown>>;
}
const stated = (): readonly Stated[] =>
  seat
    .ledger()
    .filter(({ type }) => type === 'observation')
    .map(({ data }) => data as unknown as Stated);
/** What was stated while `act` ran, and until `looks` finds what it waits for. */
const during = async (act: () => Promise<unknown>): Promise<() => readonly Stated[]> => {
  const before = stated().length;
  await act();
  return () => stated().slice(before);
};
const power = (...events: readonly string[]): Promise<unknown> =>
  seat.kiosk.app.evaluate(({ powerMonitor }, names) => {
    for (const name of names) powerMonitor.emit(name);
  }, events);

const state = () => seat.ledger().reduce(applyEntry, EMPTY_ATTEMPT);
const last = (kind: IncidentKind) => state().incidents.findLast((one) => one.kind === kind);
/** Starts a copy of a program under another name on the examinee's desktop. @returns how to end it. */
const startAs = (name: string, program: string, ...args: readonly string[]): (() => void) => {
  const copy = join(room.newFolder('programs'), name);
  copyFileSync(program, copy);
  const env = { ...process.env, ...seat.desktop.env };
  const child = spawn(copy, args, { env, stdio: 'ignore' });
  started.push(child);
  return () => child.kill('SIGKILL');
};
/** It counted; it ends, and the proctor takes the copy attempt back, so that the exam goes on. */
const endAndDismiss = async (kind: IncidentKind, end: () => void): Promise<void> => {
  await seat.examinee.seeNotice(1);
  end();
  await eventually(() => last(kind)?.endedT).toBeTypeOf('number');
  await seat.examinee.acknowledge();
  const incidentId = last(kind)?.id;
  if (incidentId === undefined) throw new Error(`no ${kind}`);
  const attemptId = seat.ledger()[0]?.attemptId ?? '';
  await room.record.command(attemptId, { type: 'dismiss', incidentId, reason: 'Simulacro' });
  await eventually(() => state().copyAttempts).toBe(0);
  // What comes sooner would be part of the same act, and count no second time.
  await sleep(NEXT_ACT_MS);
};

/** Notes when keys come to the program, and how late its own timers are meanwhile. */
const listenToKeys = (): Promise<void> =>
  seat.kiosk.app.evaluate(({ BrowserWindow }) => {
    const heard = { keys: [] as number[], lateMs: 0 };
    Object.assign(globalThis, { heard });
    const everyMs = 20;
    let dueMs = performance.now() + everyMs;
    setInterval(() => {
      heard.lateMs = Math.max(heard.lateMs, performance.now() - dueMs);
      dueMs = performance.now() + everyMs;
    }, everyMs).unref();
    BrowserWindow.getAllWindows()[0]?.webContents.on('before-input-event', (_, input) => {
      if (input.type === 'keyDown') heard.keys.push(performance.now());
    });
  });
/**
 * How the 60 keys that were typed came to the program. A busy machine hands them over at its own pace (the stand-in asks for
 * each one over the page's network), and such times say nothing about who typed.
 */
type Heard = 'as-typed' | 'slowly' | 'unclear';
const howHeard = async (): Promise<Heard> => {
  const read = (forget: boolean) =>
    seat.kiosk.app.evaluate((_, last) => {
      const { heard } = globalThis as unknown as { heard: { keys: number[]; lateMs: number } };
      const now = { keys: heard.keys, lateMs: heard.lateMs };
      if (last) Object.assign(heard, { keys: [], lateMs: 0 });
      return now;
    }, forget);
  await eventually(async () => (await read(false)).keys.length).toBe(60);
  // The statement takes its way to the disk, and the next keys are another run.
  await sleep(1_500);
  const { keys, lateMs } = await read(true);
  const gaps = keys.slice(1).map((at, i) => at - (keys[i] ?? at));
  const middles = gaps.toSorted((a, b) => a - b).slice(Math.floor(gaps.length / 2));
  const [median = 0] = middles;
  if (lateMs < 100 && median > 2 && median < 10 && Math.max(...gaps) < 50) return 'as-typed';
  return gaps.filter((gap) => gap < 13).length < 12 ? 'slowly' : 'unclear';
};

describe('what the machine tells during an exam', () => {
  test('a machine in order blocks nobody, and says what it does not watch', () => {
    const checked = seat.ledger().find(({ type }) => type === 'device-checked');
    const results = checked?.data.results as readonly { requirement: string; outcome: string }[];
    const outcome = Object.fromEntries(results.map((one) => [one.requirement, one.outcome]));
    expect(outcome).toMatchObject({ display: 'ok' });
    // This machine may have no USB, no PipeWire and no log-in service: then it says so, and nobody is blocked.
    for (const line of ['peripherals', 'capture', 'users'])
      expect(['ok', 'not-watched']).toContain(outcome[line]);
    const opened = seat.ledger().find(({ type }) => type === 'attempt-opened');
    expect(opened?.data).toMatchObject({ coverage: { 'extra-display': { level: 'detected' } } });
  });

  test('a key that the window manager takes is seen outside the window, once', async () => {
    const said = await during(() => seat.desktop.key('alt+F4'));
    await eventually(() => said().map(({ facts }) => facts.shortcut)).toEqual(
      expect.arrayContaining(['close-window', 'alt+f4']),
    );
    await sleep(1_000);
    const hooked = said().filter(({ facts }) => facts.outsideWindow === true);
    expect(hooked.map(({ kind, facts }) => [kind, facts.shortcut])).toEqual([
      ['outside-input', 'alt+f4'],
    ]);
  });

  test('a key that the window tells of is not told of twice', async () => {
    const said = await during(() => seat.desktop.key('F12'));
    await eventually(() => said().map(({ facts }) => facts.shortcut)).toContain('f12');
    await sleep(1_000);
    expect(said()).toHaveLength(1);
    // A blocked way out changed nothing: people look at it, it does not count.
    expect(last('outside-input')).toMatchObject({ counted: false });
    expect(state().copyAttempts).toBe(0);
  });

  test('keys at the speed of a device are for people to review', async ({ skip }) => {
    const said = await during(async () => undefined);
    const isStated = (): boolean => said().some(({ facts }) => facts.cause === 'typing-speed');
    await listenToKeys();
    let heard: Heard = 'unclear';
    for (let tries = 0; tries < 3 && heard !== 'as-typed'; tries += 1) {
      await run('xdotool', ['type', '--delay', '6', 'z'.repeat(60)], {
        env: { ...process.env, ...seat.desktop.env },
      });
      heard = await howHeard();
      if (heard === 'slowly') expect(isStated()).toBe(false);
    }
    if (heard !== 'as-typed') skip('this machine never handed over 60 keys as fast as typed');
    await eventually(isStated).toBe(true);
    expect(said().map(({ kind }) => kind)).not.toContain('peripheral');
  });

  test('a forbidden program under its own name counts, also without a window', async () => {
    const end = startAs('obs', '/bin/sleep', '600');
    await eventually(() => last('forbidden-app')?.facts.program).toBe('OBS Studio');
    expect(last('forbidden-app')).toMatchObject({ counted: true });
    await endAndDismiss('forbidden-app', end);
  });

  test('a window over the exam that takes no focus counts: no blur ever comes', async () => {
    const look = ['-xrm', '*overrideRedirect: true', '-geometry', '500x200+200+200', 'Respuestas'];
    const end = startAs('notas', '/usr/bin/xmessage', ...look);
    await eventually(() => last('forbidden-app')?.facts.overlay).toBe(true);
    expect(stated().map(({ kind }) => kind)).not.toContain('focus-lost');
    await endAndDismiss('forbidden-app', end);
  });

  test('an image in the clipboard is a screenshot, and is gone', async () => {
    // Not among the first tests: what is there in the first seconds may be what a clipboard manager put back.
    const said = await during(() =>
      seat.kiosk.app.evaluate(({ clipboard, ClipboardItem }) =>
        clipboard.write([new ClipboardItem({ 'image/png': '' })]),
      ),
    );
    await eventually(() => said().map(({ kind, facts }) => `${kind} ${facts.cause}`)).toContain(
      'screenshot clipboard-image',
    );
    expect(await seat.kiosk.app.evaluate(({ clipboard }) => clipboard.has('image/png'))).toBe(
      false,
    );
    await endAndDismiss('screenshot', () => undefined);
  });

  test('nothing else was counted, and the server has all of it, whole', async () => {
    const counted = state().incidents.filter((one) => one.counted);
    expect(counted.map(({ kind }) => kind)).toEqual([
      'forbidden-app',
      'forbidden-app',
      'screenshot',
    ]);
    const id = seat.ledger()[0]?.attemptId ?? '';
    await eventually(async () => (await room.record.bundle(id)).entries).toEqual(seat.ledger());
    await eventually(async () => (await room.record.report(id)).firstBroken).toBeNull();
  });

  test('a machine that sleeps is not an examinee who left', async () => {
    const said = await during(async () => {
      await power('lock-screen', 'suspend');
      const thief = await seat.desktop.steal();
      await sleep(1_000);
      await power('resume');
      await sleep(1_000);
      await thief.release();
      await power('unlock-screen');
      await sleep(1_000);
    });
    const words = said().map(({ kind, phase }) => `${phase} ${kind}`);
    expect(words).toEqual(expect.arrayContaining(['began power', 'ended power', 'ended platform']));
    expect(words.filter((one) => one.endsWith('focus-lost'))).toEqual([]);
  });
});
