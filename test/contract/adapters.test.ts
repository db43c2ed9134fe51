import 'fake-indexeddb/auto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileDeviceKey } from '#electron/adapters/node-crypto.ts';
import {
  openKioskDatabase as openSqlite,
  SqliteDeviceStore,
  SqliteLedger,
} from '#electron/adapters/sqlite-ledger.ts';
import {
  IndexedDbDeviceStore,
  IndexedDbLedger,
  openKioskDatabase as openIndexedDb,
} from '#renderer/adapters/indexed-db-store.ts';
import { WebCryptoDeviceKey } from '#renderer/adapters/web-crypto.ts';
import { fakeSignatureCheck } from '#test/support/fake/fake-key.ts';
import { deviceKeyContract } from './device-key.contract.ts';
import { deviceStoreContract } from './device-store.contract.ts';
import { ledgerStoreContract } from './ledger-store.contract.ts';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'atalaya-contract-'));

/** A SQLite file that can be closed and opened again. */
const sqlitePlace = async <T>(make: (database: ReturnType<typeof openSqlite>) => T) => {
  const path = await folder();
  let database = openSqlite(join(path, 'kiosk.db'));
  return {
    store: make(database),
    reopen: async () => {
      database.close();
      database = openSqlite(join(path, 'kiosk.db'));
      return make(database);
    },
    destroy: async () => {
      database.close();
      await rm(path, { recursive: true });
    },
  };
};

let databases = 0;
const indexedDbPlace = async <T>(
  make: (database: Awaited<ReturnType<typeof openIndexedDb>>) => T | Promise<T>,
) => {
  const name = `contract-${++databases}`;
  let database = await openIndexedDb(name);
  return {
    value: await make(database),
    reopen: async () => {
      database.close();
      database = await openIndexedDb(name);
      return make(database);
    },
    destroy: async () => {
      database.close();
      indexedDB.deleteDatabase(name);
    },
  };
};

ledgerStoreContract('SqliteLedger', () => sqlitePlace((database) => new SqliteLedger(database)));
deviceStoreContract('SqliteDeviceStore', () =>
  sqlitePlace((database) => new SqliteDeviceStore(database)),
);
deviceKeyContract(
  'FileDeviceKey',
  async () => {
    const path = await folder();
    const open = () => FileDeviceKey.open(join(path, 'device-key.pem'));
    return {
      key: open(),
      reopen: async () => open(),
      destroy: () => rm(path, { recursive: true }),
    };
  },
  fakeSignatureCheck,
);

ledgerStoreContract('IndexedDbLedger', async () => {
  const { value, ...place } = await indexedDbPlace((database) => new IndexedDbLedger(database));
  return { store: value, ...place };
});
deviceStoreContract('IndexedDbDeviceStore', async () => {
  const { value, ...place } = await indexedDbPlace(
    (database) => new IndexedDbDeviceStore(database),
  );
  return { store: value, ...place };
});
deviceKeyContract(
  'WebCryptoDeviceKey',
  async () => {
    const { value, ...place } = await indexedDbPlace((database) =>
      WebCryptoDeviceKey.open(database),
    );
    return { key: value, ...place };
  },
  fakeSignatureCheck,
);
