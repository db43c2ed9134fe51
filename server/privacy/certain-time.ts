import type { ServerClock } from '#server/platform/ports.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { KioskTimes } from '#server/record/kiosk-times.ts';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';

/** What the log knows of the time. */
export interface TimeMarks {
  /** The latest time that was certain; null before the first. */
  certain(): Promise<EpochMs | null>;
  /** Keeps it where it is later than what is kept: a time that was certain once has come for good. */
  keepCertain(at: EpochMs): Promise<void>;
  /** When somebody last did something that is on record; null when nobody did anything yet. */
  newest(): Promise<EpochMs | null>;
}

/** Whether the system keeps its clock by another one; null when it does not say. */
export type SystemSynced = () => Promise<boolean | null>;

export interface CertainTimeDeps {
  readonly clock: ServerClock;
  readonly marks: TimeMarks;
  readonly synced: SystemSynced;
  readonly kiosks: Pick<KioskTimes, 'now'>;
  readonly log: ServerLog;
}

/** Clocks that nobody keeps together differ by this much and mean the same time, ms. */
const SAME_MS = 10 * MINUTE;
/** One machine that is wrong confirms nothing. */
const CONFIRM = 2;
/** So many outweigh what the system says of itself. */
const CONTRADICT = 3;

export interface CertainTime {
  /** Takes note of what the log knows, before anybody writes into it. */
  begin(): Promise<void>;
  /**
   * The latest time that has certainly come: what is deleted cannot be brought back, and a clock that runs ahead would
   * delete it early. The server's own time when another source agrees: the system says that its clock is kept by
   * another one, or the kiosks' clocks say the same. Else the time that was last certain and what has passed since, by a
   * clock that is never set. Never later than the server's own.
   */
  now(): Promise<EpochMs>;
  /** What stands between the server's clock and what is certain, looked at within the last minute; null when they agree. */
  waits(): Promise<ClockWait | null>;
}

/** A clock that runs ahead of what anybody confirms: until somebody does, nothing is deleted by it. */
export interface ClockWait {
  readonly serverTime: EpochMs;
  readonly certainTime: EpochMs;
}

export const certainTime = (deps: CertainTimeDeps): CertainTime => {
  const { clock, marks } = deps;
  let mark: { readonly at: EpochMs; readonly steady: number } | null = null;
  let kept = 0;
  let waits = false;
  let looked: { readonly steady: number; readonly wait: ClockWait | null } | null = null;

  const begin = async (): Promise<void> => {
    const stored = await marks.certain();
    // A clock that is behind at a start says nothing against what was certain before.
    kept = stored ?? 0;
    const known = stored ?? (await marks.newest()) ?? clock.now();
    mark = { at: known, steady: clock.steady() };
  };

  /** What others say: the server's own time when they agree with it, and what they say when they do not. */
  const told = async (own: EpochMs): Promise<EpochMs> => {
    const kiosks = deps.kiosks.now();
    const devices = kiosks?.devices ?? 0;
    const theirs = kiosks === null || devices < CONFIRM ? 0 : kiosks.at;
    if (theirs > own - SAME_MS) return own;
    const synced = (await deps.synced()) === true;
    return synced && devices < CONTRADICT ? own : theirs;
  };

  const tell = (own: EpochMs, certain: EpochMs): void => {
    const now = own - certain > SAME_MS;
    if (now === waits) return;
    waits = now;
    if (now)
      deps.log('warn', 'nobody confirms the clock: nothing is deleted by it', { own, certain });
    else deps.log('info', 'the clock is confirmed', { own });
  };

  const look = async () => {
    if (mark === null) await begin();
    const own = clock.now();
    const steady = clock.steady();
    const passed = mark === null ? 0 : Math.round(mark.at + steady - mark.steady);
    const certain = Math.min(own, Math.max(passed, await told(own)));
    tell(own, certain);
    const wait = own - certain > SAME_MS ? { serverTime: own, certainTime: certain } : null;
    looked = { steady, wait };
    return { steady, passed, certain, wait };
  };

  return {
    begin,
    waits: async () => {
      const fresh = looked !== null && clock.steady() - looked.steady < MINUTE;
      return fresh && looked !== null ? looked.wait : (await look()).wait;
    },
    now: async () => {
      const { steady, passed, certain } = await look();
      // A clock that was put back is believed: what was certain is never taken back by it.
      if (certain >= passed) mark = { at: certain, steady };
      if (certain - kept >= MINUTE) {
        await marks.keepCertain(certain);
        kept = certain;
      }
      return certain;
    },
  };
};
