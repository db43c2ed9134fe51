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

type Connection = IDBPDatabase<KioskDatabase>;

/** A database that does not open by then is told as failed, ms: another page may hold an older one open. */
const OPEN_WITHIN_MS = 2_500;

const makeStores = (database: Connection): void => {
  database.createObjectStore('entries', { keyPath: ['attemptId', 'seq'] });
  const evidence = database.createObjectStore('evidence', { keyPath: ['attemptId', 'hash'] });
  evidence.createIndex('by-attempt', ['attemptId', 'sent', 'at']);
  database.createObjectStore('values');
  database.createObjectStore('keys');
};

/**
 * The kiosk's database in this browser profile. A connection that ends (the browser closes it, the person clears the
 * site's data, another page deletes or upgrades it) is opened again by whoever needs it next.
 */
export class KioskIndexedDb {
  readonly #name: string;
  readonly #onOpen: ((connection: Connection) => Promise<void>)[] = [];
  #opening: Promise<Connection> | null = null;
  #closed = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Runs for each connection that is opened from now on, before anybody uses it: data may have been cleared. */
  onOpen(prepare: (connection: Connection) => Promise<void>): void {
    this.#onOpen.push(prepare);
  }

  /** @throws when storage is denied, does not open in time, or what `task` throws. */
  async use<T>(task: (connection: Connection) => Promise<T>): Promise<T> {
    const opening = this.#connect();
    try {
      return await task(await opening);
    } catch (failure) {
      // The connection is closing: the next one who asks gets another.
      if (failure instanceof DOMException && failure.name === 'InvalidStateError') {
        this.#forget(opening);
      }
      throw failure;
    }
  }

  close(): void {
    this.#closed = true;
    void this.#opening?.then((connection) => connection.close()).catch(() => undefined);
    this.#opening = null;
  }

  #connect(): Promise<Connection> {
    if (this.#closed) return Promise.reject(new DOMException('closed', 'InvalidStateError'));
    if (this.#opening === null) {
      const opening = this.#open(() => this.#forget(opening));
      this.#opening = opening;
      opening.catch(() => this.#forget(opening));
    }
    return this.#opening;
  }

  #forget(opening: Promise<Connection>): void {
    if (this.#opening !== opening) return;
    this.#opening = null;
    opening.then((connection) => connection.close()).catch(() => undefined);
  }

  async #open(ended: () => void): Promise<Connection> {
    const connecting = openDB<KioskDatabase>(this.#name, 1, {
      upgrade: makeStores,
      // Somebody deletes or upgrades it: who holds on would block them, and be blocked by them.
      blocking: ended,
      terminated: ended,
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('database does not open')), OPEN_WITHIN_MS);
    });
    try {
      const connection = await Promise.race([connecting, late]);
      for (const prepare of this.#onOpen) await prepare(connection);
      return connection;
    } catch (failure) {
      connecting.then((connection) => connection.close()).catch(() => undefined);
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Opens (and makes) the kiosk's database in this browser profile. @throws when storage is denied. */
export const openKioskDatabase = async (name = 'atalaya-kiosk'): Promise<KioskIndexedDb> => {
  const database = new KioskIndexedDb(name);
  await database.use(async () => undefined);
  return database;
};

/** Strict: a resolved write is on the disk, not in the browser's memory. */
const STRICT = { durability: 'strict' } as const;

/** The ledger of a browser kiosk. `add` refuses a sequence that is there: entries are never replaced. */
export class IndexedDbLedger implements LedgerStore {
  readonly #database: KioskIndexedDb;

  constructor(database: KioskIndexedDb) {
    this.#database = database;
  }

  onReopened(listener: () => void): void {
    this.#database.onOpen(async () => listener());
  }

  append(entry: LedgerEntry): Promise<void> {
    return this.#database.use(async (connection) => {
      const transaction = connection.transaction('entries', 'readwrite', STRICT);
      await Promise.all([transaction.store.add(entry), transaction.done]);
    });
  }

  read(attemptId: AttemptId, afterSeq: number, limit: number): Promise<readonly LedgerEntry[]> {
    const range = IDBKeyRange.bound(
      [attemptId, afterSeq],
      [attemptId, Number.MAX_SAFE_INTEGER],
      true,
    );
    return this.#database.use((connection) => connection.getAll('entries', range, limit));
  }

  putEvidence(evidence: StoredEvidence): Promise<void> {
    return this.#database.use(async (connection) => {
      const transaction = connection.transaction('evidence', 'readwrite', STRICT);
      const known = await transaction.store.get([evidence.attemptId, evidence.hash]);
      const row = { ...evidence, at: Date.now(), sent: 0 as const };
      await Promise.all([
        known === undefined ? transaction.store.put(row) : null,
        transaction.done,
      ]);
    });
  }

  async unsentEvidence(attemptId: AttemptId, limit: number): Promise<readonly StoredEvidence[]> {
    const range = IDBKeyRange.bound([attemptId, 0, 0], [attemptId, 0, Number.MAX_SAFE_INTEGER]);
    const found = await this.#database.use((connection) =>
      connection.getAllFromIndex('evidence', 'by-attempt', range, limit),
    );
    return found.map(({ hash, mime, bytes }) => ({ hash, attemptId, mime, bytes }));
  }

  evidenceSent(attemptId: AttemptId, hash: Hash): Promise<void> {
    return this.#database.use(async (connection) => {
      const transaction = connection.transaction('evidence', 'readwrite', STRICT);
      const known = await transaction.store.get([attemptId, hash]);
      // The row stays so that the same picture is not sent twice; the bytes are the server's now.
      const row =
        known === undefined ? null : { ...known, bytes: new Uint8Array(), sent: 1 as const };
      await Promise.all([row === null ? null : transaction.store.put(row), transaction.done]);
    });
  }
}

/** The device's small durable values. */
export class IndexedDbDeviceStore implements DeviceStore {
  readonly #database: KioskIndexedDb;

  constructor(database: KioskIndexedDb) {
    this.#database = database;
  }

  onReopened(listener: () => void): void {
    this.#database.onOpen(async () => listener());
  }

  get(key: string): Promise<unknown> {
    return this.#database.use((connection) => connection.get('values', key));
  }

  set(key: string, value: unknown): Promise<void> {
    return this.#database.use(async (connection) => {
      const transaction = connection.transaction('values', 'readwrite', STRICT);
      await Promise.all([transaction.store.put(value, key), transaction.done]);
    });
  }

  delete(key: string): Promise<void> {
    return this.#database.use(async (connection) => {
      const transaction = connection.transaction('values', 'readwrite', STRICT);
      await Promise.all([transaction.store.delete(key), transaction.done]);
    });
  }
}
