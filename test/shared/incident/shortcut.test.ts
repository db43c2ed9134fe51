import { describe, expect, it } from 'vitest';
import { blockedShortcut, type KeyPress, textStepOf } from '#shared/incident/shortcut.ts';

const press = (text: string): KeyPress => {
  const parts = text.split(' ');
  const key = parts.at(-1) ?? '';
  return {
    key: key === 'Space' ? ' ' : key,
    control: parts.includes('ctrl'),
    alt: parts.includes('alt'),
    shift: parts.includes('shift'),
    meta: parts.includes('meta'),
  };
};

describe('blocked shortcuts', () => {
  it.each([
    ['PrintScreen', 'screenshot'],
    ['alt PrintScreen', 'screenshot'],
    ['meta shift S', 'screenshot'],
    ['meta shift 4', 'screenshot'],
    ['meta shift $', 'screenshot'],
    ['ctrl p', 'print'],
    ['meta P', 'print'],
    ['ctrl t', 'outside-input'],
    ['ctrl N', 'outside-input'],
    ['ctrl w', 'outside-input'],
    ['ctrl r', 'outside-input'],
    ['ctrl shift I', 'outside-input'],
    ['ctrl shift Delete', 'outside-input'],
    ['ctrl Tab', 'outside-input'],
    ['alt Tab', 'outside-input'],
    ['alt F4', 'outside-input'],
    ['alt Space', 'outside-input'],
    ['F12', 'outside-input'],
    ['F5', 'outside-input'],
    ['F11', 'outside-input'],
    ['Meta', 'outside-input'],
    ['meta Meta', 'outside-input'],
    ['ContextMenu', 'outside-input'],
  ])('%s is %s', (keys, kind) => {
    expect(blockedShortcut(press(keys))?.kind).toBe(kind);
  });

  it.each([
    'a',
    'Ñ',
    '1',
    'Space',
    'Enter',
    'Tab',
    'shift Tab',
    'Escape',
    'ArrowDown',
    'Home',
    'Backspace',
    'Control',
    'Shift',
    'Alt',
    // Editing inside a text field, and the clipboard's keys, which its own events state.
    'ctrl a',
    'ctrl z',
    'ctrl ArrowLeft',
    'ctrl Backspace',
    'ctrl c',
    'ctrl v',
    'ctrl x',
    // The size of the text.
    'ctrl +',
    'ctrl shift +',
    'ctrl =',
    'ctrl -',
    'ctrl 0',
    'meta +',
    // AltGr is Control+Alt: @ # | ~ on Spanish keyboards.
    'ctrl alt @',
    'ctrl alt #',
    'ctrl alt e',
  ])('%s passes', (keys) => {
    expect(blockedShortcut(press(keys))).toBeNull();
  });

  it('what AltGr types is typing, also where it is no Control+Alt', () => {
    for (const key of ['e', 'd', '€', '@', ' '])
      expect(blockedShortcut({ ...press('alt x'), key, altGraph: true })).toBeNull();
    expect(blockedShortcut({ ...press('alt Tab'), altGraph: true })?.shortcut).toBe('alt+tab');
  });

  it.each([
    ['ctrl +', 'larger'],
    ['ctrl shift +', 'larger'],
    ['ctrl =', 'larger'],
    ['meta =', 'larger'],
    ['ctrl -', 'smaller'],
    ['ctrl shift _', 'smaller'],
    ['ctrl 0', 'reset'],
    ['+', null],
    ['0', null],
    ['ctrl alt 0', null],
    ['ctrl 1', null],
  ])('%s makes the text %s', (keys, step) => {
    expect(textStepOf(press(keys))).toBe(step);
  });

  it('names the keys for the person who judges', () => {
    expect(blockedShortcut(press('ctrl shift I'))?.shortcut).toBe('ctrl+shift+i');
  });
});
