import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACCOMMODATION_EFFECTS,
  ACCOMMODATIONS,
  type Accommodation,
  accommodate,
  isAccommodation,
} from '#shared/incident/accommodation.ts';
import { CATALOGUE, counts, DEFAULT_POLICY, needsCamera } from '#shared/incident/catalogue.ts';
import { INCIDENT_KINDS, type IncidentKind } from '#shared/incident/kind.ts';
import type { Facts } from '#shared/incident/observation.ts';
import { type KindPolicy, kindPolicy, type Policy, PolicySchema } from '#shared/incident/policy.ts';
import type { RuleInput } from '#shared/incident/rules-state.ts';
import { check } from '#shared/kernel/schema.ts';
import { policyFor } from '#test/support/fake/policy-for.ts';
import {
  began,
  copyAttemptsOf,
  ended,
  happened,
  incidentsOf,
  resumed,
  run,
  time,
} from './run-rules.ts';

const withCodes = (...codes: readonly Accommodation[]): Policy => policyFor(new Set(codes));

/** What differs from the default: effect, minimum, warning. */
const differences = (policy: Policy): object =>
  Object.fromEntries(
    INCIDENT_KINDS.filter(
      (kind) =>
        JSON.stringify(kindPolicy(policy, kind)) !== JSON.stringify(DEFAULT_POLICY.kinds[kind]),
    ).map((kind) => {
      const { effect, minMs, warnAfterMs } = kindPolicy(policy, kind);
      return [kind, [effect, minMs, warnAfterMs]];
    }),
  );

describe('programs that read aloud over the clipboard', () => {
  const sentences = (kind: IncidentKind, facts: Facts): RuleInput[] => [
    resumed(0),
    ...Array.from({ length: 20 }, (_, i) => happened(kind, 1_000 + i * 5_000, facts)),
  ];
  const SERVICE: Facts = { cause: 'clipboard-text' };
  it.each<[string, readonly Accommodation[], number, IncidentKind, Facts, number]>([
    ['a service fills it', ['assistive-technology'], 2, 'outside-input', SERVICE, 0],
    [
      'a copy that the page refuses',
      ['assistive-technology'],
      2,
      'clipboard',
      { action: 'copy' },
      0,
    ],
    ['pasting', ['assistive-technology'], 2, 'clipboard', { action: 'paste' }, 20],
    [
      'text copied after leaving',
      ['assistive-technology'],
      2,
      'clipboard',
      { cause: 'copied-elsewhere' },
      20,
    ],
    ['another key', ['assistive-technology'], 2, 'outside-input', { shortcut: 'alt+tab' }, 20],
    ['a service, without the accommodation', ['extra-time'], 2, 'outside-input', SERVICE, 20],
    ['a service, by the first rules', ['assistive-technology'], 1, 'outside-input', SERVICE, 20],
  ])('%s', (_, codes, version, kind, facts, incidents) => {
    const policy = { ...withCodes(...codes), version };
    expect(incidentsOf(run(sentences(kind, facts), policy).events)).toHaveLength(incidents);
  });
});

// Written out, so that a change of the table is a change of this one.
it.each<readonly [Accommodation, object]>([
  ['extra-time', {}],
  [
    'second-person',
    { 'turned-away': ['review', 5_000, null], 'several-faces': ['review', 1_500, null] },
  ],
  [
    'involuntary-movement',
    {
      'no-face': ['count', 15_000, 7_500],
      'off-frame': ['count', 30_000, 12_000],
      'turned-away': ['count', 15_000, 9_000],
    },
  ],
  ['looks-away', { 'turned-away': ['review', 5_000, null] }],
  ['covered-face', { 'no-face': ['review', 5_000, null], 'turned-away': ['review', 5_000, null] }],
  ['assistive-technology', {}],
])('%s changes exactly what it names', (code, expected) => {
  expect(differences(withCodes(code))).toEqual(expected);
  expect(withCodes(code).cameraExempt).toBe(false);
});

it('a camera exemption takes everything that needs the camera, and nothing else', () => {
  const policy = withCodes('camera-exempt');
  expect(policy.cameraExempt).toBe(true);
  for (const kind of INCIDENT_KINDS) {
    const own = DEFAULT_POLICY.kinds[kind];
    expect(kindPolicy(policy, kind), kind).toEqual(
      needsCamera(kind) ? { ...own, effect: 'ignore', warnAfterMs: null } : own,
    );
  }
});

