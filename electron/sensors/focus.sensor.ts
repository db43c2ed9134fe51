import type { BrowserWindow } from 'electron';
import type { Sensor } from '#shared/ports/sensor.port.ts';

/** Art. 29c: another window has the keyboard, or the exam's window is minimised or hidden. */
export const focusSensor = (window: BrowserWindow): Sensor => {
  let stop: (() => void) | null = null;
  return {
    id: 'focus',
    watches: ['focus-lost'],
    start(emit) {
      if (stop !== null) return;
      let lost = false;
      const look = () => {
        if (window.isDestroyed()) return;
        const hidden = window.isMinimized() || !window.isVisible();
        const now = hidden || !window.isFocused();
        if (now === lost) return;
        lost = now;
        emit({ kind: 'focus-lost', phase: now ? 'began' : 'ended', facts: { hidden } });
      };
      window.on('blur', look);
      window.on('focus', look);
      window.on('minimize', look);
      window.on('restore', look);
      window.on('hide', look);
      window.on('show', look);
      stop = () => {
        window.off('blur', look);
        window.off('focus', look);
        window.off('minimize', look);
        window.off('restore', look);
        window.off('hide', look);
        window.off('show', look);
      };
      look();
    },
    stop() {
      stop?.();
      stop = null;
    },
  };
};
