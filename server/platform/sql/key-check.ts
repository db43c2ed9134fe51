import type { Kysely } from 'kysely';
import { WrongKeyError } from '#server/platform/wrong-key.ts';
import { kyselyAuditTrail } from './audit.sql.ts';
import type { CellCipher } from './cell-cipher.ts';
import type { Tables } from './tables.ts';
import { inTransaction } from './transaction.ts';

const ROW = 'key-check';
const PLACE = 'meta|key-check';

const fits = (cipher: CellCipher, sealed: string): boolean => {
  try {
    cipher.open(PLACE, Buffer.from(sealed, 'base64'));
    return true;
  } catch {
    return false;
  }
};

/**
 * Makes sure that the key is the database's, so that a lost key is noticed at the start and not at the first exam.
 * @param forget with another key: delete what was encrypted with the old one and take the new one.
 * @returns how many enrolments were deleted; null when there was nothing to forget.
 * @throws WrongKeyError with another key, unless `forget`.
 */
export const checkKey = async (
  db: Kysely<Tables>,
  cipher: CellCipher,
  forget: boolean,
  now: number,
): Promise<number | null> => {
  const row = await db.selectFrom('meta').select('value').where('key', '=', ROW).executeTakeFirst();
  if (row !== undefined && fits(cipher, row.value)) return null;
  if (row !== undefined && !forget) throw new WrongKeyError();
  const value = cipher.seal(PLACE, 'atalaya').toString('base64');
  return inTransaction(db, async (tx) => {
    await tx
      .insertInto('meta')
      .values({ key: ROW, value })
      .onConflict((oc) => oc.column('key').doUpdateSet({ value }))
      .execute();
    if (row === undefined) return null;
    const lost = await tx.deleteFrom('enrolments').executeTakeFirst();
    const enrolments = Number(lost.numDeletedRows);
    await kyselyAuditTrail(tx).audit({
      at: now,
      actor: 'server',
      action: 'enrolments-lost',
      subject: 'server.key',
      detail: { enrolments },
    });
    return enrolments;
  });
};
