import { type BlockedShortcut, blockedShortcut, type KeyPress } from '#shared/incident/shortcut.ts';

/** A key as the hook tells of it: the position's code, and what was held. */
export interface HookedKey {
  readonly keycode: number;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
  /** The right Alt key is down: AltGr on most layouts, which X11 tells as Alt. */
  readonly rightAlt?: boolean;
}

/** What the hook tells of a press. */
export interface HookedShortcut extends BlockedShortcut {
  /**
   * Judged by the place of a key that types a character on some layout: where the exam's window heard a character for
   * the same press, the window knows better what it is.
   */
  readonly byPlace: boolean;
}

/** Code of the right Alt key itself. */
export const RIGHT_ALT = 3640;

/** Codes that the hook's library names, as the DOM calls them. Only keys that some shortcut has. */
const NAMED: Readonly<Record<number, string>> = {
  1: 'Escape',
  12: '-',
  13: '=',
  15: 'Tab',
  57: ' ',
  3637: '/',
  3639: 'PrintScreen',
  3655: 'Home',
  3657: 'PageUp',
  3663: 'End',
  3665: 'PageDown',
  3667: 'Delete',
  3675: 'Meta',
  3676: 'Meta',
  57416: 'ArrowUp',
  57419: 'ArrowLeft',
  57421: 'ArrowRight',
  57424: 'ArrowDown',
  ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [59 + i, `F${i + 1}`])),
  87: 'F11',
  88: 'F12',
};

/** Digits, and the rows of letters of a PC keyboard. They matter only together with Control, Alt or Command. */
const CHARACTERS: Readonly<Record<number, string>> = {
  ...Object.fromEntries([...'1234567890'].map((digit, i) => [2 + i, digit])),
  ...Object.fromEntries([...'qwertyuiop'].map((letter, i) => [16 + i, letter])),
  ...Object.fromEntries([...'asdfghjkl'].map((letter, i) => [30 + i, letter])),
  ...Object.fromEntries([...'zxcvbnm'].map((letter, i) => [44 + i, letter])),
};

/** Consoles, virtual terminals, the system's own secure screen. */
const SYSTEM_KEYS = /^(F([1-9]|1[0-2])|Delete|End)$/;

/**
 * What a hooked key press means for the exam (Art. 29h, 29j); null for everything that may be typed. Runs in
 * the process of the hook, so that nothing else ever leaves it.
 */
export const hookedShortcut = (key: HookedKey): HookedShortcut | null => {
  const named = NAMED[key.keycode];
  const held = key.ctrlKey || key.altKey || key.metaKey;
  const name = named ?? (held ? CHARACTERS[key.keycode] : undefined);
  if (name === undefined) return null;
  const byPlace = name.length === 1;
  // A character typed with AltGr is typing: which one it is only the layout knows.
  if (byPlace && key.rightAlt === true) return null;
  // The key itself is among what is held while it goes down.
  const meta = key.metaKey && name !== 'Meta';
  const press: KeyPress = {
    key: name,
    control: key.ctrlKey,
    alt: key.altKey,
    shift: key.shiftKey,
    meta,
  };
  const blocked = blockedShortcut(press);
  if (blocked !== null) return { ...blocked, byPlace };
  if (key.ctrlKey && key.altKey && SYSTEM_KEYS.test(name))
    return { kind: 'outside-input', shortcut: `ctrl+alt+${name.toLowerCase()}`, byPlace };
  return null;
};
