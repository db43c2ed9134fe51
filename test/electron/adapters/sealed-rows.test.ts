import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KioskStorage, openKioskStorage } from '#electron/adapters/kiosk-storage.ts';
import { rowCipher } from '#electron/adapters/row-cipher.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import { TamperedStorageError } from '#shared/ports/ledger-store.port.ts';

const ATTEMPT = 'attempt-1' as AttemptId;
const OTHER = 'attempt-2' as AttemptId;
/** What nobody may read from the disk. */
const SECRETS = [
  'answer-in-the-clear',
  '0912345675',
  'token-of-the-examinee',
  'JPEG-bytes-of-a-face',
];

let folder: string;
let storage: KioskStorage;

const hashOf = (attemptId: string, seq: number): string =>
  seq === 0 ? GENESIS : `${attemptId === ATTEMPT ? 'a' : 'b'}${String(seq).padStart(63, '0')}`;

const entry = (attemptId: AttemptId, seq: number): LedgerEntry => ({
  attemptId,
  seq,
  t: seq * 10,
  wall: 1_791_810_000_000 + seq,
  type: 'answer-saved',
  data: { questionId: `q${seq}`, optionIds: ['a'], note: SECRETS[0] },
  previous: hashOf(attemptId, seq - 1),
  hash: hashOf(attemptId, seq),
});

const evidence = {
  hash: 'e'.repeat(64),
  attemptId: ATTEMPT,
  mime: 'image/jpeg' as const,
  bytes: Buffer.from(SECRETS[3] ?? ''),
};

const reopen = async (): Promise<void> => {
  storage = await openKioskStorage({
    folder,
    platform: 'linux',
    secrets: null,
    machineId: 'machine-1',
  });
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-sealed-'));
  await reopen();
});
afterEach(() => {
  storage.close();
  rmSync(folder, { recursive: true });
});

const fill = async (): Promise<void> => {
  for (const attempt of [ATTEMPT, OTHER]) {
    for (let seq = 1; seq <= 4; seq += 1) await storage.ledger.append(entry(attempt, seq));
  }
  await storage.ledger.putEvidence(evidence);
  await storage.store.set('session', { token: SECRETS[2], document: SECRETS[1] });
  await storage.store.set('device', { deviceToken: SECRETS[2] });
};

/** Every byte of every file of the folder. */
const everything = (): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
    .join('\n');

/** Changes the database as somebody with the file would: past the program and its triggers. */
const tamper = (sql: string): void => {
  const database = new Database(join(folder, 'kiosk.db'));
  database.exec('DROP TRIGGER entry_fixed; DROP TRIGGER entry_kept');
  database.exec(sql);
  database.close();
};

describe('what lies on the disk', () => {
  test('is unreadable while the program runs, journal included, and after it', async () => {
    await fill();
    expect(existsSync(join(folder, 'kiosk.db-wal'))).toBe(true);
    for (const secret of SECRETS) expect(everything()).not.toContain(secret);
    storage.close();
    for (const secret of SECRETS) expect(everything()).not.toContain(secret);
    await reopen();
    expect(await storage.ledger.read(ATTEMPT, 0, 10)).toHaveLength(4);
    expect(await storage.store.get('device')).toEqual({ deviceToken: SECRETS[2] });
  });

  test('the same content never looks the same twice', async () => {
    await storage.store.set('a', 'x');
    const sealed = () =>
      new Database(join(folder, 'kiosk.db'), { readonly: true })
        .prepare<[], { sealed: Buffer }>("SELECT sealed FROM value WHERE key = 'a'")
        .get()
        ?.sealed.toString('hex');
    const first = sealed();
    await storage.store.set('a', 'x');
    expect(sealed()).not.toBe(first);
  });
});

