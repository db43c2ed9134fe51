import type { Kysely } from 'kysely';
import type { Tables } from '#server/platform/sql/tables.ts';
import type { Policy } from '#shared/incident/policy.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { JsonObject } from '#shared/ledger/entry.ts';
import { policyText } from './policy-text.ts';
import type { Terms, TermsStore } from './terms.ts';

/** What was given out, in SQL: a policy once, however many got it. */
export const kyselyTermsStore = (db: Kysely<Tables>): TermsStore => ({
  keep: async (attemptId, { policy, ...rest }, at) => {
    const { hash, text } = policyText(policy);
    await db
      .insertInto('given_policies')
      .values({ hash, policy: text })
      .onConflict((oc) => oc.column('hash').doNothing())
      .execute();
    await db
      .insertInto('given_terms')
      .values({
        attempt_id: attemptId,
        policy_hash: hash,
        terms: canonicalText(rest as unknown as JsonObject),
        given_at: at,
      })
      .onConflict((oc) => oc.columns(['attempt_id', 'policy_hash', 'terms']).doNothing())
      .execute();
  },

  since: async (attemptId) => {
    const row = await db
      .selectFrom('given_terms')
      .select(({ fn }) => fn.min('given_at').as('first'))
      .where('attempt_id', '=', attemptId)
      .executeTakeFirst();
    return row?.first ?? null;
  },

  given: async (attemptId) => {
    const rows = await db
      .selectFrom('given_terms as t')
      .innerJoin('given_policies as p', 'p.hash', 't.policy_hash')
      .select(['p.policy', 't.terms'])
      .where('t.attempt_id', '=', attemptId)
      .orderBy('t.given_at')
      .execute();
    return rows.map((row) => ({
      ...(JSON.parse(row.terms) as Omit<Terms, 'policy'>),
      policy: JSON.parse(row.policy) as Policy,
    }));
  },
});
