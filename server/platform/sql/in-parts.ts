import type { Insertable, Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Every database limits how many values one statement may have; this many rows of twelve columns stay far below. */
const PART = 500;

/**
 * Asks for many in parts that each fit into one statement.
 * @returns the rows of all parts.
 */
export const inParts = async <T, R>(
  all: readonly T[],
  ask: (part: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly R[]> => {
  const rows: R[] = [];
  for (let at = 0; at < all.length; at += PART) rows.push(...(await ask(all.slice(at, at + PART))));
  return rows;
};

/** Adds many rows to a table in few statements. */
export const insertAll = async <Name extends keyof Tables & string>(
  db: Kysely<Tables>,
  table: Name,
  rows: readonly Insertable<Tables[Name]>[],
): Promise<void> => {
  await inParts(rows, async (part) => {
    await db.insertInto(table).values(part).execute();
    return [];
  });
};
