import type { BrowserWindow } from 'electron';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import type { Away } from './away.ts';

/** A window that was just opened gets the keyboard within a moment; until then nobody has left it, ms. */
const SETTLE_MS = 10_000;
const EVENTS = ['blur', 'focus', 'minimize', 'restore', 'hide', 'show'] as const;

/**
 * Art. 29c: another window has the keyboard, or the exam's window is minimised or hidden.
 * @param away why the screen is away, where the host knows: what the machine did itself (sleep, its own lock)
 * is not held against anybody, and a lock is only stated when no sleep explains it; one of which nobody can tell is
 * the session sensor's to put before people.
 */
export const focusSensor = (
  window: BrowserWindow,
  away?: Pick<Away, 'cause' | 'onChange'>,
): Sensor => {
  let stop: (() => void) | null = null;
  return {
    id: 'focus',
    watches: ['focus-lost'],
    start(emit) {
      if (stop !== null) return;
      let lost = false;
      let settled = false;
      let lockedSinceMs: number | null = null;
      const look = () => {
        if (window.isDestroyed()) return;
        const hidden = window.isMinimized() || !window.isVisible();
        const cause = away?.cause() ?? 'here';
        // A window may call itself focused behind a lock screen.
        const now = hidden || !window.isFocused() || cause === 'hand';
        settled ||= !now;
        // Dated back to the lock once it is clear that a hand did it.
        if (cause === 'unknown') lockedSinceMs ??= performance.now();
        else if (!now || cause !== 'hand') lockedSinceMs = null;
        if (now === lost || !settled) return;
        if (now && cause !== 'here' && cause !== 'hand') return;
        lost = now;
        const ageMs = lockedSinceMs === null ? 0 : performance.now() - lockedSinceMs;
        const facts = cause === 'hand' ? { hidden, locked: true } : { hidden };
        emit({ kind: 'focus-lost', phase: now ? 'began' : 'ended', ageMs, facts });
      };
      const settling = setTimeout(() => {
        settled = true;
        look();
      }, SETTLE_MS);
      // One listener, whose overloads are one per event.
      const each = (how: 'on' | 'off') => {
        for (const event of EVENTS) window[how](event as 'blur', look);
      };
      each('on');
      const forget = away?.onChange(look);
      stop = () => {
        forget?.();
        clearTimeout(settling);
        each('off');
      };
      look();
    },
    stop() {
      stop?.();
      stop = null;
    },
  };
};
