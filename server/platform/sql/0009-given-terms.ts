import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What sign-ins handed to kiosks. Never changed: what was given out stays given out. */
export interface TermTables {
  given_policies: {
    /** SHA-256 of the policy's text. */
    hash: string;
    /** Canonical JSON. */
    policy: string;
  };
  given_terms: {
    attempt_id: string;
    policy_hash: string;
    /** The other terms, canonical JSON. */
    terms: string;
    /** When they were first given out. */
    given_at: number;
  };
}

/**
 * Terms as they were given out. Of the sign-ins before, nothing was kept: an attempt without terms goes on to be
 * compared with the exam as it stands.
 */
export const givenTerms: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('given_policies')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('policy', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('given_terms')
      .addColumn('attempt_id', 'text', (c) => c.notNull().references('attempts.id'))
      .addColumn('policy_hash', 'text', (c) => c.notNull().references('given_policies.hash'))
      .addColumn('terms', 'text', (c) => c.notNull())
      .addColumn('given_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('given_terms_key', ['attempt_id', 'policy_hash', 'terms'])
      .execute();
  },
};
