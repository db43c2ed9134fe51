import { createInstance } from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { describe, expect, test } from 'vitest';
import { PanelDoubts } from '#renderer/dashboard/attempt/panel-doubts.tsx';
import { DASHBOARD_WORDS } from '#renderer/dashboard/shell/dashboard-locale.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import {
  type Break,
  BreakSchema,
  breakOf,
  breakText,
  type Contradiction,
  ContradictionSchema,
} from '#shared/wire/doubt.ts';

const codes = <T extends string>(schema: unknown): readonly T[] =>
  (schema as { anyOf: readonly { const: T }[] }).anyOf.map((one) => one.const);
const BREAKS = codes<Break['code']>(BreakSchema.properties.code);
const CONTRADICTIONS = codes<Contradiction['code']>(ContradictionSchema.properties.code);

const entries = [
  {
    attemptId: 'attempt-1',
    seq: 7,
    t: 0,
    wall: Date.UTC(2026, 10, 30, 15, 4, 5),
    type: 'gate-passed',
    data: {},
    previous: '0'.repeat(64),
    hash: 'a'.repeat(64),
  },
] as unknown as readonly LedgerEntry[];

const drawn = async (
  locale: 'es' | 'en',
  broken: Break | null,
  contradictions: readonly Contradiction[] = [],
): Promise<string> => {
  const i18n = createInstance();
  await i18n.init({
    lng: locale,
    resources: DASHBOARD_WORDS,
    interpolation: { escapeValue: false },
  });
  const doubts = { broken, contradictions: [...contradictions], missingPictures: 0 };
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <PanelDoubts doubts={doubts} entries={entries} />
    </I18nextProvider>,
  ).replaceAll('&#x27;', "'");
};

describe.each(['es', 'en'] as const)('staff are told in words, in %s', (locale) => {
  const { doubts, entry } = DASHBOARD_WORDS[locale].dashboard;
  const number = doubts.entry.replace('{{seq}}', '7');

  test.each(BREAKS)('what broke a chain: %s', async (code) => {
    const said = await drawn(locale, { code, seq: code === 'other' ? null : 7 });
    expect(said).toContain(doubts.break[code]);
    expect(doubts.break[code].length).toBeGreaterThan(10);
    expect(said).toContain(doubts.breakHint);
    expect(said.includes(number)).toBe(code !== 'other');
    // What was refused is not there: nothing is told of the one that took its place.
    const told = !['previous', 'hash', 'other'].includes(code);
    expect(said.includes(entry['gate-passed'])).toBe(told);
  });

  test.each(CONTRADICTIONS)('what a ledger says against the server: %s', async (code) => {
    const said = await drawn(locale, null, [{ code, seq: 7 }]);
    for (const words of [doubts.contradiction[code], number, entry['gate-passed'], doubts.hint])
      expect(said).toContain(words);
    expect(said).not.toContain(doubts.breakHint);
  });

  test('no code is left over in the words', () => {
    expect(Object.keys(doubts.break).toSorted()).toEqual(BREAKS.toSorted());
    expect(Object.keys(doubts.contradiction).toSorted()).toEqual(CONTRADICTIONS.toSorted());
  });
});

test('a break is stored as text and read again; one of another version says so', () => {
  for (const code of BREAKS) {
    expect(breakOf(breakText(code, 12))).toEqual({ code, seq: 12 });
  }
  for (const text of ['entry 5 hash', 'later-code 5', '', 'hash', 'hash x']) {
    expect(breakOf(text)).toEqual({ code: 'other', seq: null });
  }
});
