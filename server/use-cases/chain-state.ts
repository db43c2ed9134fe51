import type { LiveAttempt } from './live-attempt.ts';
import type { RecordStore, RegistryStore, ServerClock } from './ports.ts';
import type { RoomHub } from './room-hub.ts';

/** A line for the server's log: English, no secrets. */
export type ServerLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  facts?: Readonly<Record<string, unknown>>,
) => void;

export interface ChainState {
  /** Marks the attempt's chain as broken, for good: shown on its tile and kept with the first reason. */
  broken(attempt: LiveAttempt, reason: string): void;
  /** Notes whether entries are missing between what came and what is stored. */
  gap(attempt: LiveAttempt, missing: boolean): void;
}

export interface ChainStateDeps {
  readonly registry: RegistryStore;
  readonly records: RecordStore;
  readonly hub: RoomHub;
  readonly clock: ServerClock;
  readonly log: ServerLog;
}

export const chainState = ({ registry, records, hub, clock, log }: ChainStateDeps): ChainState => ({
  broken: (attempt, reason) => {
    if (attempt.brokenReason !== null) return;
    attempt.brokenReason = reason;
    const { attemptId } = attempt.registration;
    log('warn', 'chain broken', { attemptId, reason });
    hub.changed(attempt);
    const store = async (): Promise<void> => {
      await registry.markBroken(attemptId, reason);
      await records.audit({
        at: clock.now(),
        actor: 'server',
        action: 'chain-broken',
        subject: attemptId,
        detail: { reason },
      });
    };
    store().catch((error: unknown) => log('error', 'chain mark not stored', { attemptId, error }));
  },
  gap: (attempt, missing) => {
    if (attempt.gap === missing) return;
    attempt.gap = missing;
    hub.changed(attempt);
  },
});