it.each<readonly [string, readonly Accommodation[], IncidentKind, readonly unknown[]]>([
  [
    'slow and for review',
    ['involuntary-movement', 'looks-away'],
    'turned-away',
    ['review', 15_000, null],
  ],
  ['review and ignored', ['covered-face', 'camera-exempt'], 'no-face', ['ignore', 5_000, null]],
  ['twice for review', ['second-person', 'covered-face'], 'turned-away', ['review', 5_000, null]],
  [
    'named by one of two',
    ['second-person', 'involuntary-movement'],
    'no-face',
    ['count', 15_000, 7_500],
  ],
])('together, the milder holds: %s', (_, codes, kind, expected) => {
  for (const order of [codes, [...codes].reverse()]) {
    const { effect, minMs, warnAfterMs } = kindPolicy(withCodes(...order), kind);
    expect([effect, minMs, warnAfterMs]).toEqual(expected);
  }
});

it('without any, the default policy itself', () => {
  expect(withCodes()).toBe(DEFAULT_POLICY);
});

it.each(ACCOMMODATIONS)('%s names its articles and its reason', (code) => {
  const { articles, reason } = ACCOMMODATION_EFFECTS[code];
  expect(articles.length).toBeGreaterThan(0);
  for (const article of articles) expect(article).toMatch(/^\d{1,2}[a-z]?$/);
  expect(reason.length).toBeGreaterThan(40);
});

it.each<readonly [unknown, boolean]>([
  ['second-person', true],
  ['Second-person', false],
  ['toString', false],
  ['', false],
  [null, false],
  [0, false],
])('%j is an accommodation: %s', (code, known) => {
  expect(isAccommodation(code)).toBe(known);
});

const LENIENT: Readonly<Record<KindPolicy['effect'], number>> = { count: 0, review: 1, ignore: 2 };
const codesOf = fc.subarray([...ACCOMMODATIONS]);
const SAME = { effect: 'count' as const, minMs: 1, warns: null, breakMs: 0 };
/** An exam process's own rules: any effect and any times. */
const anyPolicy: fc.Arbitrary<Policy> = fc
  .array(
    fc.record({
      effect: fc.constantFrom('count' as const, 'review' as const, 'ignore' as const),
      minMs: fc.integer({ min: 1, max: 60_000 }),
      warns: fc.option(fc.double({ min: 0, max: 0.99, noNaN: true })),
      breakMs: fc.integer({ min: 0, max: 5_000 }),
    }),
    { minLength: INCIDENT_KINDS.length, maxLength: INCIDENT_KINDS.length },
  )
  .map((all) => ({
    ...DEFAULT_POLICY,
    kinds: Object.fromEntries(
      INCIDENT_KINDS.map((kind, i) => {
        const { effect, minMs, warns, breakMs } = all[i] ?? SAME;
        const warnAfterMs = warns == null ? null : Math.floor(minMs * warns);
        return [kind, { effect, minMs, warnAfterMs, breakMs }];
      }),
    ) as Policy['kinds'],
  }));
const policies = fc.oneof(fc.constant(DEFAULT_POLICY), anyPolicy);

describe('any accommodations on any policy', () => {
  it('leave what they do not name, and everything technical, as it is', () => {
    fc.assert(
      fc.property(policies, codesOf, (policy, codes) => {
        const changed = accommodate(policy, new Set(codes));
        const named = codes.flatMap((code) => Object.keys(ACCOMMODATION_EFFECTS[code].kinds));
        for (const kind of INCIDENT_KINDS) {
          const untouched = !named.includes(kind) || CATALOGUE[kind].family === 'technical';
          if (untouched) expect(kindPolicy(changed, kind), kind).toEqual(kindPolicy(policy, kind));
        }
        const { kinds: _, cameraExempt, readsByClipboard, ...rest } = changed;
        expect({ ...policy, ...rest }).toEqual(policy);
        expect(readsByClipboard ?? false).toBe(codes.includes('assistive-technology'));
        expect(cameraExempt).toBe(codes.includes('camera-exempt'));
      }),
    );
  });

  it('are never stricter', () => {
    fc.assert(
      fc.property(policies, codesOf, (policy, codes) => {
        const changed = accommodate(policy, new Set(codes));
        for (const kind of INCIDENT_KINDS) {
          const [own, now] = [kindPolicy(policy, kind), kindPolicy(changed, kind)];
          expect(LENIENT[now.effect]).toBeGreaterThanOrEqual(LENIENT[own.effect]);
          expect(now.minMs).toBeGreaterThanOrEqual(own.minMs);
          expect(now.breakMs).toBe(own.breakMs);
          // What still counts warns as before, and leaves at least as much time after the warning.
          if (now.effect !== 'count') continue;
          expect(now.warnAfterMs === null).toBe(own.warnAfterMs === null);
          if (own.warnAfterMs === null || now.warnAfterMs === null) continue;
          expect(now.warnAfterMs).toBeGreaterThanOrEqual(own.warnAfterMs);
          expect(now.warnAfterMs).toBeLessThan(now.minMs);
          expect(now.minMs - now.warnAfterMs).toBeGreaterThanOrEqual(own.minMs - own.warnAfterMs);
        }
      }),
    );
  });

  it('are the same in any order, and fit the schema', () => {
    const orders = codesOf.chain((codes) =>
      fc.tuple(fc.constant(codes), fc.shuffledSubarray(codes, { minLength: codes.length })),
    );
    fc.assert(
      fc.property(policies, orders, (policy, [one, other]) => {
        const changed = accommodate(policy, new Set(one));
        expect(JSON.stringify(accommodate(policy, new Set(other)))).toBe(JSON.stringify(changed));
        expect(check(PolicySchema, changed)).toEqual({ ok: true, value: changed });
      }),
    );
  });

  it('with one more, are never stricter than without', () => {
    fc.assert(
      fc.property(policies, codesOf, fc.constantFrom(...ACCOMMODATIONS), (policy, codes, more) => {
        const few = accommodate(policy, new Set(codes));
        const many = accommodate(policy, new Set([...codes, more]));
        for (const kind of INCIDENT_KINDS) {
          expect(LENIENT[kindPolicy(many, kind).effect]).toBeGreaterThanOrEqual(
            LENIENT[kindPolicy(few, kind).effect],
          );
          expect(kindPolicy(many, kind).minMs).toBeGreaterThanOrEqual(kindPolicy(few, kind).minMs);
        }
      }),
    );
  });
});

