import { describe, expect, test } from 'vitest';
import type { Bundle } from '#shared/wire/http.ts';
import { verifyBundle } from '#tools/verify-bundle.ts';
import { outcomeOf } from './outcome.ts';
import { type Planting, runPlanted } from './planted.ts';

const NEW_KIND: readonly Planting[] = [
  {
    file: 'shared/incident/kind.ts',
    find: "  'no-face',",
    put: "  'smart-glasses',\n  'no-face',",
  },
  {
    file: 'shared/incident/catalogue.ts',
    find: "  'no-face': entry(",
    put: "  'smart-glasses': entry(['29x'], 'camera', 'none', ['count', 1_000, null, 500], 'New.'),\n  'no-face': entry(",
  },
];

/** One version more, which stands beside those of today and differs from the first in one threshold. */
const LATER_RULES: readonly Planting[] = [
  {
    file: 'shared/incident/rule-sets.ts',
    find: 'ruleSet(VERSION_2)]',
    put: 'ruleSet(VERSION_2), ruleSet({ ...VERSION_1, version: 3, carryMs: 60_000 })]',
  },
];

const rulesFinding = async (bundle: unknown) =>
  (await verifyBundle(bundle))?.findings.find(({ check }) => check === 'rules');

describe('a build whose catalogue has one kind more', () => {
  test('makes the same of every ledger of today', { timeout: 120_000 }, async () => {
    expect(await runPlanted(NEW_KIND, 'compare.ts')).toEqual([]);
  });

  test('counts it, which this build neither counts nor calls wrong', {
    timeout: 120_000,
  }, async () => {
    const bundle = (await runPlanted(NEW_KIND, 'play.ts', '1', 'smart-glasses')) as Bundle;
    const counted = bundle.entries.filter(({ type }) => type === 'copy-attempt');
    expect(counted.map(({ data }) => data.number)).toEqual([1, 2]);
    const report = await verifyBundle(bundle);
    expect(report).toMatchObject({
      firstBroken: null,
      // The other act, which this build knows.
      copyAttempts: 1,
      rulesVersion: 1,
      unknown: { entries: 1, names: ['smart-glasses'] },
    });
    const stated = bundle.entries.find(({ type }) => type === 'observation');
    expect(await rulesFinding(bundle)).toEqual({
      check: 'rules',
      ok: true,
      count: 2,
      unjudged: { seq: stated?.seq, reason: 'unknown-kind' },
    });
  });
});

describe('a build with one version of the rules more', () => {
  test('replays the ledgers of today by theirs', { timeout: 120_000 }, async () => {
    expect(await runPlanted(LATER_RULES, 'compare.ts')).toEqual([]);
  });

  test('judges by the one that the policy names', { timeout: 120_000 }, async () => {
    const acts = async (version: string) => {
      const bundle = (await runPlanted(LATER_RULES, 'play.ts', version)) as Bundle;
      return {
        bundle,
        count: bundle.entries.filter(({ type }) => type === 'copy-attempt').length,
      };
    };
    const [first, later] = [await acts('1'), await acts('3')];
    expect([first.count, later.count]).toEqual([2, 1]);
    // This build has the first: it replays that one, and says plainly that it cannot replay the later one.
    expect(await rulesFinding(first.bundle)).toEqual({ check: 'rules', ok: true, count: 2 });
    const { said } = await outcomeOf(later.bundle);
    expect(said.firstBroken).toBeNull();
    expect(await rulesFinding(later.bundle)).toEqual({
      check: 'rules',
      ok: true,
      count: expect.any(Number),
      unjudged: { seq: 1, reason: 'rules-version' },
    });
  });
});
