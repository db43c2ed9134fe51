import type { AttemptId } from '#shared/kernel/ids.ts';
import type { Scheduler } from '#shared/ports/clock.port.ts';
import type { DeviceStore, LedgerStore } from '#shared/ports/ledger-store.port.ts';
import { createSteadyLedger } from './steady-ledger.ts';
import { createSteadyStore } from './steady-store.ts';

/** How the device's storage stands. */
export interface StorageStanding {
  /** Something cannot be stored now; it is held in memory and tried again. */
  readonly failing: boolean;
  /** How many entries, pictures and values are held in memory alone. */
  readonly held: number;
}

/**
 * The device's storage as the engine uses it: nobody who decides anything waits behind a write that cannot succeed.
 * What is held is lost with the process, so the view says it, the room is told, and the courier sends it on.
 */
export interface SteadyStorage {
  readonly ledger: LedgerStore;
  readonly store: DeviceStore;
  standing(): StorageStanding;
  /** The last entry of the attempt that is on the device, not in memory alone. */
  storedSeq(attemptId: AttemptId): number;
  stop(): void;
}

export const createSteadyStorage = (options: {
  readonly ledger: LedgerStore;
  readonly store: DeviceStore;
  readonly scheduler: Scheduler;
  readonly onChange: () => void;
  /** Somebody else wrote into the ledger, seen only after the entry was held. */
  readonly onFork: () => void;
}): SteadyStorage => {
  const { scheduler, onChange, onFork } = options;
  const store = createSteadyStore({ raw: options.store, scheduler, onChange });
  const ledger = createSteadyLedger({
    raw: options.ledger,
    scheduler,
    onChange,
    onFork,
    onEmptied: store.restore,
  });
  return {
    ledger,
    store,
    standing: () => ({
      failing: ledger.failing() || store.failing(),
      held: ledger.held() + store.held(),
    }),
    storedSeq: ledger.storedSeq,
    stop: () => {
      ledger.stop();
      store.stop();
    },
  };
};
