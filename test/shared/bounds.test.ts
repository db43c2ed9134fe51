import { globSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { expect, test } from 'vitest';
import { FactsSchema, ObservationSchema } from '#shared/incident/observation.ts';
import { LATER } from '#shared/kernel/json-size.ts';
import { LedgerEntrySchema } from '#shared/ledger/entry.ts';
import { FACTS } from '#shared/wire/facts.ts';
import { unboundedIn } from './unbounded.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Every schema that a module of the tree hands out, by file and name. */
const schemas = async (): Promise<ReadonlyMap<string, TSchema>> => {
  const found = new Map<string, TSchema>();
  for (const file of globSync(['shared/**/*.ts', 'server/platform/typed.ts'], { cwd: ROOT })) {
    const module: Record<string, unknown> = await import(join(ROOT, file));
    for (const [name, value] of Object.entries(module)) {
      if (typeof value === 'object' && /(Schema|Params)$/.test(name))
        found.set(`${file}:${name}`, value as TSchema);
    }
  }
  for (const [type, schema] of Object.entries(FACTS)) found.set(`FACTS:${type}`, schema);
  return found;
};

test('no schema takes a number, text, list, record or anything else without an end', async () => {
  const all = await schemas();
  expect(all.size).toBeGreaterThan(120);
  expect([...all].flatMap(([name, schema]) => unboundedIn(schema, name))).toEqual([]);
});

test('the walk finds what has no end', () => {
  const planted: Readonly<Record<string, TSchema>> = {
    text: Type.String(),
    pattern: Type.String({ pattern: '^a+$' }),
    half: Type.String({ pattern: '^abc' }),
    number: Type.Number({ minimum: 0 }),
    list: Type.Array(Type.Boolean()),
    record: Type.Record(Type.String({ pattern: '^[a-z]$' }), Type.Boolean()),
    loose: Type.Record(Type.String({ pattern: '^[a-z]$' }), Type.Boolean(), { maxProperties: 9 }),
    object: Type.Object({}),
    open: Type.Object({}, { additionalProperties: true }),
    anything: Type.Unknown(),
  };
  for (const [name, schema] of Object.entries(planted)) {
    const inside = Type.Object(
      { deep: Type.Union([Type.Array(schema, { maxItems: 1 }), Type.Null()]) },
      { additionalProperties: false },
    );
    expect(unboundedIn(inside, name), name).toHaveLength(1);
  }
});

const nested = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);

test('facts have no other names than their pattern allows, and no other values', () => {
  expect(Check(FactsSchema, { key: 'Alt+Tab', held: 12, repeat: false })).toBe(true);
  for (const facts of [
    { Ñ: nested(4_000) },
    { 'a b': 'x' },
    { UPPER: 1 },
    { '': 1 },
    { __proto__x: 1 },
    { key: nested(1) },
    { key: null },
    { key: 9e15 },
    { key: 'x'.repeat(201) },
    Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, i])),
  ]) {
    expect(Check(FactsSchema, facts), JSON.stringify(facts).slice(0, 60)).toBe(false);
  }
});

test('members of a later version are kept as long as they are small', () => {
  const observation = { kind: 'focus-lost', phase: 'began', t: 1, facts: {} };
  expect(Check(ObservationSchema, { ...observation, later: { of: ['any', 'kind'] } })).toBe(true);
  for (const later of [nested(4_000), 'x'.repeat(9_000), Array.from({ length: 2_000 }, () => 0)]) {
    expect(Check(ObservationSchema, { ...observation, later })).toBe(false);
  }
  const many = Object.fromEntries(
    Array.from({ length: LATER.maxProperties }, (_, i) => [`later${i}`, i]),
  );
  expect(Check(ObservationSchema, { ...observation, ...many })).toBe(false);
});

test('an entry names no moment that is no date', () => {
  const entry = {
    attemptId: 'a',
    seq: 1,
    t: 0,
    wall: Date.UTC(2026, 10, 30),
    type: 'checkpoint',
    data: {},
    previous: '0'.repeat(64),
    hash: '0'.repeat(64),
  };
  expect(Check(LedgerEntrySchema, entry)).toBe(true);
  for (const change of [
    { wall: 9e15 },
    { wall: 8.64e15 },
    { wall: -1 },
    { t: Number.MAX_SAFE_INTEGER },
    { seq: Number.MAX_SAFE_INTEGER },
  ]) {
    expect(Check(LedgerEntrySchema, { ...entry, ...change }), JSON.stringify(change)).toBe(false);
  }
});
