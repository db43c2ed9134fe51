import { isDeepStrictEqual } from 'node:util';
import { outcomeOf } from './outcome.ts';
import { expectedOf, ledgerOf, RELEASES } from './stored.ts';

/** Members that are what somebody wrote, by their own names: one more is another record. */
const WRITTEN: ReadonlySet<string> = new Set(['answers', 'flagged', 'facts']);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A later build may tell more than the release did: only what the release told is compared, all of it. */
export const asTold = (now: unknown, then: unknown): unknown => {
  if (Array.isArray(now) && Array.isArray(then) && now.length === then.length)
    return now.map((one, i) => asTold(one, then[i]));
  if (!isRecord(now) || !isRecord(then)) return now;
  const pairs = Object.keys(then).map((key) => [
    key,
    WRITTEN.has(key) ? now[key] : asTold(now[key], then[key]),
  ]);
  return Object.fromEntries(pairs);
};

/**
 * The golden ledgers of which this build makes something else than the build of their release did.
 * @param only one of them (`release/name`); all when left out.
 */
const differing = async (only?: string): Promise<string[]> => {
  const names: string[] = [];
  for (const release of RELEASES) {
    for (const [name, then] of Object.entries(expectedOf(release))) {
      if (only !== undefined && only !== `${release}/${name}`) continue;
      const now = await outcomeOf(ledgerOf(release, name)).catch(() => null);
      if (!isDeepStrictEqual(asTold(now, then), then)) names.push(`${release}/${name}`);
    }
  }
  return names;
};

// As a program: prints them as JSON, for a test that runs another build than its own.
if (import.meta.filename === process.argv[1])
  console.log(JSON.stringify(await differing(process.argv[2])));
