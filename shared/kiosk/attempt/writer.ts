import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { type AttemptState, EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import { sealEntry } from '#shared/chain/chain.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { check } from '#shared/kernel/schema.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import { type Lifetime, StoppedError } from '#shared/kiosk/courier/retry.ts';
import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import { ForeignEntryError } from '#shared/kiosk/storage/steady-ledger.ts';
import { GENESIS, type JsonObject, type LedgerEntry } from '#shared/ledger/entry.ts';
import {
  CHECKPOINT_EVERY,
  FACTS,
  type FactData,
  type FactType,
  mustBeSigned,
} from '#shared/wire/facts.ts';
import type { ExamClock } from './exam-clock.ts';

/** The one hand that writes an attempt's ledger. Only called inside turns of the attempt's queue. */
export interface Writer {
  /** What is true as far as it is in the ledger. */
  state(): AttemptState;
  /**
   * Seals the fact, puts it into the ledger, folds it into the state, in this order. While the storage fails the
   * ledger holds it in memory (`steady-storage.ts`): time, rules and closing do not wait for a disk.
   * @param data the fact, or how to make it from the entry's exam time.
   * @throws TypeError for a fact that does not fit its schema: it would poison the chain for good.
   * @throws {StoppedError} when the engine was stopped before, or somebody else writes into this ledger.
   */
  write<T extends FactType>(
    type: T,
    data: FactData<T> | ((t: ExamTime) => FactData<T>),
  ): Promise<LedgerEntry>;
}

const isMaker = <T>(data: T | ((t: ExamTime) => T)): data is (t: ExamTime) => T =>
  typeof data === 'function';

/** How many entries at the end of `entries` no signature vouches for yet. */
const unsignedTail = (entries: readonly LedgerEntry[]): number => {
  const lastSigned = entries.findLastIndex((entry) => mustBeSigned(entry.type));
  return entries.length - 1 - lastSigned;
};

export interface WriterOptions {
  readonly deps: Pick<EngineDeps, 'digest' | 'key' | 'ledger' | 'log'>;
  readonly attemptId: AttemptId;
  readonly clock: ExamClock;
  readonly serverClock: ServerClock;
  /** What the ledger has already, in order. */
  readonly entries: readonly LedgerEntry[];
  readonly lifetime: Lifetime;
  /** Somebody else wrote into this ledger: this engine must not go on. */
  readonly onFork: () => void;
  readonly onWritten: (entry: LedgerEntry) => void;
}

/** @param options the attempt, its clocks, and what is stored of it. */
export const createWriter = (options: WriterOptions): Writer => {
  const { deps, attemptId, clock, serverClock } = options;
  let state = options.entries.reduce(applyEntry, EMPTY_ATTEMPT);
  let unsigned = unsignedTail(options.entries);
  let forked = false;

  const store = async (entry: LedgerEntry): Promise<void> => {
    try {
      await deps.ledger.append(entry);
    } catch (failure) {
      if (!(failure instanceof ForeignEntryError)) throw failure;
      forked = true;
      deps.log('error', 'another writer is in this ledger', { seq: entry.seq });
      options.onFork();
      throw new StoppedError();
    }
  };

  const append = async (
    type: FactType,
    makeData: (t: ExamTime) => unknown,
  ): Promise<LedgerEntry> => {
    if (options.lifetime.over() || forked) throw new StoppedError();
    const t = Math.max(state.t, clock.now());
    const data = makeData(t);
    const fits = check(FACTS[type], data);
    if (!fits.ok) throw new TypeError(`${type}${fits.error.path} ${fits.error.message}`);
    const entry = await sealEntry(
      {
        attemptId,
        seq: state.seq + 1,
        t,
        wall: serverClock.now(),
        type,
        data: data as JsonObject,
      },
      state.seq === 0 ? GENESIS : state.hash,
      { digest: deps.digest, key: deps.key },
    );
    await store(entry);
    state = applyEntry(state, entry);
    unsigned = mustBeSigned(type) ? 0 : unsigned + 1;
    options.onWritten(entry);
    return entry;
  };

  return {
    state: () => state,
    write: async (type, data) => {
      const entry = await append(type, isMaker(data) ? data : () => data);
      if (unsigned >= CHECKPOINT_EVERY) await append('checkpoint', () => ({}));
      return entry;
    },
  };
};
