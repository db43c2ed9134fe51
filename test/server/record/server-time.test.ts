import { expect, test } from 'vitest';
import {
  type Folded,
  foldEntry,
  NOTHING_FOLDED,
  serverTimeOf,
} from '#server/record/attempt-fold.ts';
import type { Registration } from '#server/record/registry-ports.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';

const BEGAN = Date.UTC(2026, 10, 20, 15, 0);

/** Entries by exam time and what the kiosk takes for the server's time. */
const folded = (entries: readonly (readonly [type: string, t: number, wall: number])[]): Folded =>
  entries
    .map(
      ([type, t, wall], i): LedgerEntry => ({
        attemptId: 'attempt-1' as AttemptId,
        // From the second on: the first one brings the rules, which are no matter here.
        seq: i + 2,
        t,
        wall,
        type,
        data: {},
        previous: GENESIS,
        hash: GENESIS,
      }),
    )
    .reduce((all, entry) => foldEntry(all, entry, {} as Registration), NOTHING_FOLDED);

const minute = (n: number) => n * MINUTE;

test('a run that goes on is told by its last estimate', () => {
  const all = folded([
    ['checkpoint', 0, BEGAN],
    ['checkpoint', minute(10), BEGAN + minute(10) + 400],
  ]);
  expect(serverTimeOf(all, minute(5))).toBe(BEGAN + minute(5) + 400);
});

test('estimates of one clock that differ by a moment move nothing that was before', () => {
  const all = folded([
    ['checkpoint', 0, BEGAN],
    ['checkpoint', minute(10), BEGAN + minute(10) + 40],
    ['checkpoint', minute(20), BEGAN + minute(20) - 200],
  ]);
  expect(serverTimeOf(all, minute(15))).toBe(BEGAN + minute(15));
});

test.each([
  // The device's clock runs ahead: exam time goes on by what it says, until the server is heard.
  ['ahead', 2 * 60 * MINUTE],
  // It stands in another year: exam time does not go back, and wall time is far off.
  ['behind', -10_000 * 60 * MINUTE],
])('a machine that came back without a network and with its clock %s', (_how, wrong) => {
  const lost = BEGAN + minute(20);
  const back = lost + minute(2);
  const jump = Math.max(0, minute(2) + wrong);
  const t = minute(20) + jump;
  const start: [string, number, number][] = [
    ['checkpoint', 0, BEGAN],
    ['checkpoint', minute(20), lost],
    ['host-restarted', t, back + wrong],
    // An incident five seconds later, told with the wrong clock.
    ['checkpoint', t + 5 * SECOND, back + wrong + 5 * SECOND],
  ];
  const unheard = folded(start);
  expect(serverTimeOf(unheard, minute(10))).toBe(BEGAN + minute(10));
  const heard = folded([...start, ['checkpoint', t + minute(3), back + minute(3)]]);
  expect(serverTimeOf(heard, t + 5 * SECOND)).toBe(back + 5 * SECOND);
  // What was before the restart stays where it was.
  expect(serverTimeOf(heard, minute(10))).toBe(BEGAN + minute(10));
  expect(serverTimeOf(heard, minute(20) - 1)).toBe(lost - 1);
});

test('a machine that restarts for ever makes nothing grow', () => {
  const steady = folded(
    Array.from({ length: 300 }, (_, i) => ['host-restarted', i * SECOND, BEGAN + i * SECOND]),
  );
  expect(steady.runs).toHaveLength(1);
  const wild = folded(
    Array.from({ length: 300 }, (_, i) => ['host-restarted', i * SECOND, BEGAN + i * 3 * SECOND]),
  );
  expect(wild.runs).toHaveLength(64);
});
