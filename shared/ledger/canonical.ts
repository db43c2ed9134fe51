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
  return JSON.stringify(value);
};

const object = (value: JsonObject): string => {
  // The default order of sort() is that of UTF-16 code units, which RFC 8785 asks for. Built in a loop:
  // the server does this for every entry of every kiosk.
  let members = '';
  for (const key of Object.keys(value).sort()) {
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
