import type { IncidentKind } from './kind.ts';

/** A key press as DOM and Electron both describe it. */
export interface KeyPress {
  /** `KeyboardEvent.key`. */
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
  /** AltGr is held: what comes is a character, whatever the layout. Absent where the system does not tell it apart. */
  readonly altGraph?: boolean;
}

/** What a key press does to the size of the screens' text. */
export type TextStep = 'larger' | 'smaller' | 'reset';

/**
 * Control (Command on macOS) with plus, minus or zero, of the letters' block or the numbers': the size of the text, on
 * every screen. Comfort and no act (Art. 22).
 * @returns null for every other key press.
 */
export const textStepOf = (press: KeyPress): TextStep | null => {
  if (press.alt || !(press.control || press.meta)) return null;
  if (press.key === '+' || press.key === '=') return 'larger';
  if (press.key === '-' || press.key === '_') return 'smaller';
  return press.key === '0' ? 'reset' : null;
};

/** What a blocked key press means: the kind that the sensor states, and the name that people read. */
export interface BlockedShortcut {
  readonly kind: Extract<IncidentKind, 'screenshot' | 'print' | 'outside-input'>;
  readonly shortcut: string;
}

/** Keys that alone leave the exam or open a tool of the browser or the system. */
const LONE_KEYS = new Set([
  'F1',
  'F3',
  'F5',
  'F6',
  'F7',
  'F10',
  'F11',
  'F12',
  'BrowserBack',
  'BrowserForward',
  'BrowserHome',
  'BrowserRefresh',
  'BrowserSearch',
  'LaunchApplication1',
  'LaunchApplication2',
  'LaunchMail',
  'ContextMenu',
  'Meta',
  'OS',
]);

/** Letters that, with Control (Command on macOS), leave the page, open a tool or change the window. */
const CONTROL_KEYS = new Set([
  'd',
  'e',
  'f',
  'g',
  'h',
  'j',
  'k',
  'l',
  'n',
  'o',
  'q',
  'r',
  's',
  't',
  'u',
  'w',
  'tab',
  'escape',
  'pageup',
  'pagedown',
  'f4',
  'f5',
  'f6',
]);

/** Control + Shift: inspectors, new windows, task managers, reopened tabs. */
const CONTROL_SHIFT_KEYS = new Set([
  'i',
  'j',
  'c',
  'n',
  't',
  'w',
  'r',
  'k',
  'm',
  'q',
  'delete',
  'escape',
  'tab',
]);

/** Alt (Option): switching, closing and window menus, history. */
const ALT_KEYS = new Set([
  'tab',
  'f4',
  'escape',
  ' ',
  'arrowleft',
  'arrowright',
  'home',
  'd',
  'e',
  'f',
]);

/**
 * Tells whether a key press must not reach the exam and what it was (Art. 29h, 29j, 29r). Everything that an
 * examinee needs for answering (letters, arrows, Tab, Enter, editing in a text field) is null. Copy, cut
 * and paste are null as well: the clipboard's own events state them, whatever key or menu they came from.
 */
export const blockedShortcut = (press: KeyPress): BlockedShortcut | null => {
  const key = press.key.toLowerCase();
  const shortcut = [
    press.control && 'ctrl',
    press.alt && 'alt',
    press.shift && 'shift',
    press.meta && 'meta',
    key === ' ' ? 'space' : key,
  ]
    .filter(Boolean)
    .join('+');
  const command = press.control || press.meta;

  // AltGr arrives as Control+Alt with a printable character, or by its own name: that is how @, #, | are typed here.
  const altGraph = press.altGraph === true || (press.control && press.alt);
  if (altGraph && [...press.key].length === 1) return null;
  if (key === 'printscreen' || key === 'snapshot') return { kind: 'screenshot', shortcut };
  if (press.meta && press.shift && ['s', '3', '4', '5', '#', '$', '%'].includes(key))
    return { kind: 'screenshot', shortcut };
  if (command && key === 'p') return { kind: 'print', shortcut };
  const outside =
    LONE_KEYS.has(press.key) ||
    (command && press.shift && CONTROL_SHIFT_KEYS.has(key)) ||
    (command && CONTROL_KEYS.has(key)) ||
    (press.alt && ALT_KEYS.has(key));
  return outside ? { kind: 'outside-input', shortcut } : null;
};
