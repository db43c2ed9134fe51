import type { TestProject } from 'vitest/node';
import { PostgresCluster, postgresPrograms } from '#test/support/postgres-cluster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of the run's PostgreSQL with `NAME` for the database; null where PGlite stands in. */
    readonly postgres: string | null;
  }
}

/** One PostgreSQL for all files of the run; says which it is, since PGlite hides what several connections do. */
export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const programs = postgresPrograms();
  if (programs === null) {
    console.log('note: SQLite, and PGlite in place of PostgreSQL (no postgresql package here)');
    provide('postgres', null);
    return async () => {};
  }
  const cluster = await PostgresCluster.start(programs);
  const [row] = (await cluster.sql('postgres', 'SHOW server_version')) as {
    server_version: string;
  }[];
  console.log(`note: SQLite, PostgreSQL ${row?.server_version}`);
  provide('postgres', cluster.url('NAME'));
  return () => cluster.remove();
};
