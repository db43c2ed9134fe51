import type { PGlite } from '@electric-sql/pglite';
import { ConnectionLock } from '#server/platform/sql/connection-lock.ts';
import { safeInteger } from '#server/platform/sql/postgres.ts';
import type { PostgresPool } from '#server/platform/sql/postgres-driver.ts';

const INT8 = 20;

/**
 * PGlite as a pool of one connection: for pure SQL where no PostgreSQL can be had. It is a newer version, and what
 * several connections do to each other it cannot show.
 */
export const pglitePool = (pglite: PGlite): PostgresPool => {
  const lock = new ConnectionLock();
  return {
    connect: async () => {
      await lock.acquire();
      return {
        query: async (text, values) => {
          if (values === undefined) {
            await pglite.exec(text);
            return { rows: [], rowCount: 0 };
          }
          const options = { parsers: { [INT8]: safeInteger } };
          const { rows, affectedRows } = await pglite.query(text, values, options);
          return { rows: rows as unknown[], rowCount: affectedRows ?? 0 };
        },
        release: () => lock.release(),
      };
    },
    end: () => pglite.close(),
  };
};