describe('what the rules make of it', () => {
  /** A condition from 10 s on for `forMs`. */
  const lasting = (kind: IncidentKind, forMs: number): readonly RuleInput[] => [
    resumed(0),
    began(kind, 10_000),
    ended(kind, 10_000 + forMs),
    time(600_000),
  ];

  it.each<readonly [string, readonly Accommodation[], IncidentKind, number, number, number]>([
    ['', [], 'several-faces', 60_000, 1, 1],
    ['a helper is recorded and does not count', ['second-person'], 'several-faces', 60_000, 1, 0],
    ['an empty chair with a helper counts', ['second-person'], 'no-face', 6_000, 1, 1],
    ['six seconds turned', [], 'turned-away', 6_000, 1, 1],
    ['six seconds turned by a tic', ['involuntary-movement'], 'turned-away', 6_000, 0, 0],
    ['sixteen seconds turned', ['involuntary-movement'], 'turned-away', 16_000, 1, 1],
    ['who left', ['involuntary-movement'], 'no-face', 60_000, 1, 1],
    ['who looks away', ['looks-away'], 'turned-away', 60_000, 1, 0],
    ['who looks away and has company', ['looks-away'], 'several-faces', 60_000, 1, 1],
    ['a face that is not found', ['covered-face'], 'no-face', 60_000, 1, 0],
    ['a covered camera is no covered face', ['covered-face'], 'camera-covered', 60_000, 1, 1],
    ['another program', ['assistive-technology'], 'forbidden-app', 60_000, 1, 1],
    ['without a camera', ['camera-exempt', 'extra-time'], 'no-face', 60_000, 0, 0],
  ])('%s %j %s for %i ms: %i incidents, %i copy attempts', (_, codes, kind, ms, some, attempts) => {
    const { events } = run(lasting(kind, ms), { ...withCodes(...codes), gate: null });
    expect(incidentsOf(events)).toHaveLength(some);
    expect(copyAttemptsOf(events)).toBe(attempts);
  });

  it('does not warn of what need not be done', () => {
    const warnings = (policy: Policy): number =>
      run(lasting('turned-away', 60_000), { ...policy, gate: null }).events.filter(
        ({ type }) => type === 'warning-began',
      ).length;
    expect(warnings(DEFAULT_POLICY)).toBe(1);
    expect(warnings(withCodes('looks-away'))).toBe(0);
    expect(warnings(withCodes('involuntary-movement'))).toBe(1);
  });

  it('one lasting condition never counts where it would not count for others', () => {
    fc.assert(
      fc.property(
        codesOf,
        fc.constantFrom(...INCIDENT_KINDS),
        fc.integer({ min: 1, max: 100_000 }),
        (codes, kind, ms) => {
          const policy = withCodes(...codes);
          const attempts = copyAttemptsOf(run(lasting(kind, ms), policy).events);
          const others = copyAttemptsOf(run(lasting(kind, ms)).events);
          expect(attempts).toBeLessThanOrEqual(others);
          if (!counts(kind, policy)) expect(attempts).toBe(0);
        },
      ),
    );
  });
});
