import type { Facts } from '#shared/incident/observation.ts';
import { blockedShortcut } from '#shared/incident/shortcut.ts';
import type { Sensor, Signal } from '#shared/ports/sensor.port.ts';

type Emit = (signal: Signal) => void;
type Listen = (target: EventTarget, type: string, listener: (event: Event) => void) => void;

/**
 * A page that was just loaded gets the keyboard with the first click or key (the address bar may still
 * have it); until then nobody has left it, ms.
 */
const SETTLE_MS = 10_000;

/** A sensor made of DOM listeners that come and go together. */
const domSensor = (
  id: string,
  watches: Sensor['watches'],
  wire: (listen: Listen, emit: Emit, stopped: AbortSignal) => void,
): Sensor => {
  let stop: AbortController | null = null;
  return {
    id,
    watches,
    start(emit) {
      if (stop !== null) return;
      const controller = new AbortController();
      stop = controller;
      wire(
        // Capture on the way down: nothing in the page can swallow the event first.
        (target, type, listener) =>
          target.addEventListener(type, listener, { capture: true, signal: controller.signal }),
        emit,
        controller.signal,
      );
    },
    stop() {
      stop?.abort();
      stop = null;
    },
  };
};

/** Turns a yes/no fact into began/ended edges: repeated events say nothing new. */
const edges = (emit: Emit, kind: Signal['kind']) => {
  let on = false;
  return (now: boolean, facts: Facts) => {
    if (now === on) return;
    on = now;
    emit({ kind, phase: now ? 'began' : 'ended', facts });
  };
};

/** Art. 29c: the page is hidden or another window has the keyboard. */
export const focusSensor = (): Sensor =>
  domSensor('focus', ['focus-lost'], (listen, emit, stopped) => {
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

/** Art. 29r: copy, cut, paste, drag and drop are blocked and stated. What was in the clipboard is never read. */
export const clipboardSensor = (): Sensor =>
  domSensor('clipboard', ['clipboard'], (listen, emit) => {
    for (const action of ['copy', 'cut', 'paste', 'dragstart', 'drop']) {
      listen(document, action, (event) => {
        event.preventDefault();
        emit({ kind: 'clipboard', phase: 'happened', facts: { action } });
      });
    }
    listen(document, 'dragover', (event) => event.preventDefault());
  });

/** Art. 29h, 29j, 29r: shortcuts that print, capture or leave are blocked where the browser lets us, and stated. */
export const shortcutSensor = (): Sensor =>
  domSensor('shortcut', ['print', 'screenshot', 'outside-input'], (listen, emit) => {
    const onKey = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || event.repeat) return;
      const blocked = blockedShortcut({
        key: event.key,
        control: event.ctrlKey,
        alt: event.altKey,
        shift: event.shiftKey,
        meta: event.metaKey,
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
  });

/** Art. 29p: more than one screen (mirrored ones are not reported to pages: the capabilities say so). */
export const displaySensor = (): Sensor =>
  domSensor('display', ['extra-display'], (listen, emit) => {
    const extra = edges(emit, 'extra-display');
    const screen = window.screen as Screen & EventTarget & { readonly isExtended?: boolean };
    const look = () => extra(screen.isExtended === true, { extended: screen.isExtended === true });
    listen(screen, 'change', look);
    look();
  });

/** Leaving full screen is a way out of the exam (Art. 29j): stated for people, and taken back at the next key or click. */
export const fullscreenSensor = (): Sensor =>
  domSensor('fullscreen', ['outside-input'], (listen, emit) => {
    let was = document.fullscreenElement !== null;
    listen(document, 'fullscreenchange', () => {
      const now = document.fullscreenElement !== null;
      if (was && !now)
        emit({ kind: 'outside-input', phase: 'happened', facts: { shortcut: 'fullscreen-exit' } });
      was = now;
    });
  });

/** Everything that a page can watch about its machine. */
export const webSensors = (): readonly Sensor[] => [
  focusSensor(),
  clipboardSensor(),
  shortcutSensor(),
  displaySensor(),
  fullscreenSensor(),
];
