import { describe, expect, test } from 'vitest';
import {
  cedulaCheckDigit,
  isCedula,
  isPassport,
  normaliseDocument,
} from '#shared/identity/cedula.ts';

test.each([
  ['171003406', 5],
  ['092636892', 9],
  ['010203040', 0],
])('check digit of %s', (nine, digit) => {
  expect(cedulaCheckDigit(nine)).toBe(digit);
  expect(isCedula(`${nine}${digit}`)).toBe(true);
  expect(isCedula(`${nine}${(digit + 1) % 10}`)).toBe(false);
});

describe('what is no cédula of a person', () => {
  const withCheckDigit = (nine: string): string => `${nine}${cedulaCheckDigit(nine)}`;
  test.each([
    ['no province', withCheckDigit('001003406')],
    ['a province that is none', withCheckDigit('251003406')],
    ['a company', withCheckDigit('179003406')],
    ['nine digits', '171003406'],
    ['eleven digits', '17100340655'],
    ['letters', '17100340A5'],
    ['digits of another script', '１７１００３４０６５'],
    ['nothing', ''],
  ])('%s', (_name, text) => {
    expect(isCedula(text)).toBe(false);
  });
  test('somebody registered abroad has one', () => {
    expect(isCedula(withCheckDigit('301003406'))).toBe(true);
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
