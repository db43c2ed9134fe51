import { describe, expect, test } from 'vitest';
import { outcomeOf } from './outcome.ts';
import { expectedOf, ledgerOf, RELEASES } from './stored.ts';

/** Members that are what somebody wrote, by their own names: one more is another record. */
const WRITTEN: ReadonlySet<string> = new Set(['answers', 'flagged', 'facts']);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A later build may tell more than the release did: only what the release told is compared, all of it. */
const asTold = (now: unknown, then: unknown): unknown => {
  if (Array.isArray(now) && Array.isArray(then) && now.length === then.length)
    return now.map((one, i) => asTold(one, then[i]));
  if (!isRecord(now) || !isRecord(then)) return now;
  const pairs = Object.keys(then).map((key) => [
    key,
    WRITTEN.has(key) ? now[key] : asTold(now[key], then[key]),
  ]);
  return Object.fromEntries(pairs);
};

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
