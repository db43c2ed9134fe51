// Stores a ledger entry by entry, and its fold after each, the last one again and again, until somebody kills it:
//   node fold-victim.ts FILE
// Says `begun` after the first. The ledger comes by standard input.
import { text } from 'node:stream/consumers';
import { cellCipher } from '#server/platform/sql/cell-cipher.ts';
import { openDatabase } from '#server/platform/sql/sqlite.ts';
import { foldAll, NOTHING_FOLDED } from '#server/record/attempt-fold.ts';
import { sqliteEntryLog } from '#server/record/entry-log.sqlite.ts';
import { kyselyFoldStore } from '#server/record/fold.sql.ts';
import { writeFold } from '#server/record/kept-fold.ts';
import type { SealedEntry } from '#server/record/ports.ts';
import type { Registration } from '#server/record/registry-ports.ts';

const [file = ''] = process.argv.slice(2);
const { ledger, registration, key } = JSON.parse(await text(process.stdin)) as {
  ledger: readonly SealedEntry[];
  registration: Omit<Registration, 'accommodations'>;
  key: number;
};
const known = { ...registration, accommodations: new Set() } as unknown as Registration;
const database = await openDatabase(file);
const log = sqliteEntryLog(database);
const folds = kyselyFoldStore(database.db, cellCipher(new Uint8Array(32).fill(key)));
let folded = NOTHING_FOLDED;
let said = false;
const stored = (await log.head(known.attemptId))?.seq ?? 0;
const keep = async (): Promise<void> => {
  const fold = writeFold({ folded, bytes: 1 }, known);
  if (fold === null) throw new Error('larger than any exam’s');
  await folds.keep([fold]);
  if (!said) process.stdout.write('begun');
  said = true;
};
for (const sealed of ledger) {
  folded = foldAll(folded, [sealed.entry], known);
  if (sealed.entry.seq <= stored) continue;
  await log.append([sealed], [], 0);
  await keep();
}
for (;;) await keep();
