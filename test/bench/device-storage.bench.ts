import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openKioskStorage } from '#electron/adapters/kiosk-storage.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import type { BenchRow } from './bench-row.ts';

const APPENDS = 400;
/** Passes over both, in turns: a busy disk slows both alike. */
const PASSES = 5;
const attemptId = 'attempt-bench' as AttemptId;

const entry = (seq: number): LedgerEntry => ({
  attemptId,
  seq,
  t: seq * 100,
  wall: 1_790_000_000_000 + seq,
  type: 'answer-saved',
  data: { questionId: `question-${seq}`, optionIds: ['a', 'c'] },
  previous: seq === 1 ? GENESIS : String(seq - 1).padStart(64, '0'),
  hash: String(seq).padStart(64, '0'),
  signature: 'A'.repeat(86),
});

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The same appends as the ledger makes them, encrypted and not, each durable by itself. */
export const run = async (): Promise<readonly BenchRow[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-bench-storage-'));
  const sealed: number[] = [];
  const plain: number[] = [];
  for (let pass = 0; pass < PASSES; pass += 1) {
    const home = mkdtempSync(join(folder, 'sealed-'));
    const storage = await openKioskStorage({
      folder: home,
      platform: process.platform,
      secrets: null,
      machineId: 'bench',
    });
    const database = new Database(join(folder, `plain-${pass}.db`));
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec(`CREATE TABLE entry (attempt_id TEXT NOT NULL, seq INTEGER NOT NULL,
      json TEXT NOT NULL, PRIMARY KEY (attempt_id, seq)) STRICT, WITHOUT ROWID`);
    const add = database.prepare('INSERT INTO entry VALUES (?, ?, ?)');
    for (let seq = 1; seq <= APPENDS; seq += 1) {
      const one = entry(seq);
      const begun = performance.now();
      await storage.ledger.append(one);
      const between = performance.now();
      add.run(one.attemptId, one.seq, JSON.stringify(one));
      sealed.push(between - begun);
      plain.push(performance.now() - between);
    }
    storage.close();
    database.close();
  }
  rmSync(folder, { recursive: true });
  const cost = median(sealed);
  return [
    { name: 'append of a ledger entry, not encrypted, median', value: median(plain), unit: 'ms' },
    {
      name: 'append of a ledger entry, encrypted, median',
      value: cost,
      unit: 'ms',
      ratio: cost / median(plain),
    },
  ];
};
