import type { Event, Input, WebContents } from 'electron';
import type { CoverageReason } from '#shared/incident/coverage.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import { failed, lackOf, notSupported, type Reading, told } from '#shared/incident/reading.ts';
import { blockedShortcut } from '#shared/incident/shortcut.ts';
import type { Limits, Sensor, Signal } from '#shared/ports/sensor.port.ts';
import { openNative } from './native/native-link.ts';
import type { NativeMessage } from './native/native-messages.ts';
import { type ForkNative, NATIVE_BEAT_MS } from './native/native-process.ts';

/** The window and the hook tell of the same press at most so far apart, ms. */
const SAME_PRESS_MS = 300;
/** A hook that hangs is noticed by whoever watches the sensor; its process needs a moment to start. */
const BEAT_MS = 3 * NATIVE_BEAT_MS;

export interface KeyHookOptions {
  readonly fork: ForkNative;
  readonly contents: Pick<WebContents, 'on' | 'off'>;
  /** Whether the system lets anybody see others' keys. */
  readonly reach: Reading<'all-keys'>;
}

/** What of the kinds is lost without the hook: the window still sees what reaches it. */
const limitedBy = (reason: CoverageReason): Limits => ({
  'outside-input': { reason, partly: true },
  screenshot: { reason, partly: true },
});

/**
 * PEERS 5, Art. 29h, 29j: escape and capture keys that the system or another program takes before the exam's
 * window sees them (Alt+Tab, the system key, Ctrl+Alt+F2, PrintScreen, Cmd+Shift+4). It listens and stops
 * nothing: hooks that blocked keys broke assistive technology elsewhere. The hook is native code and runs in
 * a process of its own, which lets nothing out but the names of known shortcuts.
 */
export const keyHookSensor = (
  options: KeyHookOptions,
): Sensor & {
  /** The window or the lockdown told of a press itself: the hook's telling of it is the same one. */
  heard(kind: IncidentKind): void;
} => {
  const { fork, contents } = options;
  const obstacle = lackOf(options.reach);
  const heardMs = new Map<IncidentKind, number>();
  let stop: (() => void) | null = null;

  const heard = (kind: IncidentKind): void => {
    heardMs.set(kind, performance.now());
  };
  /** When the window last heard a character, whatever it was: it knows the layout, the hook only the place. */
  let characterMs = Number.NEGATIVE_INFINITY;
  const onInput = (_: Event, input: Input): void => {
    if (input.type === 'keyDown' && [...input.key].length === 1) characterMs = performance.now();
    const blocked = blockedShortcut(input);
    if (blocked !== null) heard(blocked.kind);
  };

  return {
    id: 'key-hook',
    watches: ['outside-input', 'screenshot'],
    beatMs: BEAT_MS,
    heard,
    start(emit, tell) {
      if (stop !== null) return;
      if (obstacle !== null) tell.limited(limitedBy(obstacle));
      const timers = new Set<NodeJS.Timeout>();
      let watches = false;
      let told = obstacle;
      const press = (message: Extract<NativeMessage, { type: 'press' }>): void => {
        const atMs = performance.now();
        const timer = setTimeout(() => {
          timers.delete(timer);
          const known = heardMs.get(message.kind) ?? Number.NEGATIVE_INFINITY;
          if (Math.max(known, message.byPlace ? characterMs : known) >= atMs - SAME_PRESS_MS)
            return;
          const signal: Signal = {
            kind: message.kind,
            phase: 'happened',
            ageMs: performance.now() - atMs,
            facts: { shortcut: message.shortcut, outsideWindow: true },
          };
          emit(signal);
        }, SAME_PRESS_MS);
        timers.add(timer);
      };
      // While the process is down it cannot hang: then the sensor says itself that it lives, and what it lacks.
      const beat = setInterval(() => {
        if (!watches) tell.alive();
      }, NATIVE_BEAT_MS);
      const link = openNative(
        fork,
        'keys',
        (message) => {
          if (message.type === 'press') press(message);
          else if (message.type === 'alive') tell.alive();
        },
        (now) => {
          watches = now;
          const lack = now ? obstacle : (obstacle ?? 'tool-missing');
          if (lack === told) return;
          told = lack;
          tell.limited(lack === null ? {} : limitedBy(lack));
        },
      );
      contents.on('before-input-event', onInput);
      stop = () => {
        contents.off('before-input-event', onInput);
        clearInterval(beat);
        for (const timer of timers) clearTimeout(timer);
        link.end();
      };
    },
    stop() {
      stop?.();
      stop = null;
    },
  };
};

/**
 * Whether keys of others can be seen on this system.
 * @param trusted macOS: whether the program was given Accessibility in the system's settings. May throw.
 */
export const hookReach = (
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
  trusted: () => boolean,
): Reading<'all-keys'> => {
  const { XDG_SESSION_TYPE, WAYLAND_DISPLAY = '', DISPLAY = '' } = environment;
  switch (platform) {
    case 'linux':
      if (XDG_SESSION_TYPE === 'wayland' || WAYLAND_DISPLAY !== '') return notSupported('wayland');
      return DISPLAY === '' ? notSupported('platform') : told('all-keys');
    case 'darwin':
      try {
        return trusted() ? told('all-keys') : failed('no-permission');
      } catch {
        return failed('tool-failed');
      }
    case 'win32':
      return told('all-keys');
    default:
      return notSupported('not-built');
  }
};
