import type { BrowserWindow } from 'electron';
import type { Sensor } from '#shared/ports/sensor.port.ts';

/** A window that was just opened gets the keyboard within a moment; until then nobody has left it, ms. */
const SETTLE_MS = 10_000;
const EVENTS = ['blur', 'focus', 'minimize', 'restore', 'hide', 'show'] as const;

/** Art. 29c: another window has the keyboard, or the exam's window is minimised or hidden. */
export const focusSensor = (window: BrowserWindow): Sensor => {
  let stop: (() => void) | null = null;
  return {
    id: 'focus',
    watches: ['focus-lost'],
    start(emit) {
      if (stop !== null) return;
      let lost = false;
      let settled = false;
      const look = () => {
        if (window.isDestroyed()) return;
        const hidden = window.isMinimized() || !window.isVisible();
        const now = hidden || !window.isFocused();
        settled ||= !now;
        if (now === lost || !settled) return;
        lost = now;
        emit({ kind: 'focus-lost', phase: now ? 'began' : 'ended', facts: { hidden } });
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
      stop = () => {
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
