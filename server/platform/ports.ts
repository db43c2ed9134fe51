import type { EpochMs } from '#shared/kernel/time.ts';

/** The server's wall clock, injected so that tests decide what time it is. */
export interface ServerClock {
  now(): EpochMs;
  /** Goes on evenly, whatever the wall clock is set to: for how long ago something was, ms since some moment. */
  steady(): number;
  /** Waits so long, ms, by `steady`. */
  sleep(ms: number): Promise<unknown>;
}

export interface ServerRandom {
  bytes(count: number): Uint8Array;
  uuid(): string;
}

/** Who did what to what, for good. */
export interface AuditRow {
  readonly at: EpochMs;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** The audit trail. Rows are only ever added. */
export interface AuditTrail {
  audit(row: AuditRow): Promise<void>;
}
