import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallAt } from '#renderer/dashboard/attempt/attempt-detail.ts';
import { retryDelay } from '#renderer/dashboard/live/room-socket.ts';
import { columnTracks, seatGrid, stepFrom } from '#renderer/dashboard/room/seat-grid.ts';
import { onlyPlace } from '#renderer/dashboard/room/sessions.ts';
import { createServerClock } from '#renderer/dashboard/shell/desk-clock.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { everyEntry } from './ledger-data.ts';
import { ROOM, roomSummary, SESSION, seatMap } from './room-data.ts';

const NOW = 1_800_000_000_000;

describe('plan', () => {
  const map = seatMap(3, 5, 2);
  const grid = seatGrid(map, { A1: 'a', A3: 'b', C2: 'c', Z9: 'lost' });
  const taken = grid.seats.filter((seat) => seat.attemptId !== null);
  const at = (id: string) => {
    const seat = taken.find((s) => s.attemptId === id);
    if (seat === undefined) throw new Error(id);
    return seat;
  };

  it('keeps empty seats, and shows seats that the plan does not know', () => {
    expect(grid.seats).toHaveLength(12);
    expect(grid.seats.find((s) => s.label === 'B2')?.attemptId).toBeNull();
    expect(grid.unplaced.map((s) => s.attemptId)).toEqual(['lost']);
  });

  it('makes an aisle of a column without seats', () => {
    expect(
      columnTracks(map)
        .split(' minmax')
        .map((t) => t.includes('1fr')),
    ).toEqual([true, true, false, true, true]);
  });

  it.each([
    ['a', 'right', 'b'],
    ['b', 'left', 'a'],
    ['a', 'left', null],
    ['a', 'down', 'c'],
    ['c', 'up', 'a'],
    ['c', 'first', 'a'],
    ['a', 'last', 'c'],
  ] as const)('from %s %s leads to %s', (from, step, to) => {
    expect(stepFrom(taken, at(from), step)?.attemptId ?? null).toBe(to);
  });

  it('goes straight ahead rather than to a nearer seat aside', () => {
    const seats = seatGrid(seatMap(3, 3, null), {
      A1: 'from',
      C1: 'below',
      B2: 'aside',
    }).seats.filter((s) => s.attemptId !== null);
    const from = seats.find((s) => s.attemptId === 'from');
    expect(from && stepFrom(seats, from, 'down')?.attemptId).toBe('below');
  });
});

describe('sessions', () => {
  const room = roomSummary(NOW);
  const [session] = room.sessions;
  if (session === undefined) throw new Error('no session');

  it('goes straight in only when there is one room with one session now', () => {
    expect(onlyPlace([room], NOW)).toEqual({ roomId: ROOM, sessionId: SESSION });
    expect(onlyPlace([room, room], NOW)).toBeNull();
    expect(onlyPlace([{ ...room, sessions: [session, session] }], NOW)).toBeNull();
    expect(onlyPlace([room], NOW + 500 * MINUTE)).toBeNull();
    expect(onlyPlace([], NOW)).toBeNull();
  });
});

describe('server clock', () => {
  it('keeps the least delayed sample, and follows a clock that was set', () => {
    let mono = 1_000;
    const clock = createServerClock(
      () => mono,
      () => 5_000,
    );
    expect(clock.now()).toBe(5_000);
    clock.hear(100_000);
    expect(clock.now()).toBe(100_000);
    mono += 1_000;
    clock.hear(100_700);
    expect(clock.now(), 'a late message must not set it back').toBe(101_000);
    clock.hear(101_050);
    expect(clock.now()).toBe(101_050);
    clock.hear(60_000);
    expect(clock.now()).toBe(60_000);
  });
});

describe('waits between tries', () => {
  it('grow, spread and stay within ten seconds', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (tries, random) => {
          const wait = retryDelay(tries, random);
          expect(wait).toBeGreaterThanOrEqual(375);
          expect(wait).toBeLessThanOrEqual(10_000);
        },
      ),
    );
    expect(retryDelay(0, 1)).toBe(500);
    expect(retryDelay(3, 1)).toBe(4_000);
    expect(retryDelay(9, 1)).toBe(10_000);
  });
});

describe('the clock of a moment of exam time', () => {
  const [first, second] = everyEntry('attempt-1', NOW);
  if (first === undefined || second === undefined) throw new Error('no entries');
  // The device slept in between: what came after is counted from the entry before it, not from the start.
  const late = { ...second, t: 10 * MINUTE, wall: first.wall + 30 * MINUTE };
  const detail = { entries: [{ ...first, t: 0 }, late] };

  it.each([
    ['of an entry', 10 * MINUTE, 30 * MINUTE],
    ['after an entry', 11 * MINUTE, 31 * MINUTE],
    ['between two', 4 * MINUTE, 4 * MINUTE],
  ])('%s', (_name, t, after) => {
    expect(wallAt(detail, t)).toBe(first.wall + after);
  });

  it('without entries is nothing better than the moment itself', () => {
    expect(wallAt({ entries: [] }, 5)).toBe(5);
  });
});
