import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { AttemptId, Hash } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { DeviceStore, LedgerStore, StoredEvidence } from '#shared/ports/ledger-store.port.ts';

interface KioskDatabase extends DBSchema {
  entries: { key: [string, number]; value: LedgerEntry };
  evidence: {
    key: [string, string];
    value: StoredEvidence & { readonly at: number; readonly sent: 0 | 1 };
    indexes: { 'by-attempt': [string, 0 | 1, number] };
  };
  values: { key: string; value: unknown };
  keys: { key: string; value: CryptoKeyPair };
}

export type KioskIndexedDb = IDBPDatabase<KioskDatabase>;

/** Strict: a resolved write is on the disk, not in the browser's memory. */
const STRICT = { durability: 'strict' } as const;

/** Opens (and makes) the kiosk's database in this browser profile. @throws when storage is denied. */
export const openKioskDatabase = (name = 'atalaya-kiosk'): Promise<KioskIndexedDb> =>
  openDB<KioskDatabase>(name, 1, {
    upgrade(database) {
      database.createObjectStore('entries', { keyPath: ['attemptId', 'seq'] });
      const evidence = database.createObjectStore('evidence', { keyPath: ['attemptId', 'hash'] });
      evidence.createIndex('by-attempt', ['attemptId', 'sent', 'at']);
      database.createObjectStore('values');
      database.createObjectStore('keys');
    },
  });

/** The ledger of a browser kiosk. `add` refuses a sequence that is there: entries are never replaced. */
export class IndexedDbLedger implements LedgerStore {
  readonly #database: KioskIndexedDb;

  constructor(database: KioskIndexedDb) {
    this.#database = database;
  }

  async append(entry: LedgerEntry): Promise<void> {
    const transaction = this.#database.transaction('entries', 'readwrite', STRICT);
    await Promise.all([transaction.store.add(entry), transaction.done]);
  }

  read(attemptId: AttemptId, afterSeq: number, limit: number): Promise<readonly LedgerEntry[]> {
    const range = IDBKeyRange.bound(
      [attemptId, afterSeq],
      [attemptId, Number.MAX_SAFE_INTEGER],
      true,
    );
    return this.#database.getAll('entries', range, limit);
  }

  async putEvidence(evidence: StoredEvidence): Promise<void> {
    const transaction = this.#database.transaction('evidence', 'readwrite', STRICT);
    const known = await transaction.store.get([evidence.attemptId, evidence.hash]);
    if (known === undefined) await transaction.store.put({ ...evidence, at: Date.now(), sent: 0 });
    await transaction.done;
  }

  async unsentEvidence(attemptId: AttemptId, limit: number): Promise<readonly StoredEvidence[]> {
    const range = IDBKeyRange.bound([attemptId, 0, 0], [attemptId, 0, Number.MAX_SAFE_INTEGER]);
    const found = await this.#database.getAllFromIndex('evidence', 'by-attempt', range, limit);
    return found.map(({ hash, mime, bytes }) => ({ hash, attemptId, mime, bytes }));
  }

  async evidenceSent(attemptId: AttemptId, hash: Hash): Promise<void> {
    const transaction = this.#database.transaction('evidence', 'readwrite', STRICT);
    const known = await transaction.store.get([attemptId, hash]);
    // The row stays so that the same picture is not sent twice; the bytes are the server's now.
    if (known !== undefined)
      await transaction.store.put({ ...known, bytes: new Uint8Array(), sent: 1 });
    await transaction.done;
  }
}

/** The device's small durable values. */
export class IndexedDbDeviceStore implements DeviceStore {
  readonly #database: KioskIndexedDb;

  constructor(database: KioskIndexedDb) {
    this.#database = database;
  }

  get(key: string): Promise<unknown> {
    return this.#database.get('values', key);
  }

  async set(key: string, value: unknown): Promise<void> {
    const transaction = this.#database.transaction('values', 'readwrite', STRICT);
    await Promise.all([transaction.store.put(value, key), transaction.done]);
  }

  async delete(key: string): Promise<void> {
    const transaction = this.#database.transaction('values', 'readwrite', STRICT);
    await Promise.all([transaction.store.delete(key), transaction.done]);
  }
}
