import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashInput, sealEntry } from '#shared/chain/chain.ts';
import { verifyChain } from '#shared/chain/verify.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { MAX_DATA_DEPTH, MAX_DATA_SIZE } from '#shared/kernel/bounds.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import { GENESIS, type Json, type JsonObject, type LedgerEntry } from '#shared/ledger/entry.ts';
import { digest, newKey, signatures } from '#test/shared/ledger/crypto.ts';

describe('canonical text', () => {
  it('is what the npm package canonicalize makes of any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(canonicalText(value as Json)).toBe(canonicalize(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('orders keys by UTF-16 code units, whatever the characters', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.integer()), (value) => {
        expect(canonicalText(value)).toBe(canonicalize(value));
      }),
    );
  });

  it('writes numbers as ECMAScript does', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(canonicalText(value)).toBe(canonicalize(value));
      }),
    );
  });

  // RFC 8785, 3.2.3.
  it('gives the example of the RFC', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(canonicalText(value)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
    expect(
      canonicalText(
        JSON.parse('[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]'),
      ),
    ).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27]');
  });

  it('leaves out what is undefined', () => {
    expect(canonicalText({ b: 1, a: undefined })).toBe('{"b":1}');
  });

  it.each<readonly [string, unknown]>([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['half a surrogate pair', 'a\ud83d'],
    ['its other half, in a key', { '\ude00': 1 }],
    ['a function', () => 1],
    ['a bigint', 1n],
    ['undefined in a list', [undefined]],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalText(value as Json)).toThrow(TypeError);
  });
});

const attemptId = 'a-1' as AttemptId;
const key = newKey();
const publicKey = await key.publicKey();

const nested = (depth: number): JsonObject =>
  Array.from({ length: depth }).reduce<JsonObject>((inner) => ({ inner }), {});

const FACTS: readonly (readonly [string, JsonObject])[] = [
  [
    'attempt-opened',
    {
      deviceId: 'd-1',
      sessionId: 's-1',
      publicKey,
      host: { kind: 'fake', version: '1', build: null },
      coverage: { power: { level: 'not-watched', reason: 'not-built' } },
      policy: DEFAULT_POLICY as unknown as JsonObject,
    },
  ],
  ['device-checked', { results: [{ requirement: 'camera', outcome: 'ok' }] }],
  ['question-visited', { questionId: 'q1' }],
  ['question-visited', { questionId: 'q2' }],
  ['answer-saved', { questionId: 'q2', optionIds: ['a'] }],
  ['question-flagged', { questionId: 'q2', flagged: true }],
  ['checkpoint', {}],
];

const chain = async (
  facts: readonly (readonly [string, JsonObject])[] = FACTS,
  change: (draft: { attemptId: AttemptId; seq: number; t: number }) => object = () => ({}),
): Promise<LedgerEntry[]> => {
  const entries: LedgerEntry[] = [];
  for (const [i, [type, data]] of facts.entries()) {
    const draft = { attemptId, seq: i + 1, t: i * 1_000, wall: 1_700_000_000_000 + i, type, data };
    entries.push(
      await sealEntry({ ...draft, ...change(draft) }, entries.at(-1)?.hash ?? GENESIS, {
        digest,
        key,
      }),
    );
  }
  return entries;
};

const whole = await chain();
const judge = (entries: readonly unknown[], under = publicKey) =>
  verifyChain(entries, { digest, signatures, publicKey: under });
const without = <T>(list: readonly T[], index: number) => list.filter((_, i) => i !== index);
const changed = (index: number, change: object): unknown[] =>
  whole.map((entry, i) => (i === index ? { ...entry, ...change } : entry));
const sealedAgain = async (index: number, change: Partial<LedgerEntry>): Promise<unknown[]> => {
  const entry = { ...whole[index], ...change } as LedgerEntry;
  return changed(index, { ...change, hash: await digest.sha256Hex(hashInput(entry)) });
};

