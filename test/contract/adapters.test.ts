import 'fake-indexeddb/auto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KioskStorage, openKioskStorage } from '#electron/adapters/kiosk-storage.ts';
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

/** The desktop's data folder, on a machine without a key store, that can be closed and opened again. */
const desktopPlace = async <T>(part: (storage: KioskStorage) => T) => {
  const path = await folder();
  const open = () =>
    openKioskStorage({ folder: path, platform: 'linux', secrets: null, machineId: 'a-machine' });
  let storage = await open();
  return {
    value: part(storage),
    reopen: async () => {
      storage.close();
      storage = await open();
      return part(storage);
    },
    destroy: async () => {
      storage.close();
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

ledgerStoreContract('SqliteLedger', async () => {
  const { value, ...place } = await desktopPlace(({ ledger }) => ledger);
  return { store: value, ...place };
});
deviceStoreContract('SqliteDeviceStore', async () => {
  const { value, ...place } = await desktopPlace(({ store }) => store);
  return { store: value, ...place };
});
deviceKeyContract(
  'NodeDeviceKey',
  async () => {
    const { value, ...place } = await desktopPlace(({ key }) => key);
    return { key: value, ...place };
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
