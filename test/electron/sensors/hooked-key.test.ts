import fc from 'fast-check';
import { UiohookKey } from 'uiohook-napi';
import { describe, expect, test } from 'vitest';
import { type HookedKey, hookedShortcut } from '#electron/sensors/native/hooked-key.ts';

const key = (keycode: number, held = ''): HookedKey => ({
  keycode,
  ctrlKey: held.includes('c'),
  altKey: held.includes('a'),
  shiftKey: held.includes('s'),
  metaKey: held.includes('m'),
  rightAlt: held.includes('r'),
});

describe('what a hooked key press means', () => {
  test.each<[string, number, string, string | null]>([
    ['Alt+Tab', UiohookKey.Tab, 'a', 'outside-input alt+tab'],
    ['the system key', UiohookKey.Meta, 'm', 'outside-input meta'],
    ['the right system key', UiohookKey.MetaRight, '', 'outside-input meta'],
    ['Ctrl+Alt+F2', UiohookKey.F2, 'ca', 'outside-input ctrl+alt+f2'],
    ['Ctrl+Alt+Delete', UiohookKey.Delete, 'ca', 'outside-input ctrl+alt+delete'],
    ['Ctrl+Shift+Escape', UiohookKey.Escape, 'cs', 'outside-input ctrl+shift+escape'],
    ['PrintScreen', UiohookKey.PrintScreen, '', 'screenshot printscreen'],
    ['Alt+PrintScreen', UiohookKey.PrintScreen, 'a', 'screenshot alt+printscreen'],
    ['Win+Shift+S', UiohookKey.S, 'ms', 'screenshot shift+meta+s'],
    ['Cmd+Shift+3', UiohookKey[3], 'ms', 'screenshot shift+meta+3'],
    ['Cmd+Shift+4', UiohookKey[4], 'ms', 'screenshot shift+meta+4'],
    ['Cmd+Shift+5', UiohookKey[5], 'ms', 'screenshot shift+meta+5'],
    ['Ctrl+P', UiohookKey.P, 'c', 'print ctrl+p'],
    ['Alt+F4', UiohookKey.F4, 'a', 'outside-input alt+f4'],
    ['a letter', UiohookKey.P, '', null],
    ['a capital letter', UiohookKey.P, 's', null],
    ['Tab', UiohookKey.Tab, '', null],
    ['Enter', UiohookKey.Enter, '', null],
    ['AltGr+2 (@ on this keyboard)', UiohookKey[2], 'ca', null],
    ['copying, which the clipboard states', UiohookKey.C, 'c', null],
    ['Control alone', UiohookKey.Ctrl, 'c', null],
    ['Alt+E', UiohookKey.E, 'a', 'outside-input alt+e'],
    ['AltGr+E on X11, € on this keyboard', UiohookKey.E, 'ar', null],
    ['AltGr+D', UiohookKey.D, 'ar', null],
    ['AltGr+F', UiohookKey.F, 'ars', null],
    ['AltGr+Space', UiohookKey.Space, 'ar', null],
    ['AltGr+3 (#)', UiohookKey[3], 'ar', null],
    ['the right Alt with Tab', UiohookKey.Tab, 'ar', 'outside-input alt+tab'],
    ['the right Alt with F4', UiohookKey.F4, 'ar', 'outside-input alt+f4'],
    ['larger text', UiohookKey.Equal, 'c', null],
    ['smaller text', UiohookKey.Minus, 'c', null],
  ])('%s', (_, code, held, said) => {
    const blocked = hookedShortcut(key(code, held));
    expect(blocked === null ? null : `${blocked.kind} ${blocked.shortcut}`).toBe(said);
  });

  test('nothing that is typed without Control, Alt or Command gets out, whatever the code', () => {
    const harmless = /^(shift\+)?(f\d+|printscreen|meta)$/;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), fc.boolean(), (keycode, shift) => {
        const blocked = hookedShortcut(key(keycode, shift ? 's' : ''));
        expect(blocked?.shortcut ?? 'f1').toMatch(harmless);
      }),
    );
  });

  test('the rows of letters are where the library has them', () => {
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
      const code = Object.entries(UiohookKey).find(([name]) => name === letter)?.[1] ?? -1;
      const blocked = hookedShortcut(key(code, 'c'));
      if (blocked !== null) expect(blocked.shortcut).toBe(`ctrl+${letter.toLowerCase()}`);
    }
  });
});
