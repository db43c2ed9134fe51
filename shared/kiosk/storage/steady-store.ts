import type { Scheduler } from '#shared/ports/clock.port.ts';
import type { DeviceStore } from '#shared/ports/ledger-store.port.ts';
import { patiently } from './patiently.ts';
import { createWriteLane } from './write-lane.ts';

/** A value, or that there is none. */
interface Kept {
  readonly key: string;
  readonly value: unknown;
}

/** Values are JSON. */
const copyOf = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));

export interface SteadyStore extends DeviceStore {
  /** The storage lost what it had: what this process knows is written again. */
  restore(): void;
  failing(): boolean;
  held(): number;
  stop(): void;
}

/** Small values that go on while their storage does not: what cannot be stored is held, and read back from memory. */
export const createSteadyStore = (options: {
  readonly raw: DeviceStore;
  readonly scheduler: Scheduler;
  readonly onChange: () => void;
}): SteadyStore => {
  const { raw, scheduler } = options;
  /** What this process read or wrote. */
  const known = new Map<string, unknown>();

  const put = ({ key, value }: Kept): Promise<void> =>
    value === undefined ? raw.delete(key) : raw.set(key, value);

  /** The storage came back without what it had. */
  const refill = async (): Promise<void> => {
    for (const [key, value] of known) {
      if (value !== undefined && (await raw.get(key)) === undefined) await raw.set(key, value);
    }
  };

  const lane = createWriteLane<Kept>({
    scheduler,
    onChange: options.onChange,
    mend: refill,
    onLost: () => undefined,
  });

  raw.onReopened?.(() => void refill().catch(() => undefined));

  const write = (kept: Kept): Promise<void> => {
    known.set(kept.key, kept.value);
    // Only the last of a key matters. The one at the head may be under way: it goes first.
    const [head] = lane.waiting();
    lane.drop((older) => older.key === kept.key && older !== head);
    return lane.write({ what: kept, run: () => put(kept) });
  };

  return {
    get: async (key) => {
      const held = lane.waiting().findLast((one) => one.key === key);
      if (held !== undefined) return copyOf(held.value);
      try {
        const value = await patiently(scheduler, raw.get(key));
        if (!lane.waiting().some((one) => one.key === key)) known.set(key, value);
        return value;
      } catch (failure) {
        if (!known.has(key)) throw failure;
        return copyOf(known.get(key));
      }
    },
    set: (key, value) => write({ key, value: copyOf(value) }),
    delete: (key) => write({ key, value: undefined }),
    restore: () => {
      for (const [key, value] of known) {
        if (value !== undefined) void write({ key, value });
      }
    },
    failing: lane.failing,
    held: () => lane.waiting().length,
    stop: lane.stop,
  };
};
