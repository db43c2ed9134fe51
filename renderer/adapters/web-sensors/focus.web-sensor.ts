import type { Sensor } from '#shared/ports/sensor.port.ts';
import { domSensor, edges } from './dom-sensor.ts';

/**
 * A page that was just loaded gets the keyboard with the first click or key (the address bar may still
 * have it); until then nobody has left it, ms.
 */
const SETTLE_MS = 10_000;

/** Art. 29c: the page is hidden or another window has the keyboard. */
export const focusSensor = (): Sensor =>
  domSensor('focus', ['focus-lost'], ({ listen, emit, stopped }) => {
    const lost = edges(emit, 'focus-lost');
    let settled = false;
    const look = () => {
      const hidden = document.visibilityState === 'hidden';
      const now = hidden || !document.hasFocus();
      settled ||= !now;
      if (settled) lost(now, { hidden });
    };
    const settling = setTimeout(() => {
      settled = true;
      look();
    }, SETTLE_MS);
    stopped.addEventListener('abort', () => clearTimeout(settling));
    listen(window, 'blur', look);
    listen(window, 'focus', look);
    listen(document, 'visibilitychange', look);
    look();
  });
