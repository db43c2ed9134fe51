import type { Json, JsonObject, LedgerEntry } from './entry.ts';

/** What is sealed into an entry; the rest follows from it and from the entry before. */
export type EntryDraft = Pick<LedgerEntry, 'attemptId' | 'seq' | 't' | 'wall' | 'type' | 'data'>;

/** Nothing in it needs an escape, which is so for nearly every string: quotation marks are enough, and quicker. */
const PLAIN = /^[ !#-[\]-~]*$/;

const text = (value: string): string => {
  if (PLAIN.test(value)) return `"${value}"`;
  // RFC 8785, 3.2.2.2: such a string has no UTF-8, so two programs could not agree on its hash.
  if (!value.isWellFormed()) throw new TypeError('canonical JSON: lone surrogate in a string');
  return JSON.stringify(value);
};

const number = (value: number): string => {
  if (!Number.isFinite(value)) throw new TypeError('canonical JSON: not a finite number');
  // What JSON.stringify writes of a number is its string (RFC 8785, 3.2.2.3).
  return `${value}`;
};

/** The names of a value in the order of their UTF-16 code units, which RFC 8785 asks for: that of `<` and of sort(). */
const namesOf = (value: JsonObject): readonly string[] => {
  const names = Object.keys(value);
  // Most are written in order, and few: looking costs less than sorting.
  for (let i = 1; i < names.length; i += 1) {
    if ((names[i - 1] as string) > (names[i] as string)) return names.sort();
  }
  return names;
};

const object = (value: JsonObject): string => {
  // Built in a loop: the server does this for every entry of every kiosk.
  let members = '';
  for (const key of namesOf(value)) {
    const member = value[key];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${text(key)}:${canonicalText(member)}`;
  }
  return `{${members}}`;
};

/**
 * RFC 8785 canonical JSON: the one text that a JSON value has, whoever writes it.
 * Members that are `undefined` are left out, as in JSON.stringify.
 * @throws TypeError for what JSON cannot say: NaN, infinities, lone surrogates, functions.
 */
export const canonicalText = (value: Json): string => {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      return number(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return isArray(value) ? `[${value.map(canonicalText).join(',')}]` : object(value);
    default:
      throw new TypeError(`canonical JSON: ${typeof value}`);
  }
};

const isArray = (value: readonly Json[] | JsonObject): value is readonly Json[] =>
  Array.isArray(value);
