import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOTHING_FOLDED } from '#server/record/attempt-fold.ts';
import { ingest } from '#server/record/ingest.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { seal } from '#test/server/harness.ts';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const ID = 'attempt-1' as AttemptId;
const FIRST = 'a'.repeat(64);

/** So many entries after the first. */
const written = (count: number): readonly LedgerEntry[] => {
  const entries: LedgerEntry[] = [];
  for (let seq = 2; seq < count + 2; seq += 1) {
    const previous = entries.at(-1)?.hash ?? FIRST;
    const data = { questionId: `q-${seq}` };
    const draft = {
      attemptId: ID,
      seq,
      t: seq,
      wall: seq,
      type: 'question-visited',
      data,
      previous,
    };
    entries.push(seal(draft, null));
  }
  return entries;
};

test('a turn with little in it rests for as long as the last one took, one with much does not', async () => {
  const attempt = {
    ...NOTHING_FOLDED,
    state: { ...NOTHING_FOLDED.state, seq: 1, hash: FIRST },
    registration: { attemptId: ID },
    presence: {},
    commands: new Map(),
    kept: { seq: 1, bytes: 0 },
    bytes: 0,
  } as unknown as LiveAttempt;
  const stores: PromiseWithResolvers<void>[] = [];
  const silent = (): void => {};
  const { submit } = ingest({
    log: {
      append: () => {
        const store = Promise.withResolvers<void>();
        stores.push(store);
        return store.promise;
      },
    } as never,
    clock: { now: () => 0, steady: () => 0, sleep: async () => {} },
    chain: { broken: silent, gap: silent, full: silent } as never,
    facts: { committed: silent, changed: silent, turnEnded: silent },
    serverLog: silent,
    attempts: { readOn: async () => false },
  });
  const entries = [...written(2 + 64)];
  const acks: number[] = [];
  const send = (count: number): void => {
    for (const entry of entries.splice(0, count)) {
      submit(attempt, [entry], { settled: ({ ack }) => acks.push(ack?.seq ?? 0) });
    }
  };
  const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const takes = async (ms: number): Promise<void> => {
    await after(ms);
    stores.at(-1)?.resolve();
    await after(0);
  };

  send(1);
  await after(0);
  expect(stores).toHaveLength(1);
  await takes(20);
  send(1);
  await after(18);
  expect(stores).toHaveLength(1);
  await after(3);
  expect(stores).toHaveLength(2);
  await takes(1_000);
  send(63);
  await after(10);
  expect(stores).toHaveLength(2);
  send(1);
  await after(0);
  expect(stores).toHaveLength(3);
  await takes(1);
  expect(acks).toEqual(written(66).map(({ seq }) => (seq < 4 ? seq : 67)));
});
