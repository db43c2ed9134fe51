import { beforeEach, describe, expect, it } from 'vitest';
import { createOwnText, incomingText, type OwnText } from '#shared/kiosk/machine/own-text.ts';

/** A text field as a browser has it, as far as it is touched here. */
const field = (value: string, change: object = {}) => ({
  type: 'textarea',
  value,
  readOnly: false,
  disabled: false,
  maxLength: -1,
  selectionStart: 0,
  selectionEnd: value.length,
  setRangeText(text: string, start: number, end: number) {
    this.value = this.value.slice(0, start) + text + this.value.slice(end);
    this.selectionStart = start + text.length;
    this.selectionEnd = this.selectionStart;
  },
  ...change,
});
const nothing = () => '';
const outside = () => 'la respuesta es b';

let changes: unknown[];
let own: OwnText;
beforeEach(() => {
  changes = [];
  own = createOwnText((one) => changes.push(one));
});

describe('one’s own words in a field', () => {
  it('are cut and pasted back, and nothing of it is a fact', () => {
    const objection = field('Se me cayó el lápiz');
    expect(own.isFact('cut', objection, nothing)).toBe(false);
    expect(objection.value).toBe('');
    expect(own.isFact('paste', objection, nothing)).toBe(false);
    expect(own.isFact('paste', objection, nothing)).toBe(false);
    expect(objection.value).toBe('Se me cayó el lápizSe me cayó el lápiz');
    expect(changes).toHaveLength(3);
  });

  it('stand instead of what is in the system’s clipboard', () => {
    const objection = field('hola');
    own.isFact('copy', objection, nothing);
    expect(own.isFact('paste', objection, outside)).toBe(false);
    expect(objection.value).toBe('hola');
  });

  it('come in by the middle button as well, chosen with the mouse', () => {
    const objection = field('uno dos', { selectionStart: 7 });
    expect(own.isFact('paste', objection, () => 'dos')).toBe(false);
    expect(objection.value).toBe('uno dosdos');
  });

  it('fit into the field', () => {
    const objection = field('abcdef', { maxLength: 8 });
    own.isFact('copy', objection, nothing);
    objection.selectionStart = 6;
    own.isFact('paste', objection, nothing);
    expect(objection.value).toBe('abcdefab');
  });

  it('go into no other field, and out of none by dragging', () => {
    const objection = field('mi texto');
    const code = field('');
    own.isFact('copy', objection, nothing);
    expect(own.isFact('paste', code, nothing)).toBe(false);
    expect(code.value).toBe('');
    expect(own.isFact('paste', code, outside)).toBe(true);
    expect(own.isFact('dragstart', objection, nothing)).toBe(false);
    expect(own.isFact('drop', objection, nothing)).toBe(true);
  });

  it('are not somebody’s code', () => {
    const secret = field('K7M2', { type: 'password' });
    expect(own.isFact('cut', secret, nothing)).toBe(false);
    expect(own.isFact('paste', secret, nothing)).toBe(false);
    expect(secret.value).toBe('K7M2');
  });
});

describe('what is a fact', () => {
  it.each([
    ['text from outside', outside],
    ['a picture', () => incomingText({ getData: () => '', types: ['Files'] })],
  ])('%s', (_, incoming) => {
    const objection = field('algo');
    expect(own.isFact('paste', objection, incoming)).toBe(true);
    expect(objection.value).toBe('algo');
  });

  it.each([
    ['the page', { nodeName: 'BODY' }],
    ['nothing', null],
    ['a radio button', field('', { selectionStart: null, selectionEnd: null })],
    ['a field that nobody may write in', field('x', { readOnly: true })],
    ['a field that is switched off', field('x', { disabled: true })],
  ])('anything on %s', (_, target) => {
    own.isFact('copy', field('propio'), nothing);
    for (const action of ['copy', 'cut', 'paste', 'dragstart', 'drop'] as const)
      expect(own.isFact(action, target, nothing)).toBe(true);
  });
});
