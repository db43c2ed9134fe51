import type { TSchema } from 'typebox';
import type { JsonObject, LedgerEntry } from '#shared/ledger/entry.ts';
import { FACTS } from '#shared/wire/facts.ts';
import { fitting, pick, type Random, spoiled } from './from-schema.ts';

const TYPES = Object.keys(FACTS) as (keyof typeof FACTS)[];
const HASH = 'a'.repeat(64);
/** The last moment that an entry may name. */
const LATEST = 253_402_300_799_999;

/** Stored entries of an attempt, of all types that there are and one that there is not. */
export const someEntries = (random: Random, attemptId: string, count: number): LedgerEntry[] =>
  Array.from({ length: count }, (_, i) => {
    const type = pick(random, TYPES);
    return {
      attemptId: attemptId as LedgerEntry['attemptId'],
      seq: i + 1,
      t: i * 1_000,
      wall: random() < 0.1 ? LATEST : Date.now() + i * 1_000,
      type: random() < 0.08 ? 'later-kind' : type,
      data: fitting(FACTS[type] as TSchema, random) as JsonObject,
      previous: HASH,
      hash: HASH,
    };
  });

interface Variants {
  readonly anyOf: readonly (TSchema & {
    readonly properties: { readonly type: { readonly const: string } };
  })[];
}

/** The message of that type of a union of messages. */
export const variant = (union: TSchema, type: string): TSchema => {
  const found = (union as unknown as Variants).anyOf.find(
    ({ properties }) => properties.type.const === type,
  );
  if (found === undefined) throw new Error(`no message ${type}`);
  return found;
};

/** What a server says that has these schemas: four of five fit, the others are spoiled. */
export const said = (schema: TSchema, random: Random): unknown => {
  const value = fitting(schema, random);
  return random() < 0.2 ? spoiled(value, random) : value;
};
