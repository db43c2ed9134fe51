import type { Sensor } from '#shared/ports/sensor.port.ts';
import { domSensor } from './dom-sensor.ts';

/** Art. 29r: copy, cut, paste, drag and drop are blocked and stated. What was in the clipboard is never read. */
export const clipboardSensor = (): Sensor =>
  domSensor('clipboard', ['clipboard'], ({ listen, emit }) => {
    for (const action of ['copy', 'cut', 'paste', 'dragstart', 'drop']) {
      listen(document, action, (event) => {
        event.preventDefault();
        emit({ kind: 'clipboard', phase: 'happened', facts: { action } });
      });
    }
    listen(document, 'dragover', (event) => event.preventDefault());
  });
