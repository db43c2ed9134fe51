import { foldAll, NOTHING_FOLDED } from '#server/record/attempt-fold.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import { GENESIS, type Json, type LedgerEntry } from '#shared/ledger/entry.ts';
import { policyIn, registrationOf, soundOf } from '#test/ledgers/registered.ts';
import { RELEASES } from '#test/ledgers/stored.ts';
import { seal } from '#test/server/harness.ts';
import { ids } from './university.ts';

/** The longest ledger of the last release, as if it were the university's first attempt's. */
export const LEDGER: readonly LedgerEntry[] = (() => {
  const [longest = []] = soundOf(RELEASES.at(-1) ?? '').toSorted((a, b) => b.length - a.length);
  const all: LedgerEntry[] = [];
  for (const { hash: _, signature: __, ...entry } of longest)
    all.push(
      seal({ ...entry, attemptId: ids.attempt(1), previous: all.at(-1)?.hash ?? GENESIS }, null),
    );
  return all;
})();

export const REGISTRATION = registrationOf(ids.attempt(1), policyIn(LEDGER));

/** What it is as far as that entry. */
export const truthAt = (seq: number) => foldAll(NOTHING_FOLDED, LEDGER.slice(0, seq), REGISTRATION);

/** As the ingest hands them to the log. */
export const sealedOf = (entries: readonly LedgerEntry[]) =>
  entries.map((entry) => ({ entry, text: canonicalText(entry as unknown as Json) }));
