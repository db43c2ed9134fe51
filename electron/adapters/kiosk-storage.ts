import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { KeyStoreKind } from '#shared/wire/passport.ts';
import {
  type DeviceSecrets,
  forgetPlainKey,
  newSecrets,
  readVault,
  VAULT_FILE,
  type VaultLoss,
  type VaultOutcome,
  writeVault,
} from './device-vault.ts';
import { ForeignDatabaseError, type KioskDatabase, openKioskDatabase } from './kiosk-database.ts';
import { readMachineId } from './machine-id.ts';
import { NodeDeviceKey } from './node-crypto.ts';
import { rowCipher } from './row-cipher.ts';
import {
  fileSecretStore,
  type SecretStore,
  type SystemSecrets,
  systemSecretStore,
} from './secret-store.ts';
import { SqliteDeviceStore, SqliteLedger } from './sqlite-ledger.ts';

export const DATABASE_FILE = 'kiosk.db';
/** What belongs to one identity of the device. */
const KEPT = [VAULT_FILE, DATABASE_FILE, `${DATABASE_FILE}-wal`, `${DATABASE_FILE}-shm`] as const;
/** Below the data folder: what an earlier identity of this device, or another device, left. */
const KEPT_FOLDER = 'kept';

/** A key store that was just unlocked by a log-in may need a moment. */
const TRIES = 3;
const PATIENCE_MS = 700;

/** The key store that sealed the device's key is not there now. Nothing was changed. */
export class KeyStoreLockedError extends Error {
  readonly store: KeyStoreKind;
  constructor(store: KeyStoreKind) {
    super(`the key store "${store}" that keeps this device's key is not available`);
    this.name = 'KeyStoreLockedError';
    this.store = store;
  }
}

/** The identity that was given up, and where its files are kept. */
export interface SetAside {
  readonly why: VaultLoss | 'foreign-database';
  readonly folder: string;
}

/** The device's key, ledger and small values, open. */
export interface KioskStorage {
  readonly key: NodeDeviceKey;
  readonly ledger: SqliteLedger;
  readonly store: SqliteDeviceStore;
  /** What keeps the keys. `file`: the system offers nothing better. */
  readonly keyStore: KeyStoreKind;
  /** Whether a copy of the folder is noticed on another machine. */
  readonly bound: boolean;
  /** Not null: this start found an identity that does not belong here, and the device has to be enrolled again. */
  readonly setAside: SetAside | null;
  close(): void;
}

export interface StorageOptions {
  readonly folder: string;
  readonly platform: NodeJS.Platform;
  /** Electron's `safeStorage`; null where a process runs without Electron. */
  readonly secrets: SystemSecrets | null;
  /** For tests; by default it is read from the system. */
  readonly machineId?: string | null;
  /** How long to wait for a key store that does not answer, each of two times, ms. */
  readonly patienceMs?: number;
}

interface Keeping {
  /** The best store first. */
  readonly stores: readonly [SecretStore, ...SecretStore[]];
  readonly machineId: string | null;
}

const keepingOf = async ({ platform, secrets, ...given }: StorageOptions): Promise<Keeping> => {
  const machineId = given.machineId === undefined ? await readMachineId(platform) : given.machineId;
  const system = secrets === null ? null : await systemSecretStore(platform, secrets);
  const file = fileSecretStore(machineId);
  return { stores: system === null ? [file] : [system, file], machineId };
};

const readPatiently = async (folder: string, options: StorageOptions) => {
  for (let tries = 1; ; tries += 1) {
    const keeping = await keepingOf(options);
    const outcome: VaultOutcome = await readVault(folder, keeping.stores, keeping.machineId);
    const mayChange =
      outcome.state === 'locked' || (outcome.state === 'lost' && outcome.why === 'does-not-open');
    if (!mayChange || tries === TRIES) return { keeping, outcome };
    await pause(options.patienceMs ?? PATIENCE_MS);
  }
};

/** Moves everything of the identity away, so that nothing is lost and nothing is used by mistake. */
const setAside = (folder: string, why: SetAside['why']): SetAside => {
  const name = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const target = join(folder, KEPT_FOLDER, name);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const file of KEPT) {
    if (existsSync(join(folder, file))) renameSync(join(folder, file), join(target, file));
  }
  return { why, folder: target };
};

/** The vault's secrets, made when there are none. */
const secretsIn = async (
  folder: string,
  { stores, machineId }: Keeping,
  outcome: VaultOutcome,
): Promise<DeviceSecrets> => {
  const secrets = outcome.state === 'opened' ? outcome.secrets : newSecrets(folder);
  if (outcome.state !== 'opened' || outcome.stale) {
    await writeVault(folder, secrets, stores[0], machineId);
  }
  forgetPlainKey(folder);
  return secrets;
};

/**
 * Opens what the kiosk stores on its device, or makes it at the first start.
 *
 * A folder that was made on another machine, or whose key the key store does not open any more, is set
 * aside whole (`setAside`), and the device starts as a new one.
 * @throws KeyStoreLockedError when the key store may come back: then nothing is changed.
 */
export const openKioskStorage = async (options: StorageOptions): Promise<KioskStorage> => {
  const { folder } = options;
  const file = join(folder, DATABASE_FILE);
  const { keeping, outcome } = await readPatiently(folder, options);
  if (outcome.state === 'locked') throw new KeyStoreLockedError(outcome.store);
  let aside = outcome.state === 'lost' ? setAside(folder, outcome.why) : null;
  let secrets = await secretsIn(folder, keeping, outcome);
  let cipher = rowCipher(secrets.dataKey);
  let database: KioskDatabase;
  try {
    database = openKioskDatabase(file, cipher);
  } catch (failure) {
    if (!(failure instanceof ForeignDatabaseError)) throw failure;
    // The vault is gone, or it is another device's: its entries are not this device's to go on with.
    aside = setAside(folder, 'foreign-database');
    secrets = await secretsIn(folder, keeping, { state: 'absent' });
    cipher = rowCipher(secrets.dataKey);
    database = openKioskDatabase(file, cipher);
  }
  const open = database;
  return {
    key: new NodeDeviceKey(secrets.privateKey),
    ledger: new SqliteLedger(open, cipher),
    store: new SqliteDeviceStore(open, cipher),
    keyStore: keeping.stores[0].kind,
    bound: keeping.machineId !== null || keeping.stores[0].kind !== 'file',
    setAside: aside,
    close: () => open.close(),
  };
};
