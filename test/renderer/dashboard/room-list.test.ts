import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRoomList, type RoomList } from '#renderer/dashboard/room/room-list.ts';
import { type AppStore, createAppStore, SIGNED_OUT } from '#renderer/dashboard/shell/app-store.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { RoomSummary, StaffProfile } from '#shared/wire/dashboard.ts';
import { roomSummary } from './room-data.ts';

type Answer = Result<readonly RoomSummary[], Problem>;

const ROOMS = [roomSummary(0)];
const OFFLINE = fail({ code: 'offline' } as const);
const person = (id: string): StaffProfile => ({
  id,
  name: id,
  role: 'proctor',
  timeZone: 'America/Guayaquil',
});

let app: AppStore;
let list: RoomList;
/** Requests under way, oldest first: the test answers them. */
let waiting: ((answer: Answer) => void)[];
let visible: boolean;
let unwatch: () => void;
let refused: Problem[];

beforeEach(() => {
  vi.useFakeTimers();
  app = createAppStore(false);
  app.setState({ ...SIGNED_OUT, stage: 'signed-in', me: person('one') });
  waiting = [];
  visible = true;
  refused = [];
  list = createRoomList({
    api: {
      rooms: () => new Promise((resolve) => waiting.push(resolve)),
      health: () => Promise.resolve(ok({ status: 'ok', serverTime: Date.now(), protocol: 1 })),
    },
    app,
    clock: { now: () => Date.now(), hear: () => undefined },
    visible: () => visible,
    onEnded: (problem) => refused.push(problem),
  });
  unwatch = list.watch();
});
afterEach(() => {
  list.stop();
  vi.useRealTimers();
});

const answer = async (what: Answer): Promise<void> => {
  const resolve = waiting.shift();
  if (resolve === undefined) throw new Error('nobody asked');
  resolve(what);
  await vi.advanceTimersByTimeAsync(0);
};
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('what is on screen', () => {
  test('is nothing until the first list, and then the last list until a newer one', async () => {
    void list.load();
    expect(list.store.getState()).toMatchObject({ rooms: null, busy: true });
    await answer(ok(ROOMS));
    expect(list.store.getState()).toMatchObject({ rooms: ROOMS, busy: false, problem: null });
    void list.load();
    expect(list.store.getState()).toMatchObject({ rooms: ROOMS, busy: true });
    await answer(OFFLINE);
    expect(list.store.getState()).toMatchObject({ rooms: ROOMS, problem: { code: 'offline' } });
    void list.load();
    expect(list.store.getState().problem, 'stays while it is asked').not.toBeNull();
    await answer(ok([]));
    expect(list.store.getState()).toMatchObject({ rooms: [], problem: null, retryAt: null });
  });

  test('is never what was meant for the person before', async () => {
    void list.load();
    app.setState({ ...SIGNED_OUT, stage: 'signed-in', me: person('two') });
    void list.load();
    expect(waiting).toHaveLength(2);
    await answer(ok(ROOMS));
    expect(list.store.getState()).toMatchObject({ rooms: null, busy: true });
    await answer(ok([]));
    expect(list.store.getState().rooms).toEqual([]);
    app.setState(SIGNED_OUT);
    expect(list.store.getState()).toMatchObject({ rooms: null, at: null, arrived: false });
  });
});

describe('when it asks', () => {
  test('is at once when somebody comes to look, but not for a list of a moment ago', async () => {
    expect(waiting).toHaveLength(1);
    await answer(ok(ROOMS));
    unwatch();
    await pass(2_999);
    list.watch();
    expect(waiting).toHaveLength(0);
    await pass(1);
    list.watch();
    expect(waiting).toHaveLength(1);
  });

  test('is once for all who ask meanwhile', async () => {
    void list.load();
    void list.load();
    list.wake();
    expect(waiting).toHaveLength(1);
    await answer(ok(ROOMS));
    void list.load();
    expect(waiting).toHaveLength(1);
  });

  test('is on waking, but not for a list of a moment ago', async () => {
    list.wake();
    await answer(ok(ROOMS));
    list.wake();
    expect(waiting).toHaveLength(0);
    await pass(3_000);
    list.wake();
    expect(waiting).toHaveLength(1);
    await answer(OFFLINE);
    list.wake();
    expect(waiting, 'after a failure at once').toHaveLength(1);
  });

  test('is each minute while it is looked at', async () => {
    list.wake();
    await answer(ok(ROOMS));
    await pass(59_999);
    expect(waiting).toHaveLength(0);
    await pass(1);
    expect(waiting).toHaveLength(1);
  });

  const teaches = { id: 'x', name: 'x', role: 'exam-author', timeZone: 'UTC' } as const;
  test.each([
    ['where nobody looks at it', () => unwatch()],
    ['signed out', () => app.setState(SIGNED_OUT)],
    ['in a role that watches nothing', () => app.setState({ me: teaches })],
  ])('is never by itself %s', async (_where, leave) => {
    list.wake();
    await answer(ok(ROOMS));
    leave();
    await pass(200_000);
    list.wake();
    expect(waiting).toHaveLength(0);
  });

  test('is not out of sight, and at once on coming back', async () => {
    list.wake();
    await answer(ok(ROOMS));
    visible = false;
    await pass(200_000);
    expect(waiting).toHaveLength(0);
    visible = true;
    list.wake();
    expect(waiting).toHaveLength(1);
  });

  test('is never after it was stopped', async () => {
    list.wake();
    await answer(OFFLINE);
    list.stop();
    await pass(200_000);
    expect(waiting).toHaveLength(0);
  });
});

describe('after a failure', () => {
  test('it asks again with growing waits, says when, and begins anew after a success', async () => {
    const waits: number[] = [];
    list.wake();
    for (let i = 0; i < 8; i += 1) {
      await answer(OFFLINE);
      const wait = (list.store.getState().retryAt ?? 0) - Date.now();
      waits.push(wait);
      await pass(wait - 1);
      expect(waiting).toHaveLength(0);
      await pass(1);
      expect(waiting).toHaveLength(1);
    }
    expect(waits[0]).toBe(2_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(7_500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
    await answer(ok(ROOMS));
    void list.load();
    await answer(OFFLINE);
    expect((list.store.getState().retryAt ?? 0) - Date.now()).toBe(2_000);
  });

  test('it waits as long as the server says', async () => {
    list.wake();
    await answer(fail({ code: 'rate-limited', retryAfterMs: 30_000 }));
    await pass(29_999);
    expect(waiting).toHaveLength(0);
    await pass(1);
    expect(waiting).toHaveLength(1);
  });

  test.each(['forbidden', 'bad-request', 'protocol-version'] as const)(
    'it leaves %s to the person',
    async (code) => {
      list.wake();
      await answer(fail({ code }));
      expect(list.store.getState()).toMatchObject({ problem: { code }, retryAt: null });
      await pass(200_000);
      expect(waiting).toHaveLength(0);
    },
  );

  test('it goes to the log-in when the session is over', async () => {
    list.wake();
    await answer(fail({ code: 'unauthorised' }));
    expect(refused).toEqual([{ code: 'unauthorised' }]);
    expect(list.store.getState().problem).toBeNull();
    await pass(200_000);
    expect(waiting).toHaveLength(0);
  });
});
