import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import { entryWords } from '#renderer/dashboard/attempt/entry-words.ts';
import { DASHBOARD_WORDS } from '#renderer/dashboard/shell/dashboard-locale.ts';
import { CHECK_OUTCOMES } from '#shared/identity/identity-facts.ts';
import { ACCOMMODATIONS } from '#shared/incident/accommodation.ts';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import { PROBLEM_CODES } from '#shared/kernel/problem.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { CommandSchema } from '#shared/wire/command.ts';
import { FACTS } from '#shared/wire/facts.ts';
import { ROLES } from '#shared/wire/roles.ts';
import { everyEntry } from './ledger-data.ts';

const { dashboard: es, incidents: esIncidents, problems: esProblems } = DASHBOARD_WORDS.es;
const { dashboard: en, incidents: enIncidents, problems: enProblems } = DASHBOARD_WORDS.en;

type Tree = { readonly [key: string]: string | Tree };

const leaves = (tree: Tree, path = ''): readonly (readonly [string, string])[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as const]
      : leaves(value, `${path}${key}.`),
  );
const holes = (text: string): readonly string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe('words of the dashboard', () => {
  const spanish = new Map(leaves(es));
  const english = new Map(leaves(en));

  it('says the same things in both languages, with the same gaps to fill', () => {
    expect([...english.keys()].sort()).toEqual([...spanish.keys()].sort());
    for (const [key, text] of spanish) {
      expect(holes(english.get(key) ?? ''), key).toEqual(holes(text));
      expect(text.trim(), key).not.toBe('');
    }
  });

  it.each([
    ['es', es, esIncidents, esProblems],
    ['en', en, enIncidents, enProblems],
  ] as const)(
    'has a word for every kind, problem and role (%s)',
    (_locale, words, incidents, problems) => {
      for (const kind of INCIDENT_KINDS) {
        expect(words.kindShort[kind], kind).toBeTruthy();
        expect(words.kindShort[kind].length, `${kind} must fit a tile`).toBeLessThanOrEqual(15);
        expect(incidents[kind].staff, kind).toBeTruthy();
      }
      for (const code of PROBLEM_CODES) expect(problems[code], code).toBeTruthy();
      for (const role of ROLES) expect(words.role[role], role).toBeTruthy();
      const orders: Tree = words.commands;
      for (const { properties } of CommandSchema.anyOf) {
        const type = properties.type.const;
        expect(orders[type], type).toBeTruthy();
      }
    },
  );

  it.each([
    ['es', es.entry],
    ['en', en.entry],
  ] as const)('tells every type of ledger entry (%s)', (_locale, words) => {
    const known: Tree = words;
    const entries = everyEntry('attempt-1', 1_800_000_000_000);
    expect(new Set(entries.map((entry) => entry.type))).toEqual(new Set(Object.keys(FACTS)));
    for (const entry of entries) {
      const { key, params } = entryWords(entry);
      expect(key, entry.type).not.toBe('unknown');
      const text = known[key] ?? known[`${key}_other`];
      expect(text, key).toBeTypeOf('string');
      const given = new Set([...Object.keys(params), 'what', 'names']);
      for (const hole of holes(String(text))) expect(given, key).toContain(hole.slice(2, -2));
    }
  });

  it('marks what a person should look at, and a refused identity most of all', () => {
    const told = everyEntry('attempt-1', 1_800_000_000_000).map(entryWords);
    const weightOf = (key: string) => told.find((words) => words.key === key)?.weight;
    expect(weightOf('identity-checked-verified')).toBe('plain');
    for (const outcome of CHECK_OUTCOMES.filter((o) => o !== 'verified')) {
      expect(weightOf(`identity-checked-${outcome}`), outcome).toBe('look');
    }
    for (const by of ['staff', 'command']) {
      expect(weightOf(`${by}-identity-refused`)).toBe('alarm');
      expect(weightOf(`${by}-identity-verified-in-person`)).toBe('look');
    }
    expect(weightOf('staff-identity-wrong-code')).toBe('alarm');
    expect(weightOf('document-missing')).toBe('look');
    expect(['shown', 'refused', 'timed-out'].map((o) => weightOf(`room-scanned-${o}`))).toEqual([
      'plain',
      'look',
      'look',
    ]);
  });

  it.each([
    ['es', es.accommodation],
    ['en', en.accommodation],
  ] as const)('says of each accommodation what changes, never why (%s)', (_locale, words) => {
    expect(Object.keys(words)).toEqual([...ACCOMMODATIONS, 'other']);
    for (const code of ACCOMMODATIONS) {
      expect(words[code].length, code).toBeLessThanOrEqual(80);
      expect(words[code], code).not.toMatch(
        /discapacidad|disab|PPL|tics?\b|temblor|tremor|enferm|nurse|médic|medical|diagn|síndrom|syndrom|involuntar|ciego|blind|sord|deaf/i,
      );
    }
  });

  it('names an entry that it does not know instead of leaving it out', () => {
    const [first] = everyEntry('attempt-1', 1_800_000_000_000);
    if (first === undefined) throw new Error('no entry');
    expect(entryWords({ ...first, type: 'teleported' })).toMatchObject({
      key: 'unknown',
      weight: 'look',
    });
    expect(entryWords({ ...first, type: 'copy-attempt', data: {} }).key).toBe('unknown');
  });

  it.each(['es', 'en'] as const)(
    'has words for what a later version stated (%s)',
    async (locale) => {
      const entry = (type: string): LedgerEntry => {
        const found = everyEntry('attempt-1', 1_800_000_000_000).find((one) => one.type === type);
        if (found === undefined) throw new Error(`no ${type}`);
        return found;
      };
      const stated = entry('observation');
      const told = entryWords({ ...stated, data: { ...stated.data, kind: 'smart-glasses' } });
      expect(told).toMatchObject({ kind: 'smart-glasses' });
      const applied = entry('command-applied');
      const issued = {
        ...(applied.data.issued as object),
        command: { type: 'extend', minutes: 5 },
      };
      const order = entryWords({ ...applied, data: { ...applied.data, issued } as never });
      expect(order).toMatchObject({
        key: 'command-unknown',
        params: { type: 'extend' },
        weight: 'look',
      });
      const t = createInstance();
      await t.init({
        lng: locale,
        resources: DASHBOARD_WORDS,
      });
      const kind = 'smart-glasses';
      const unknown = locale === 'es' ? 'Desconocido' : 'Unknown';
      const say = (keys: string[], params = {}) => t.t(keys, { ns: 'incidents', ...params });
      expect(say([`incidents:${kind}.staff`, 'incidents:unknown.staff'], { kind })).toBe(
        `${unknown} (smart-glasses)`,
      );
      expect(say(['dashboard:kindShort.smart-glasses', 'dashboard:kindShort.unknown'])).toBe(
        unknown,
      );
      expect(say(['dashboard:entry.command-unknown'], order.params)).toContain(unknown);
    },
  );
});
