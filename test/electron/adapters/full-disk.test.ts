import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openKioskDatabase } from '#electron/adapters/kiosk-database.ts';
import { nodeScheduler } from '#electron/adapters/node-clock.ts';
import { rowCipher } from '#electron/adapters/row-cipher.ts';
import { SqliteDeviceStore, SqliteLedger } from '#electron/adapters/sqlite-ledger.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { createSteadyStorage } from '#shared/kiosk/storage/steady-storage.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';

const attemptId = 'attempt-1' as AttemptId;
const hash = (seq: number): string => String(seq).padStart(64, '0');
const entry = (seq: number): LedgerEntry => ({
  attemptId,
  seq,
  t: seq,
  wall: seq,
  type: 'question-flagged',
  data: { questionId: 'q1', flagged: true, padding: 'x'.repeat(20_000) },
  previous: hash(seq - 1),
  hash: hash(seq),
});

const folder = mkdtempSync(join(tmpdir(), 'atalaya-full-'));
afterEach(() => rmSync(folder, { recursive: true }));

it('a full disk of a desktop kiosk holds nobody up, and gets all of it when there is room', async () => {
  const cipher = rowCipher(new Uint8Array(32).fill(7));
  const database = openKioskDatabase(join(folder, 'kiosk.db'), cipher);
  const storage = createSteadyStorage({
    ledger: new SqliteLedger(database, cipher),
    store: new SqliteDeviceStore(database, cipher),
    scheduler: nodeScheduler,
    onChange: () => undefined,
    onFork: () => undefined,
  });
  await storage.ledger.append(entry(1));
  const pages = Number(database.pragma('page_count', { simple: true }));
  // SQLITE_FULL, as on a disk without room.
  database.pragma(`max_page_count = ${pages + 2}`);
  const began = performance.now();
  for (const seq of [2, 3, 4]) await storage.ledger.append(entry(seq));
  await storage.store.set('session', { open: true });
  expect(performance.now() - began).toBeLessThan(1_500);
  expect(storage.standing().failing).toBe(true);
  expect(storage.storedSeq(attemptId)).toBe(1);
  // Whoever reads sees all of it.
  expect((await storage.ledger.read(attemptId, 0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect(await storage.store.get('session')).toEqual({ open: true });
  database.pragma('max_page_count = 100000');
  await expect
    .poll(() => storage.standing(), { timeout: 10_000 })
    .toEqual({ failing: false, held: 0 });
  expect((await new SqliteLedger(database, cipher).read(attemptId, 0, 10)).length).toBe(4);
  storage.stop();
  database.close();
});
