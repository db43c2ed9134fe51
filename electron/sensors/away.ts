import type { PowerMonitor } from 'electron';

/**
 * Why the examinee's screen is away: `here` it is not; `machine` the machine did it (sleep, a lock after
 * idling); `hand` somebody locked it; `unknown` it was just locked and a sleep may explain it in a moment.
 */
export type AwayCause = 'here' | 'unknown' | 'machine' | 'hand';

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

/** A lid that closes locks first and sleeps a moment later, ms. */
const EXPLAIN_MS = 3_000;
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
): Away => {
  const listeners = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();
  let asleep = false;
  let lockedBy: Exclude<AwayCause, 'here'> | null = null;
  let excusedUntilMs = Number.NEGATIVE_INFINITY;

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
  const idle = (): boolean => {
    try {
      return monitor.getSystemIdleTime() >= IDLE_S;
    } catch {
      return false;
    }
  };

  const setLocked = (locked: boolean): void => {
    if (locked === (lockedBy !== null)) return;
    if (locked) {
      lockedBy = asleep || now() < excusedUntilMs || idle() ? 'machine' : 'unknown';
      if (lockedBy === 'unknown') {
        later(EXPLAIN_MS, () => {
          if (lockedBy === 'unknown') lockedBy = 'hand';
          changed();
        });
      }
    } else {
      if (lockedBy === 'machine') excuse(RETURN_MS);
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
