import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cellCipher } from '#server/platform/sql/cell-cipher.ts';
import { openDatabase } from '#server/platform/sql/sqlite.ts';
import { sqliteEntryLog } from '#server/record/entry-log.sqlite.ts';
import { kyselyFoldStore } from '#server/record/fold.sql.ts';
import { foldedOf } from '#server/record/live-attempt.ts';
import { liveAttempts } from '#server/record/live-attempts.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json } from '#shared/ledger/entry.ts';
import { ids, university } from './university.ts';
import { LEDGER, REGISTRATION, sealedOf, truthAt } from './university-ledger.ts';

const KEY = 7;
const folder = await mkdtemp(join(tmpdir(), 'atalaya-folds-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Stores entries and folds in a process of its own, which is killed that long after it began. */
const killed = async (file: string, afterMs: number): Promise<void> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fold-victim.ts'), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  child.stdin.end(
    JSON.stringify({ ledger: sealedOf(LEDGER), registration: REGISTRATION, key: KEY }),
  );
  await Promise.race([once(child.stdout, 'data'), gone]);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await gone;
};

const read = async (file: string) => {
  const database = await openDatabase(file);
  const folds = kyselyFoldStore(database.db, cellCipher(new Uint8Array(32).fill(KEY)));
  const attempts = liveAttempts({
    registry: { registration: async () => REGISTRATION },
    records: { commandsOf: async () => [], noticesOf: async () => [] },
    log: sqliteEntryLog(database),
    folds,
    tampered: () => {},
    loaded: () => {},
  });
  const attempt = await attempts.load(ids.attempt(1));
  const fold = await folds.read(ids.attempt(1));
  await database.close();
  if (attempt === null) throw new Error('no attempt');
  return { attempt, fold };
};

test('kill -9 while folds are written: the ledger reads as it is, from its fold, and nobody is accused', async () => {
  const file = join(folder, 'folds.sqlite');
  const empty = await openDatabase(file);
  await university(empty);
  await empty.close();
  let before = 0;
  for (const afterMs of [50, 57, 64, 71]) {
    await killed(file, afterMs);
    const { attempt, fold } = await read(file);
    const { seq } = attempt.state;
    expect(seq).toBeGreaterThanOrEqual(Math.max(1, before));
    expect(attempt.brokenReason).toBeNull();
    // Killed between an entry and its fold at the most.
    expect(fold?.seq).toBeGreaterThanOrEqual(seq - 1);
    expect(attempt.kept.seq).toBe(fold?.seq);
    expect(canonicalText(foldedOf(attempt) as unknown as Json)).toBe(
      canonicalText(truthAt(seq) as unknown as Json),
    );
    before = seq;
  }
});
