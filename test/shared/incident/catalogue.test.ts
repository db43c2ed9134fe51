import { describe, expect, it } from 'vitest';
import en from '#assets/locales/en/incidents.json' with { type: 'json' };
import es from '#assets/locales/es/incidents.json' with { type: 'json' };
import { CATALOGUE, counts, DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import { PolicySchema } from '#shared/incident/policy.ts';
import { check } from '#shared/kernel/schema.ts';

const TEXTS = ['title', 'seen', 'mend', 'staff'] as const;

describe.each([
  ['es', es as Readonly<Record<string, Readonly<Record<string, string>>>>],
  ['en', en as Readonly<Record<string, Readonly<Record<string, string>>>>],
])('words in %s', (_, words) => {
  it.each(INCIDENT_KINDS)('has every text of %s, and nothing else', (kind) => {
    // Who is warned is told what to do, in an imperative of its own.
    const warned = CATALOGUE[kind].policy.warnAfterMs === null ? [] : ['warn'];
    const texts = [...TEXTS, ...warned];
    expect(Object.keys(words[kind] ?? {})).toEqual(texts);
    for (const text of texts) expect(words[kind]?.[text]?.trim()).not.toBe('');
    expect(words[kind]?.seen).toMatch(/\.$/);
    expect(words[kind]?.staff?.length).toBeLessThanOrEqual(48);
  });

  it('has no kind that the catalogue does not know, but words for such a one', () => {
    expect(Object.keys(words).sort()).toEqual([...INCIDENT_KINDS, 'unknown'].sort());
  });
});

it('says what was recorded, never who is to blame', () => {
  for (const kind of INCIDENT_KINDS) {
    expect(es[kind].seen).toMatch(/registró/);
    expect(en[kind].seen).toMatch(/recorded/);
    expect(es[kind].seen).not.toMatch(/\busted\b|copi[óa]ndo|trampa|infracción/i);
    expect(en[kind].seen).not.toMatch(/\byou (copied|cheated|left|broke)|violation/i);
  }
});

it('two languages never share a sentence', () => {
  for (const kind of INCIDENT_KINDS) expect(es[kind].seen).not.toBe(en[kind].seen);
});

describe('catalogue', () => {
  it.each(INCIDENT_KINDS)('%s names its articles and its reason', (kind) => {
    const { articles, reason } = CATALOGUE[kind];
    expect(articles.length).toBeGreaterThan(0);
    for (const article of articles) expect(article).toMatch(/^\d{1,2}[a-z]?$/);
    expect(reason.length).toBeGreaterThan(20);
  });

  it('is in the order of the kinds', () => {
    expect(Object.keys(CATALOGUE)).toEqual(INCIDENT_KINDS);
  });

  it('warns before it opens', () => {
    for (const kind of INCIDENT_KINDS) {
      const { warnAfterMs, minMs } = DEFAULT_POLICY.kinds[kind];
      if (warnAfterMs !== null) expect(warnAfterMs).toBeLessThan(minMs);
    }
  });

  // The table of the regulations: what counts by default.
  it('counts exactly what the regulations count', () => {
    expect(INCIDENT_KINDS.filter((kind) => counts(kind, DEFAULT_POLICY))).toEqual([
      'focus-lost',
      'forbidden-app',
      'screenshot',
      'screen-share',
      'clipboard',
      'print',
      'extra-display',
      'peripheral',
      'remote-session',
      'camera-off',
      'camera-covered',
      'camera-frozen',
      'no-face',
      'off-frame',
      'turned-away',
      'several-faces',
    ]);
  });
});

it('the default policy fits its schema', () => {
  expect(check(PolicySchema, DEFAULT_POLICY)).toEqual({ ok: true, value: DEFAULT_POLICY });
  expect(DEFAULT_POLICY).toMatchObject({ cameraExempt: false, copyAttemptLimit: 3 });
});