describe('verifying a chain', () => {
  it('accepts what was sealed, and any beginning of it', async () => {
    for (let n = 0; n <= whole.length; n++)
      expect(await judge(whole.slice(0, n))).toEqual({ valid: true, entries: n });
  });

  it('signs what must be signed and nothing else', () => {
    expect(whole.map(({ signature }) => signature !== undefined)).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
  });

  it.each<readonly [string, () => unknown[] | Promise<unknown[]>, number, string]>([
    [
      'an edited answer',
      () => changed(4, { data: { questionId: 'q2', optionIds: ['b'] } }),
      5,
      'hash',
    ],
    [
      'an edited answer, hashed again',
      () => sealedAgain(4, { data: { questionId: 'q2', optionIds: ['b'] } }),
      5,
      'signature-wrong',
    ],
    [
      'an edited unsigned entry, hashed again',
      () => sealedAgain(2, { data: { questionId: 'q9' } }),
      4,
      'previous',
    ],
    ['an edited time', () => changed(3, { t: 3_001 }), 4, 'hash'],
    ['an edited wall time', () => changed(3, { wall: 1 }), 4, 'hash'],
    ['a missing entry', () => without(whole, 3), 4, 'sequence'],
    ['a missing first entry', () => without(whole, 0), 1, 'sequence'],
    ['a doubled entry', () => [...whole.slice(0, 3), ...whole.slice(2)], 4, 'sequence'],
    [
      'two entries in the wrong order',
      () => [...whole.slice(0, 2), whole[3], whole[2], ...whole.slice(4)],
      3,
      'sequence',
    ],
    [
      'a signature taken away',
      () => whole.map(({ signature: _, ...entry }) => entry),
      1,
      'signature-missing',
    ],
    [
      "another entry's signature",
      () => changed(4, { signature: whole[1]?.signature ?? '' }),
      5,
      'signature-wrong',
    ],
    ['an entry of another attempt', () => changed(2, { attemptId: 'a-2' }), 3, 'other-attempt'],
    ['a member too many', () => changed(2, { note: 'x' }), 3, 'malformed'],
    ['no entry at all', () => [...whole, null], 8, 'malformed'],
    ['a hash that is no hash', () => changed(1, { hash: 'zz' }), 2, 'malformed'],
  ])('notices %s', async (_, forge, seq, reason) => {
    expect(await judge(await forge())).toEqual({ valid: false, seq, reason });
  });

  it('notices another key', async () => {
    const other = await newKey().publicKey();
    expect(await judge(whole, other)).toEqual({ valid: false, seq: 1, reason: 'signature-wrong' });
  });

  it('notices a first entry that names another key than the one that signs', async () => {
    const [opened, ...rest] = FACTS;
    const other = await newKey().publicKey();
    const forged = await chain([['attempt-opened', { ...opened?.[1], publicKey: other }], ...rest]);
    expect(await judge(forged)).toEqual({ valid: false, seq: 1, reason: 'opening' });
  });

  it('notices what was sealed rightly but cannot be', async () => {
    const cases: readonly (readonly [Promise<LedgerEntry[]>, number, string])[] = [
      [chain(FACTS.slice(1)), 1, 'opening'],
      [chain([...FACTS, ...FACTS.slice(0, 1)]), 8, 'opening'],
      [chain([...FACTS, ['answer-saved', { questionId: 'q1' }]]), 8, 'data'],
      [chain([...FACTS, ['no-such-fact', { text: 'x'.repeat(MAX_DATA_SIZE) }]]), 8, 'data'],
      [chain([...FACTS, ['checkpoint', { text: 'x'.repeat(MAX_DATA_SIZE) }]]), 8, 'data'],
      [chain([...FACTS, ['no-such-fact', nested(MAX_DATA_DEPTH + 1)]]), 8, 'data'],
      [chain(FACTS, ({ seq }) => (seq === 4 ? { t: 1_999 } : {})), 4, 'time'],
    ];
    for (const [entries, seq, reason] of cases)
      expect(await judge(await entries)).toEqual({ valid: false, seq, reason });
  });

  it('takes what a later version adds: types, members, kinds, hosts', async () => {
    const [opened, ...rest] = FACTS;
    const later: readonly (readonly [string, JsonObject])[] = [
      ['attempt-opened', { ...opened?.[1], host: { kind: 'tablet', version: '9', build: null } }],
      ...rest,
      ['no-such-fact', nested(MAX_DATA_DEPTH - 1)],
      ['checkpoint', { more: [{ and: 'more' }] }],
      ['observation', { kind: 'smart-glasses', phase: 'happened', t: 1, facts: {}, sure: 0.9 }],
    ];
    expect(await judge(await chain(later))).toEqual({ valid: true, entries: later.length });
  });

  it('notices any single change anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.constantFrom('t', 'wall', 'seq', 'type', 'previous', 'hash', 'attemptId', 'data'),
        fc.jsonValue(),
        async (index, field, value) => {
          const before = whole[index] as unknown as Record<string, unknown>;
          fc.pre(JSON.stringify(before[field]) !== JSON.stringify(value));
          const outcome = await judge(changed(index, { [field]: value }));
          // A canonical hash does not tell -0 from 0; nothing else escapes it.
          fc.pre(!Object.is(value, -0));
          expect(outcome.valid).toBe(false);
        },
      ),
    );
  });
});
