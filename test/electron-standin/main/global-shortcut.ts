import type { GlobalShortcut } from 'electron';
import { missing, strict } from '#test/electron-standin/strict.ts';
import { desktopKeys, grabKeys } from '#test/support/desktop-keys.ts';

const registered = new Map<string, () => void>();

const keysOf = (accelerator: string): string => {
  const keys = openboxKeys(accelerator);
  if (keys === undefined) throw missing(`the accelerator ${accelerator}`);
  return keys;
};

let planned = false;

/** Once for all the calls of one turn: apps register several shortcuts in a row. */
function grab(): void {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    grabKeys([...registered.keys()], (keys) => registered.get(keys)?.());
  });
}

/**
 * Real grabs of the X server, made by the window manager of the test's desktop (test/support/desktop.ts):
 * the page never sees the key. They take effect a moment after the call.
 */
export const globalShortcut = strict(
  {
    register: (accelerator: string, callback: () => void): boolean => {
      const keys = keysOf(accelerator);
      if (registered.has(keys) || desktopKeys.includes(keys)) return false;
      registered.set(keys, callback);
      grab();
      return true;
    },
    registerAll: (accelerators: string[], callback: () => void): void => {
      for (const accelerator of accelerators) globalShortcut.register(accelerator, callback);
    },
    isRegistered: (accelerator: string): boolean => registered.has(keysOf(accelerator)),
    unregister: (accelerator: string): void => {
      if (registered.delete(keysOf(accelerator))) grab();
    },
    unregisterAll: (): void => {
      if (registered.size === 0) return;
      registered.clear();
      grab();
    },
  } satisfies Pick<
    GlobalShortcut,
    'register' | 'registerAll' | 'isRegistered' | 'unregister' | 'unregisterAll'
  >,
  'globalShortcut',
);

const MODIFIERS: Record<string, string> = {
  command: 'W',
  cmd: 'W',
  super: 'W',
  meta: 'W',
  control: 'C',
  ctrl: 'C',
  commandorcontrol: 'C',
  cmdorctrl: 'C',
  alt: 'A',
  option: 'A',
  shift: 'S',
};

const NAMES: Record<string, string> = {
  printscreen: 'Print',
  escape: 'Escape',
  esc: 'Escape',
  return: 'Return',
  enter: 'Return',
  tab: 'Tab',
  space: 'space',
  backspace: 'BackSpace',
  delete: 'Delete',
  insert: 'Insert',
  home: 'Home',
  end: 'End',
  pageup: 'Prior',
  pagedown: 'Next',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  plus: 'plus',
};

/**
 * An accelerator in the window manager's words, as in `C-S-q` for `CommandOrControl+Shift+Q`.
 *
 * @returns undefined for keys that this table lacks.
 */
export function openboxKeys(accelerator: string): string | undefined {
  const parts = accelerator.toLowerCase().split('+');
  const key = parts.pop() ?? '';
  const modifiers = parts.map((part) => MODIFIERS[part]);
  const name = NAMES[key] ?? (/^f\d{1,2}$/.test(key) ? key.toUpperCase() : key);
  const isKnown = key in NAMES || /^(f\d{1,2}|[a-z0-9])$/.test(key);
  if (!isKnown || modifiers.includes(undefined)) return undefined;
  return [...modifiers.toSorted(), name].join('-');
}