describe('rows that were changed outside the program', () => {
  const read = (attemptId = ATTEMPT) => storage.ledger.read(attemptId, 0, 10);

  test.each([
    ['one bit', "UPDATE entry SET sealed = CAST(x'00' || substr(sealed, 2) AS BLOB) WHERE seq = 2"],
    [
      'the last bit',
      "UPDATE entry SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB)",
    ],
    ['emptied', "UPDATE entry SET sealed = x'' WHERE seq = 3"],
    [
      'two swapped',
      `UPDATE entry SET sealed = (SELECT e.sealed FROM entry e WHERE e.attempt_id = entry.attempt_id
         AND e.seq = 5 - entry.seq) WHERE seq IN (2, 3)`,
    ],
    [
      'another attempt’s in its place',
      `UPDATE entry SET sealed = (SELECT e.sealed FROM entry e WHERE e.attempt_id = 'attempt-2'
         AND e.seq = entry.seq) WHERE attempt_id = 'attempt-1' AND seq = 2`,
    ],
    ['one taken out', 'DELETE FROM entry WHERE seq = 2'],
    ['the first taken out', 'DELETE FROM entry WHERE seq = 1'],
    [
      'one taken out and the rest moved up',
      'DELETE FROM entry WHERE seq = 2; UPDATE entry SET seq = seq - 1 WHERE seq > 2',
    ],
  ])('%s', async (_name, sql) => {
    await fill();
    tamper(sql);
    await expect(read()).rejects.toThrow(TamperedStorageError);
  });

  test('one taken out, also to who reads on from before it', async () => {
    await fill();
    tamper("DELETE FROM entry WHERE attempt_id = 'attempt-1' AND seq = 3");
    await expect(storage.ledger.read(ATTEMPT, 2, 10)).rejects.toThrow(TamperedStorageError);
    await expect(storage.ledger.read(ATTEMPT, 1, 10)).rejects.toThrow(TamperedStorageError);
    expect(await storage.ledger.read(ATTEMPT, 0, 2)).toHaveLength(2);
  });

  test('a row of an earlier life of the ledger does not fit its neighbours', async () => {
    await fill();
    // The same place under the same key, with another past: a copy of the file from before.
    const forked = { ...entry(ATTEMPT, 3), previous: 'f'.repeat(64) };
    tamper("DELETE FROM entry WHERE attempt_id = 'attempt-1' AND seq = 3");
    await storage.ledger.append(forked);
    await expect(read()).rejects.toThrow(TamperedStorageError);
  });

  test('only the attempt that was touched is lost', async () => {
    await fill();
    tamper("UPDATE entry SET sealed = x'00' WHERE attempt_id = 'attempt-1'");
    await expect(read()).rejects.toThrow(TamperedStorageError);
    expect(await read(OTHER)).toHaveLength(4);
  });

  test.each([
    ['edited', "UPDATE value SET sealed = CAST(x'00' || substr(sealed, 2) AS BLOB)"],
    [
      'another value in its place',
      "UPDATE value SET sealed = (SELECT sealed FROM value WHERE key = 'session') WHERE key = 'device'",
    ],
  ])('a device value: %s', async (_name, sql) => {
    await fill();
    tamper(sql);
    await expect(storage.store.get('device')).rejects.toThrow(TamperedStorageError);
  });

  test.each([
    ['edited', "UPDATE evidence SET sealed = CAST(x'00' || substr(sealed, 2) AS BLOB)"],
    ['given to another attempt', "UPDATE evidence SET attempt_id = 'attempt-2'"],
    ['called another kind', "UPDATE evidence SET mime = 'image/png'"],
  ])('evidence: %s', async (_name, sql) => {
    await fill();
    tamper(sql);
    const looks = [ATTEMPT, OTHER].map((attempt) => storage.ledger.unsentEvidence(attempt, 10));
    const [mine, other] = await Promise.allSettled(looks);
    const noticed = [mine, other].filter((look) => look?.status === 'rejected');
    expect(noticed.map((look) => look?.reason)).toEqual([expect.any(TamperedStorageError)]);
  });
});

