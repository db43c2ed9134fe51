import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DesktopSeat,
  type ExamRoom,
  openExamRoom,
  takeDesktopSeat,
} from '#test/support/exam-room.ts';

const run = promisify(execFile);
/** The machine may be busy with something else. */
const PATIENCE_MS = 30_000;
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: PATIENCE_MS, interval: 100 });
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let room: ExamRoom;
let seat: DesktopSeat;
beforeAll(async () => {
  room = await openExamRoom();
  seat = await takeDesktopSeat(room);
  await seat.examinee.signIn(room.nextExaminee());
  await seat.examinee.goToExam();
});
afterAll(async () => {
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
  });

  test('keys at the speed of a device are for people to review', async () => {
    const said = await during(() =>
      run('xdotool', ['type', '--delay', '6', 'z'.repeat(60)], {
        env: { ...process.env, ...seat.desktop.env },
      }),
    );
    await eventually(() => said().map(({ facts }) => facts.cause)).toContain('typing-speed');
    expect(said().map(({ kind }) => kind)).not.toContain('peripheral');
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

  test('an image in the clipboard is a screenshot, and is gone', async () => {
    // The lockdown emptied it long ago, and what a clipboard manager would put back came at once.
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
    await seat.examinee.seeNotice(1);
    await seat.examinee.acknowledge();
  });
});
