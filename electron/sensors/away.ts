import type { PowerMonitor } from 'electron';

/**
 * Why the examinee's screen is away: `here` it is not; `machine` the machine did it (sleep, a lock after
 * idling); `hand` somebody locked it; `unknown` it was just locked and a sleep may still explain it; `undecided`
 * nobody can tell, because the system does not say when it was last touched: for people, and no act of anybody.
 */
export type AwayCause = 'here' | 'unknown' | 'machine' | 'hand' | 'undecided';

export interface Away {
  cause(): AwayCause;
  /** Whether the screen is locked, or another session is on it. */
  locked(): boolean;
  /** The screen is locked or unlocked, where the power monitor does not tell (Linux). */
  setLocked(locked: boolean): void;
  /** @returns how to stop being told. */
  onChange(listener: () => void): () => void;
  stop(): void;
}

/**
 * A lid that closes locks first and sleeps later: inhibitors may hold the sleep back for five seconds each, and modern
 * standby takes its time. Meanwhile nobody sees the exam, and a lock by hand is dated back or told at the unlocking, ms.
 */
const EXPLAIN_MS = 30_000;
/** The wall clock runs through a sleep where the monotonic one stands still; less than this is the clock's own, ms. */
const SLEPT_MS = 2_000;
/** After waking, the lock screen may come late, ms. */
const WAKING_MS = 10_000;
/** The focus comes back a moment after the lock screen has gone, ms. */
const RETURN_MS = 2_000;
/** Nobody touched the machine for so long: the lock was the system's own (its policy, a screen saver), s. */
const IDLE_S = 60;

/**
 * PEERS 4: a laptop that slept must never look like somebody who left. Tells apart why the screen went away.
 */
export const watchAway = (
  monitor: Pick<PowerMonitor, 'on' | 'off' | 'getSystemIdleTime'>,
  now: () => number = () => performance.now(),
  wall: () => number = () => Date.now(),
): Away => {
  const listeners = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();
  let asleep = false;
  let lockedBy: Exclude<AwayCause, 'here'> | null = null;
  let excusedUntilMs = Number.NEGATIVE_INFINITY;
  let lockedSinceMs = Number.NEGATIVE_INFINITY;
  /** What an unexplained lock is. */
  let verdict: 'hand' | 'undecided' = 'hand';
  /** Wall time less monotonic time when the screen was locked. */
  let aheadMs = 0;

  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const later = (ms: number, task: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      task();
    }, ms);
    timer.unref();
    timers.add(timer);
  };
  const excuse = (ms: number): void => {
    excusedUntilMs = now() + ms;
    later(ms, changed);
  };
  /** Whether nobody had touched the machine for a while; null where the system does not tell. */
  const idle = (): boolean | null => {
    try {
      const seconds = monitor.getSystemIdleTime();
      return Number.isFinite(seconds) && seconds >= 0 ? seconds >= IDLE_S : null;
    } catch {
      return null;
    }
  };
  /** Nothing explained the lock until now. Some systems sleep without a word: the clocks tell. */
  const decide = (touched: Exclude<AwayCause, 'here' | 'unknown'>): void => {
    lockedBy = wall() - now() - aheadMs > SLEPT_MS ? 'machine' : touched;
    changed();
  };

  const setLocked = (locked: boolean): void => {
    if (locked === (lockedBy !== null)) return;
    if (locked) {
      const untouched = idle();
      const sinceMs = now();
      lockedSinceMs = sinceMs;
      aheadMs = wall() - sinceMs;
      verdict = untouched === null ? 'undecided' : 'hand';
      lockedBy = asleep || sinceMs < excusedUntilMs || untouched === true ? 'machine' : 'unknown';
      if (lockedBy === 'unknown') {
        later(EXPLAIN_MS, () => {
          if (lockedBy === 'unknown' && lockedSinceMs === sinceMs) decide(verdict);
        });
      }
    } else {
      // Unlocked before anything explained it: then it was what it looks like, and it is told now.
      if (lockedBy === 'unknown') decide(verdict);
      if (lockedBy !== 'hand') excuse(RETURN_MS);
      lockedBy = null;
    }
    changed();
  };
  const on = {
    'lock-screen': () => setLocked(true),
    'unlock-screen': () => setLocked(false),
    suspend: () => {
      asleep = true;
      if (lockedBy === 'unknown') lockedBy = 'machine';
      changed();
    },
    resume: () => {
      asleep = false;
      // Its sleep was not told, or too late.
      if (lockedBy === 'unknown') lockedBy = 'machine';
      excuse(WAKING_MS);
      changed();
    },
  };
  const each = (how: 'on' | 'off'): void => {
    // One listener each, whose overloads are one per event.
    for (const [event, listener] of Object.entries(on)) monitor[how](event as 'suspend', listener);
  };
  each('on');

  return {
    cause: () => {
      if (asleep) return 'machine';
      if (lockedBy !== null) return lockedBy;
      return now() < excusedUntilMs ? 'machine' : 'here';
    },
    locked: () => lockedBy !== null,
    setLocked,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => {
      each('off');
      for (const timer of timers) clearTimeout(timer);
      listeners.clear();
    },
  };
};
