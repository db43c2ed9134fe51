import { CLIPBOARD_EVENTS, createOwnText, incomingText } from '#shared/kiosk/machine/own-text.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import { domSensor } from './dom-sensor.ts';

/**
 * Art. 29r: copy, cut, paste, drag and drop are blocked and stated, but for one's own words within one text field.
 * What was in the clipboard is kept nowhere.
 */
export const clipboardSensor = (): Sensor =>
  domSensor('clipboard', ['clipboard'], ({ listen, emit }) => {
    const own = createOwnText((field) =>
      (field as EventTarget).dispatchEvent(new Event('input', { bubbles: true })),
    );
    for (const action of CLIPBOARD_EVENTS) {
      listen(document, action, (event) => {
        event.preventDefault();
        const incoming = () => incomingText((event as ClipboardEvent).clipboardData);
        if (own.isFact(action, event.target, incoming))
          emit({ kind: 'clipboard', phase: 'happened', facts: { action } });
      });
    }
    listen(document, 'dragover', (event) => event.preventDefault());
  });