describe('a database from before there was encryption', () => {
  const plain = (): void => {
    storage.close();
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'atalaya-plain-'));
    const database = new Database(join(folder, 'kiosk.db'));
    database.pragma('journal_mode = WAL');
    database.exec(PLAIN_SCHEMA);
    const add = database.prepare('INSERT INTO entry VALUES (?, ?, ?)');
    for (const attempt of [ATTEMPT, OTHER]) {
      for (let seq = 1; seq <= 40; seq += 1) {
        add.run(attempt, seq, JSON.stringify(entry(attempt, seq)));
      }
    }
    const picture = database.prepare('INSERT INTO evidence VALUES (?, ?, ?, ?, ?)');
    picture.run(ATTEMPT, evidence.hash, evidence.mime, evidence.bytes, 0);
    picture.run(ATTEMPT, 'd'.repeat(64), 'image/png', Buffer.alloc(0), 1);
    database
      .prepare('INSERT INTO value VALUES (?, ?)')
      .run('session', JSON.stringify({ token: SECRETS[2], document: SECRETS[1] }));
    database.close();
  };

  test('is taken over whole, and nothing of it stays readable', async () => {
    plain();
    for (const secret of SECRETS) expect(everything()).toContain(secret);
    await reopen();
    for (const attempt of [ATTEMPT, OTHER]) {
      const expected = Array.from({ length: 40 }, (_, i) => entry(attempt, i + 1));
      expect(await storage.ledger.read(attempt, 0, 100)).toEqual(expected);
    }
    const unsent = await storage.ledger.unsentEvidence(ATTEMPT, 10);
    expect(unsent.map(({ hash }) => hash)).toEqual([evidence.hash]);
    expect(Buffer.from(unsent[0]?.bytes ?? []).toString()).toBe(SECRETS[3]);
    expect(await storage.store.get('session')).toEqual({ token: SECRETS[2], document: SECRETS[1] });
    for (const secret of SECRETS) expect(everything()).not.toContain(secret);
    await expect(storage.ledger.append(entry(ATTEMPT, 40))).rejects.toThrow();
    await storage.ledger.append(entry(ATTEMPT, 41));
  });

  test('a power cut before the old copies were overwritten is made good at the next start', async () => {
    plain();
    const before = join(folder, 'kiosk.db');
    await reopen();
    storage.close();
    const database = new Database(before);
    database.exec(
      `CREATE TABLE left_over (json TEXT); INSERT INTO left_over VALUES ('${SECRETS[0]}')`,
    );
    database.pragma('secure_delete = OFF');
    database.exec('DROP TABLE left_over; PRAGMA user_version = 1');
    database.close();
    expect(everything()).toContain(SECRETS[0]);
    await reopen();
    expect(everything()).not.toContain(SECRETS[0]);
    expect(await storage.ledger.read(ATTEMPT, 0, 100)).toHaveLength(40);
  });

  test('entries still never change and never go', async () => {
    plain();
    await reopen();
    const database = new Database(join(folder, 'kiosk.db'));
    for (const sql of ["UPDATE entry SET sealed = x''", 'DELETE FROM entry']) {
      expect(() => database.exec(sql)).toThrow('ledger entries');
    }
    database.close();
  });
});

test('whatever is sealed opens in its own place only', () => {
  const cipher = rowCipher(Buffer.alloc(32, 7));
  const stranger = rowCipher(Buffer.alloc(32, 8));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (text, place, other) => {
      fc.pre(text.isWellFormed() && place !== other);
      const sealed = cipher.seal(place, text);
      expect(cipher.open(place, sealed).toString('utf8')).toBe(text);
      expect(() => cipher.open(other, sealed)).toThrow(TamperedStorageError);
      expect(() => stranger.open(place, sealed)).toThrow(TamperedStorageError);
    }),
  );
});

/** The schema of the first builds, word for word. */
const PLAIN_SCHEMA = `
  CREATE TABLE IF NOT EXISTS entry (
    attempt_id TEXT NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (attempt_id, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER IF NOT EXISTS entry_fixed BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'ledger entries never change'); END;
  CREATE TRIGGER IF NOT EXISTS entry_kept BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'ledger entries are never deleted'); END;
  CREATE TABLE IF NOT EXISTS evidence (
    attempt_id TEXT NOT NULL, hash TEXT NOT NULL, mime TEXT NOT NULL, bytes BLOB NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (attempt_id, hash)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS evidence_unsent ON evidence (attempt_id) WHERE sent = 0;
  CREATE TABLE IF NOT EXISTS value (key TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
`;
