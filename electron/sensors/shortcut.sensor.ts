import type { Event, Input, WebContents } from 'electron';
import { blockedShortcut } from '#shared/incident/shortcut.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';

/** Art. 29h, 29j, 29r: keys that print, capture or leave are stopped before the page sees them, and stated. */
export const shortcutSensor = (contents: WebContents): Sensor => {
  let stop: (() => void) | null = null;
  return {
    id: 'shortcut',
    watches: ['print', 'screenshot', 'outside-input'],
    start(emit) {
      if (stop !== null) return;
      const onInput = (event: Event, input: Input) => {
        // PrintScreen often arrives as a key-up only: the system took the key-down.
        const printScreen = input.type === 'keyUp' && input.key === 'PrintScreen';
        if (input.isAutoRepeat || (input.type !== 'keyDown' && !printScreen)) return;
        const blocked = blockedShortcut(input);
        if (blocked === null) return;
        event.preventDefault();
        emit({ kind: blocked.kind, phase: 'happened', facts: { shortcut: blocked.shortcut } });
      };
      contents.on('before-input-event', onInput);
      stop = () => contents.off('before-input-event', onInput);
    },
    stop() {
      stop?.();
      stop = null;
    },
  };
};
