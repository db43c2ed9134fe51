import { describe, expect, test } from 'vitest';
import { asTold } from './compare.ts';
import { outcomeOf } from './outcome.ts';
import { expectedOf, ledgerOf, RELEASES } from './stored.ts';

describe.each(RELEASES)('the ledgers of %s', (release) => {
  const expected = expectedOf(release);

  test('are there', () => {
    expect(Object.keys(expected).length).toBeGreaterThan(100);
  });

  test.each(Object.keys(expected))('%s', async (name) => {
    const then = expected[name];
    expect(asTold(await outcomeOf(ledgerOf(release, name)), then)).toEqual(then);
  });
});
