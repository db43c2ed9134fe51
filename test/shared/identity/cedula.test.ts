import { describe, expect, test } from 'vitest';
import {
  cedulaCheckDigit,
  cedulaState,
  isPassport,
  normaliseDocument,
} from '#shared/identity/cedula.ts';

test.each([
  ['171003406', 5],
  ['092636892', 9],
  ['010203040', 0],
])('check digit of %s', (nine, digit) => {
  expect(cedulaCheckDigit(nine)).toBe(digit);
  expect(cedulaState(`${nine}${digit}`)).toBe('valid');
  expect(cedulaState(`${nine}${(digit + 1) % 10}`)).toBe('doubtful');
});

describe('what a number says of itself', () => {
  const withCheckDigit = (nine: string): string => `${nine}${cedulaCheckDigit(nine)}`;
  test.each([
    ['of somebody registered abroad', withCheckDigit('301003406'), 'valid'],
    ['of another code for abroad', withCheckDigit('501003406'), 'valid'],
    ...['0', '1', '2', '3', '4', '5', '6'].map((third): [string, string, string] => [
      `with third digit ${third}`,
      withCheckDigit(`09${third}121443`),
      'valid',
    ]),
    ['as published: a person whose taxpayer’s number begins so', '0961214434', 'valid'],
    ['no province', withCheckDigit('001003406'), 'doubtful'],
    ['a province that is none', withCheckDigit('251003406'), 'doubtful'],
    ['a third digit that no person is known to have', withCheckDigit('179003406'), 'doubtful'],
    ['nine digits', '171003406', 'none'],
    ['eleven digits', '17100340655', 'none'],
    ['a taxpayer’s number', '1710034065001', 'none'],
    ['letters', '17100340A5', 'none'],
    ['digits of another script', '１７１００３４０６５', 'none'],
    ['nothing', '', 'none'],
  ])('%s', (_name, text, state) => {
    expect(cedulaState(text)).toBe(state);
  });
});

test.each([
  ['A1234567', true],
  ['123456789', true],
  ['AB1234', true],
  ['ABCDEFGH', false],
  ['A1234', false],
  ['A123456789012', false],
  ['a1234567', false],
  ['A12-4567', false],
])('%s may be a passport: %s', (text, expected) => {
  expect(isPassport(text)).toBe(expected);
});

test('documents are compared as they are meant', () => {
  expect(normaliseDocument(' 171003406-5 ')).toBe('1710034065');
  expect(normaliseDocument('a.1234 567')).toBe('A1234567');
});
