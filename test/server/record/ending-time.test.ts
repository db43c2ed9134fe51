import { expect, test } from 'vitest';
import {
  asStored,
  decidedOf,
  endedNow,
  isOver,
  timeLeftWith,
  timeToGoOn,
} from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { StoredCommand } from '#server/record/ports.ts';
import { type AttemptState, EMPTY_ATTEMPT, remainingMs } from '#shared/attempt/attempt-state.ts';
import { dismiss } from '#shared/attempt/dismissal.ts';
import { objectionTo } from '#shared/attempt/order-objection.ts';
import type { DismissCommand } from '#shared/wire/command.ts';

// What somebody goes on with elsewhere is what the machine would have given, had it lived: over orders of dismissals with and
// without minutes, of the same copy attempt again, heard by the machine or not, and a decision of staff anywhere between.

const MINUTE = 60_000;
const CLOSED_T = 20 * MINUTE;

/** Closed at the limit with so many that stand, and so much time left. */
const closed = (standing: number, leftMs: number): AttemptState => ({
  ...EMPTY_ATTEMPT,
  phase: 'closed',
  closedBy: 'copy-attempts',
  closedT: CLOSED_T,
  startedT: 0,
  durationMs: CLOSED_T + leftMs,
  shiftEndsT: 200 * MINUTE,
  stoppedSinceT: CLOSED_T,
  t: CLOSED_T,
  copyAttempts: standing,
  incidents: Array.from({ length: standing }, (_, n) => ({
    id: `incident-${n}` as never,
    kind: 'clipboard' as const,
    startedT: n,
    openedT: n,
    endedT: n,
    counted: true,
    episodeId: `episode-${n}` as never,
    facts: {},
    evidence: [],
    copyAttempt: n + 1,
    acknowledged: false,
    objection: null,
    dismissed: null,
  })),
});

type Step = readonly [incident: number, minutes: number];

const dismissalOf = ([n, minutes]: Step): DismissCommand => ({
  type: 'dismiss',
  incidentId: `incident-${n}` as never,
  reason: 'xxx',
  ...(minutes > 0 ? { extraMs: minutes * MINUTE } : {}),
});
const takes = (state: AttemptState, command: DismissCommand): AttemptState =>
  objectionTo(command, state) === null ? dismiss(state, command, 'xxx', state.t) : state;

/** What the server has after these steps, with decisions of staff before the steps of these numbers. */
const served = (
  from: AttemptState,
  steps: readonly Step[],
  ends: readonly number[],
  heard: number,
) => {
  let attempt = {
    state: from,
    commands: new Map(),
    presence: { heardAt: null },
    wallOffset: null,
  } as unknown as LiveAttempt;
  const stored: StoredCommand[] = [];
  const store = (command: StoredCommand['issued']['command'], more: Partial<StoredCommand>) => {
    const issued = {
      id: `command-${stored.length}`,
      issuedAt: stored.length,
      issuedBy: { name: 'xxx' },
      command,
    };
    stored.push({ issued: issued as unknown as StoredCommand['issued'], state: 'sent', ...more });
    attempt = asStored(attempt, stored);
  };
  for (const [n, step] of [...steps, null].entries()) {
    if (ends.includes(n))
      store({ type: 'close', reason: 'xxx', ending: 'let-go' }, { ended: endedNow(attempt) });
    if (step === null) break;
    const order = dismissalOf(step);
    const ended = ends.some((at) => at <= n);
    const command = ended ? { ...order, reopens: false as const } : order;
    // The machine hears what comes before staff end it: as long as nothing of it reopens the exam.
    const state =
      n < heard && !ended
        ? objectionTo(command, attempt.state) === null
          ? 'applied'
          : 'rejected'
        : 'sent';
    store(command, { state, leftMs: timeLeftWith(attempt, command) });
    if (state === 'applied') attempt = { ...attempt, state: takes(attempt.state, command) };
  }
  return attempt;
};

const sequences = (length: number, of: readonly Step[]): readonly (readonly Step[])[] =>
  length === 0
    ? [[]]
    : sequences(length - 1, of).flatMap((one) => of.map((step) => [...one, step]));

test.each([
  [3, 30],
  [4, 30],
  // Closed in its last moment: minutes are all that anybody gives.
  [3, 0],
])(
  'with %i that stand and %i minutes left: as the machine itself would have given it',
  (standing, minutes) => {
    const from = closed(standing, minutes * MINUTE);
    const steps: Step[] = [0, 1].flatMap((n): Step[] => [
      [n, 0],
      [n, 3 + 2 * n],
      [n, 8 + n],
    ]);
    let reopened = 0;
    for (const length of [0, 1, 2, 3])
      for (const sequence of sequences(length, steps)) {
        const living = sequence.map(dismissalOf).reduce(takes, from);
        for (let first = 0; first <= length; first += 1)
          for (let second = first; second <= length; second += 1)
            for (let heard = 0; heard <= first; heard += 1) {
              // Once the exam runs again on the machine, its time runs too: that is no case of this table.
              if (sequence.slice(0, heard).map(dismissalOf).reduce(takes, from).phase !== 'closed')
                continue;
              const attempt = served(from, sequence, [first, second], heard);
              const told = JSON.stringify({ sequence, first, second, heard });
              if (minutes > 0)
                expect(isOver(decidedOf(attempt)), told).toBe(living.phase === 'closed');
              if (living.phase === 'closed') continue;
              reopened += 1;
              expect(timeToGoOn(attempt), told).toBe(remainingMs(living, living.t));
            }
      }
    expect(reopened).toBeGreaterThan(1_000);
  },
);
