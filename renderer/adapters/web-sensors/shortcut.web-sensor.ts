import { blockedShortcut } from '#shared/incident/shortcut.ts';
import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';
import { domSensor } from './dom-sensor.ts';

/** A page sees the keys that reach it; capture tools with their own keys and other programs' keys do not. */
const limitsOf = (keyboardLock: boolean): Limits => ({
  screenshot: { reason: 'page-only', partly: true },
  ...(keyboardLock ? {} : { 'outside-input': { reason: 'page-only', partly: true } }),
});

/**
 * Art. 29h, 29j, 29r: shortcuts that print, capture or leave are blocked where the browser lets us, and stated.
 * @param keyboardLock whether the browser hands the system's keys to the page in full screen.
 */
export const shortcutSensor = (keyboardLock: boolean): Sensor =>
  domSensor(
    'shortcut',
    ['print', 'screenshot', 'outside-input'],
    ({ listen, emit, limited }) => {
      const onKey = (event: Event) => {
        if (!(event instanceof KeyboardEvent) || event.repeat) return;
        const blocked = blockedShortcut({
          key: event.key,
          control: event.ctrlKey,
          alt: event.altKey,
          shift: event.shiftKey,
          meta: event.metaKey,
          altGraph: event.getModifierState('AltGraph'),
        });
        if (blocked === null) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        emit({ kind: blocked.kind, phase: 'happened', facts: { shortcut: blocked.shortcut } });
      };
      listen(document, 'keydown', onKey);
      // PrintScreen only ever arrives as a key-up: the system took the key-down.
      listen(document, 'keyup', (event) => {
        if (event instanceof KeyboardEvent && event.key === 'PrintScreen') onKey(event);
      });
      listen(window, 'beforeprint', () =>
        emit({ kind: 'print', phase: 'happened', facts: { dialog: true } }),
      );
      listen(document, 'contextmenu', (event) => event.preventDefault());
      limited(limitsOf(keyboardLock));
    },
    async () =>
      keyboardLock
        ? { id: 'keyboard-lock', outcome: 'ok', blocks: false }
        : { id: 'keyboard-lock', outcome: 'not-watched', cause: 'unknown', blocks: false },
  );
