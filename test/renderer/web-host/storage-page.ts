import {
  IndexedDbDeviceStore,
  IndexedDbLedger,
  type KioskIndexedDb,
  openKioskDatabase,
} from '#renderer/adapters/indexed-db-store.ts';
import { WebCryptoDeviceKey } from '#renderer/adapters/web-crypto.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { createSteadyStorage, type SteadyStorage } from '#shared/kiosk/storage/steady-storage.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';

/** The web kiosk's storage at work in a real browser, for a test outside of the page. */
export interface StoragePage {
  open(): Promise<string>;
  /** @returns how long it was waited for, ms. */
  append(seq: number, padding?: number): Promise<number>;
  /** Sequences that are in the browser's own database. */
  stored(): Promise<readonly number[]>;
  standing(): { readonly failing: boolean; readonly held: number };
  /** Another connection deletes the database, as another page or the person may. */
  deleteDatabase(): Promise<string>;
  publicKey(): Promise<string>;
}

declare global {
  var storagePage: StoragePage;
}

const attemptId = 'attempt-1' as AttemptId;
const NAME = 'atalaya-kiosk';
const hash = (seq: number): string => String(seq).padStart(64, '0');

const entry = (seq: number, padding: number): LedgerEntry => ({
  attemptId,
  seq,
  t: seq,
  wall: seq,
  type: 'question-flagged',
  data: { questionId: 'q1', flagged: true, padding: 'x'.repeat(padding) },
  previous: hash(seq - 1),
  hash: hash(seq),
});

let database: KioskIndexedDb;
let storage: SteadyStorage;

globalThis.storagePage = {
  open: async () => {
    database = await openKioskDatabase(NAME);
    const key = await WebCryptoDeviceKey.open(database);
    storage = createSteadyStorage({
      ledger: new IndexedDbLedger(database),
      store: new IndexedDbDeviceStore(database),
      scheduler: {
        after: (ms, task) => {
          const timer = setTimeout(task, ms);
          return () => clearTimeout(timer);
        },
        every: () => () => undefined,
      },
      onChange: () => undefined,
      onFork: () => undefined,
    });
    await storage.store.set('device', { deviceId: 'd' });
    return key.publicKey();
  },
  append: async (seq, padding = 0) => {
    const began = performance.now();
    await storage.ledger.append(entry(seq, padding));
    return performance.now() - began;
  },
  stored: async () => {
    const fresh = await openKioskDatabase(NAME);
    const entries = await new IndexedDbLedger(fresh).read(attemptId, 0, 1_000);
    fresh.close();
    return entries.map(({ seq }) => seq);
  },
  standing: () => storage.standing(),
  deleteDatabase: () =>
    new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = () => resolve('deleted');
      request.onerror = () => resolve('error');
      request.onblocked = () => resolve('blocked');
    }),
  publicKey: async () => {
    const fresh = await openKioskDatabase(NAME);
    const key = await WebCryptoDeviceKey.open(fresh);
    fresh.close();
    return key.publicKey();
  },
};
