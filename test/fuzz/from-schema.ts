import fc from 'fast-check';
import type { TSchema } from 'typebox';

/** 0 (included) to 1. */
export type Random = () => number;

/** The same numbers for the same seed (mulberry32). */
export const randomOf = (seed: number): Random => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const pick = <T>(random: Random, from: readonly T[]): T =>
  from[Math.floor(random() * from.length)] as T;

/** Texts that screens trip over. */
const AWKWARD = [
  '',
  ' ',
  'Ñandú',
  '‮txet',
  '👩🏽‍🎓',
  '{{nested}} $t(key)',
  '<img src=x onerror=1>',
  '%s%n',
  'constructor',
  'null',
  '\u0000\u0007',
  'a\nb\tc',
];

const matching = new Map<string, readonly string[]>();
const texts = (pattern: string): readonly string[] => {
  let known = matching.get(pattern);
  if (known === undefined) {
    // A text that must not be one of some words is hardly ever one of them.
    const positive = pattern.replace(/\(\?!\([^)]*\)\$\)/, '');
    known = fc
      .sample(fc.stringMatching(new RegExp(positive)), { numRuns: 40, seed: 7 })
      .filter((text) => new RegExp(pattern).test(text));
    matching.set(pattern, known);
  }
  return known;
};

interface Plain {
  readonly [key: string]: unknown;
}

/** A JSON value that the schema takes; its limits come more often than what lies between. */
export const fitting = (schema: TSchema, random: Random): unknown => {
  const plain = schema as unknown as Plain;
  if (plain.const !== undefined) return plain.const;
  if (Array.isArray(plain.enum)) return pick(random, plain.enum);
  if (Array.isArray(plain.anyOf)) return fitting(pick(random, plain.anyOf), random);
  switch (plain.type) {
    case 'null':
      return null;
    case 'boolean':
      return random() < 0.5;
    case 'integer':
    case 'number': {
      const [least, most] = [Number(plain.minimum), Number(plain.maximum)];
      const [how, where] = [random(), random()];
      if (how < 0.15) return least;
      if (how < 0.3) return most;
      const value =
        how < 0.7
          ? least + where * Math.min(most - least, 10_000_000)
          : least + where * (most - least);
      return plain.type === 'integer' ? Math.floor(value) : value;
    }
    case 'string': {
      if (typeof plain.pattern === 'string') return pick(random, texts(plain.pattern));
      const [least, most] = [Number(plain.minLength ?? 0), Number(plain.maxLength)];
      const awkward = pick(random, AWKWARD);
      const text = random() < 0.02 ? awkward.padEnd(Math.min(most, 2_000), 'x') : awkward;
      return text.slice(0, most).padEnd(least, 'x');
    }
    case 'array': {
      const [least, most] = [Number(plain.minItems ?? 0), Number(plain.maxItems)];
      const length = Math.min(most, least + (random() < 0.02 ? 40 : Math.floor(random() * 3)));
      const items = Array.from({ length }, () => fitting(plain.items as TSchema, random));
      return plain.uniqueItems === true ? [...new Set(items)] : items;
    }
    case 'object':
      return objectOf(plain, random);
    default:
      return random() < 0.5 ? pick(random, AWKWARD) : { later: [1, null, { deep: true }] };
  }
};

const objectOf = (plain: Plain, random: Random): Plain => {
  const made: Record<string, unknown> = {};
  const required = new Set(plain.required as readonly string[] | undefined);
  for (const [name, schema] of Object.entries((plain.properties ?? {}) as Plain)) {
    if (required.has(name) || random() < 0.5) made[name] = fitting(schema as TSchema, random);
  }
  for (const [pattern, schema] of Object.entries((plain.patternProperties ?? {}) as Plain)) {
    const count = random() < 0.02 ? Number(plain.maxProperties) : Math.floor(random() * 4);
    for (let i = 0; i < count; i += 1) {
      made[pick(random, texts(pattern))] = fitting(schema as TSchema, random);
    }
  }
  const open = typeof plain.additionalProperties === 'object' && random() < 0.05;
  return open
    ? { ...made, laterVersion: fitting(plain.additionalProperties as TSchema, random) }
    : made;
};

const deep = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 0);
const HOSTILE: readonly unknown[] = [
  9e15,
  -1,
  1e308,
  null,
  deep(200),
  deep(1_500),
  'x'.repeat(70_000),
  JSON.parse('{"__proto__":{"polluted":1},"constructor":1}'),
  Array.from({ length: 20_000 }, () => 0),
  true,
  '',
];

/** The value with one of its parts replaced by something that nobody honest says, or with a part more. */
export const spoiled = (value: unknown, random: Random): unknown => {
  if (typeof value !== 'object' || value === null || random() < 0.1) return pick(random, HOSTILE);
  if (Array.isArray(value)) {
    const at = Math.floor(random() * value.length);
    return value.length === 0
      ? [pick(random, HOSTILE)]
      : value.map((item, i) => (i === at ? spoiled(item, random) : item));
  }
  const names = Object.keys(value);
  const name = random() < 0.2 ? pick(random, ['Ñ', 'a b', 'toString', 'x9']) : pick(random, names);
  return { ...value, [name ?? 'x']: spoiled((value as Plain)[name ?? 'x'], random) };
};
