import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type WaysOut, watchWaysOut } from '#electron/kiosk/ways-out.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A program whose ways out are watched, and what came of each. */
const program = ({ locked = true, close = async (): Promise<void> => undefined } = {}) => {
  const told: string[] = [];
  const app = Object.assign(new EventEmitter(), {
    quit: () => told.push('quit'),
    exit: (code: number) => told.push(`exit ${code}`),
  });
  const window = Object.assign(new EventEmitter(), {
    isDestroyed: () => false,
    isMinimized: () => true,
    restore: () => told.push('restore'),
    focus: () => told.push('focus'),
  });
  const powerMonitor = new EventEmitter();
  const process_ = new EventEmitter();
  const ways = {
    app,
    window,
    powerMonitor,
    process: process_,
    locked: () => locked,
    stated: (kind: string, facts: object) => told.push([kind, ...Object.values(facts)].join(' ')),
    close: () => {
      told.push('close');
      return close();
    },
  };
  watchWaysOut(ways as unknown as WaysOut);
  /** @returns whether the event was prevented. */
  const emit = (emitter: EventEmitter, name: string): boolean => {
    let prevented = false;
    emitter.emit(name, {
      preventDefault: () => {
        prevented = true;
      },
    });
    return prevented;
  };
  return { told, app, window, powerMonitor, process: process_, emit };
};

test.each([
  ['close', 'window', 'outside-input close-window'],
  ['before-quit', 'app', 'outside-input quit'],
] as const)('locked: %s is refused and on record', (event, part, entry) => {
  const kiosk = program();
  expect(kiosk.emit(kiosk[part], event)).toBe(true);
  expect(kiosk.told).toEqual([entry]);
});

test('not locked: the window closes, everything is written, then the program ends', async () => {
  const kiosk = program({ locked: false });
  expect(kiosk.emit(kiosk.window, 'close')).toBe(false);
  kiosk.app.emit('window-all-closed');
  expect(kiosk.emit(kiosk.app, 'before-quit')).toBe(false);
  expect(kiosk.emit(kiosk.app, 'will-quit')).toBe(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(kiosk.told).toEqual(['quit', 'close', 'quit']);
  expect(kiosk.emit(kiosk.app, 'will-quit')).toBe(false);
});

describe('the system ends the program, locked or not', () => {
  const cases = [
    ['process', 'SIGTERM', 'sigterm', false],
    ['process', 'SIGINT', 'sigint', false],
    ['process', 'SIGHUP', 'sighup', false],
    ['powerMonitor', 'shutdown', 'shutdown', true],
    ['window', 'query-session-end', 'session-end', true],
    ['window', 'session-end', 'session-end', false],
  ] as const;
  test.each(cases)('%s %s', async (part, event, action, waits) => {
    const kiosk = program();
    expect(kiosk.emit(kiosk[part], event)).toBe(waits);
    // Twice, and in other ways too, is still once.
    kiosk.emit(kiosk[part], event);
    kiosk.process.emit('SIGTERM');
    expect(kiosk.emit(kiosk.app, 'before-quit')).toBe(false);
    expect(kiosk.emit(kiosk.window, 'close')).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(kiosk.told).toEqual([`power ${action}`, 'close', 'exit 0']);
  });

  test('what cannot be closed does not hold the system up', async () => {
    const kiosk = program({ close: () => new Promise(() => undefined) });
    kiosk.process.emit('SIGTERM');
    // Three tools that hang, 5 s each, and what a slow machine needs beside.
    await vi.advanceTimersByTimeAsync(25_000);
    expect(kiosk.told).not.toContain('exit 0');
    await vi.advanceTimersByTimeAsync(6_000);
    expect(kiosk.told).toContain('exit 0');
  });

  test('nor does what fails to close', async () => {
    const printed = vi.spyOn(console, 'error').mockReturnValue();
    const kiosk = program({ close: () => Promise.reject(new Error('disk')) });
    kiosk.process.emit('SIGTERM');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(kiosk.told).toContain('exit 0');
    expect(printed).toHaveBeenCalledOnce();
    printed.mockRestore();
  });
});

test('a second start brings the window back and is on record', () => {
  const kiosk = program();
  kiosk.app.emit('second-instance', {}, [], '');
  expect(kiosk.told).toEqual(['outside-input second-instance', 'restore', 'focus']);
});
