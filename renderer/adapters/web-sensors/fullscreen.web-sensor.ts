import type { Sensor } from '#shared/ports/sensor.port.ts';
import { fillsTheScreen, inFullScreen } from '../web-lockdown.ts';
import { domSensor } from './dom-sensor.ts';

/**
 * Leaving full screen is a way out of the exam (Art. 29j): stated for people, and taken back at the next key
 * or click. Full screen that the person or the system gave (F11, kiosk session) counts like the page's own.
 */
export const fullscreenSensor = (): Sensor =>
  domSensor(
    'fullscreen',
    ['outside-input'],
    ({ listen, emit }) => {
      let was = inFullScreen();
      const look = () => {
        const now = inFullScreen();
        if (was && !now) {
          emit({
            kind: 'outside-input',
            phase: 'happened',
            facts: { shortcut: 'fullscreen-exit' },
          });
        }
        was = now;
      };
      listen(document, 'fullscreenchange', look);
      listen(matchMedia('(display-mode: fullscreen)'), 'change', look);
    },
    async () =>
      document.fullscreenEnabled || fillsTheScreen()
        ? { id: 'fullscreen', outcome: 'ok', blocks: true }
        : { id: 'fullscreen', outcome: 'failed', cause: 'refused', blocks: true },
  );
