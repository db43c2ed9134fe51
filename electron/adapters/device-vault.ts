import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { check } from '#shared/kernel/schema.ts';
import { KeyStoreKindSchema } from '#shared/wire/passport.ts';
import { writeDurably } from './durable-file.ts';
import { machineMark } from './machine-id.ts';
import { DATA_KEY_BYTES } from './row-cipher.ts';
import type { SecretStore } from './secret-store.ts';

const VaultFileSchema = Type.Object(
  {
    format: Type.Literal('atalaya-vault-1'),
    store: KeyStoreKindSchema,
    /** The machine that sealed it, as a salted hash; null where the system does not tell. */
    machine: Type.Union([
      Type.Object({ salt: Type.String(), mark: Type.String() }, { additionalProperties: false }),
      Type.Null(),
    ]),
    /** Sealed by the store, base64. */
    secrets: Type.String({ maxLength: 20_000 }),
  },
  { additionalProperties: false },
);
type VaultFile = Static<typeof VaultFileSchema>;

const SecretsSchema = Type.Object(
  { privateKey: Type.String(), dataKey: Type.String() },
  { additionalProperties: false },
);

/** The device's two secrets, open in memory. */
export interface DeviceSecrets {
  /** Ed25519: signs the ledger, is enrolled at the server. */
  readonly privateKey: KeyObject;
  /** AES-256: encrypts what is stored. */
  readonly dataKey: Uint8Array;
}

/** Why a vault does not open. */
export type VaultLoss =
  /** The data folder was made on another machine. */
  | 'other-machine'
  /** The key store does not open what it sealed: it was reset, or belongs to another user. */
  | 'does-not-open'
  /** The file is not one of ours any more. */
  | 'damaged';

export type VaultOutcome =
  | {
      readonly state: 'opened';
      readonly secrets: DeviceSecrets;
      /** A better store is there now, or the machine can be told now: it should be written again. */
      readonly stale: boolean;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'lost'; readonly why: VaultLoss }
  /** The key store that sealed it, or what the machine is, cannot be asked now and may come back: nothing is lost. */
  | { readonly state: 'locked'; readonly store: VaultFile['store'] };

export const VAULT_FILE = 'device-vault.json';
/** Where the private key lay before there was a vault. */
const PLAIN_KEY_FILE = 'device-key.pem';

/** Seals the secrets with `store` and writes the vault. */
export const writeVault = async (
  folder: string,
  secrets: DeviceSecrets,
  store: SecretStore,
  machineId: string | null,
): Promise<void> => {
  const salt = randomBytes(16).toString('hex');
  const plain: Static<typeof SecretsSchema> = {
    privateKey: secrets.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    dataKey: Buffer.from(secrets.dataKey).toString('base64'),
  };
  const vault: VaultFile = {
    format: 'atalaya-vault-1',
    store: store.kind,
    machine: machineId === null ? null : { salt, mark: machineMark(machineId, salt) },
    secrets: (await store.seal(JSON.stringify(plain))).toString('base64'),
  };
  writeDurably(join(folder, VAULT_FILE), `${JSON.stringify(vault)}\n`);
};

/** @throws when the file cannot be read, which is not the same as not being ours. */
const readVaultFile = (file: string): VaultFile | null => {
  const text = readFileSync(file, 'utf8');
  try {
    const checked = check(VaultFileSchema, JSON.parse(text));
    return checked.ok ? checked.value : null;
  } catch {
    return null;
  }
};

const parseSecrets = (plain: string): DeviceSecrets | null => {
  try {
    const checked = check(SecretsSchema, JSON.parse(plain));
    if (!checked.ok) return null;
    const key = Buffer.from(checked.value.privateKey, 'base64');
    const dataKey = Buffer.from(checked.value.dataKey, 'base64');
    if (dataKey.length !== DATA_KEY_BYTES) return null;
    return { privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }), dataKey };
  } catch {
    return null;
  }
};

/**
 * Opens the vault of a data folder. Changes nothing.
 * @param stores by what they are, the one that is used now first; the file store always last.
 */
export const readVault = async (
  folder: string,
  stores: readonly SecretStore[],
  machineId: string | null,
): Promise<VaultOutcome> => {
  const file = join(folder, VAULT_FILE);
  if (!existsSync(file)) return { state: 'absent' };
  const vault = readVaultFile(file);
  if (vault === null) return { state: 'lost', why: 'damaged' };
  const { machine } = vault;
  const moved =
    machine !== null && machineId !== null && machineMark(machineId, machine.salt) !== machine.mark;
  // Asked before the store: a disk that was cloned to many laptops opens on each of them.
  if (moved) return { state: 'lost', why: 'other-machine' };
  const store = stores.find(({ kind }) => kind === vault.store);
  const unknown = machine !== null && machineId === null && vault.store === 'file';
  if (store === undefined || unknown) return { state: 'locked', store: vault.store };
  const sealed = Buffer.from(vault.secrets, 'base64');
  let plain: string;
  try {
    plain = await store.open(sealed);
  } catch {
    return { state: 'lost', why: 'does-not-open' };
  }
  const secrets = parseSecrets(plain);
  if (secrets === null) return { state: 'lost', why: 'damaged' };
  const stale = stores[0] !== store || (machine === null && machineId !== null);
  return { state: 'opened', secrets, stale };
};

/** New secrets; the private key of a folder from before there were vaults is kept, so that the device stays enrolled. */
export const newSecrets = (folder: string): DeviceSecrets => {
  const file = join(folder, PLAIN_KEY_FILE);
  const privateKey = existsSync(file)
    ? createPrivateKey(readFileSync(file))
    : generateKeyPairSync('ed25519').privateKey;
  return { privateKey, dataKey: randomBytes(DATA_KEY_BYTES) };
};

/** Removes the plain key after the vault has it. What a disk keeps of deleted files is beyond a program. */
export const forgetPlainKey = (folder: string): void => {
  const file = join(folder, PLAIN_KEY_FILE);
  if (!existsSync(file)) return;
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, Buffer.alloc(statSync(file).size));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  rmSync(file);
};
