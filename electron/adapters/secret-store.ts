import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { SafeStorage } from 'electron';
import type { KeyStoreKind } from '#shared/wire/passport.ts';

/** The part of Electron's `safeStorage` that is used. */
export type SystemSecrets = Pick<
  SafeStorage,
  | 'isAsyncEncryptionAvailable'
  | 'getSelectedStorageBackend'
  | 'encryptStringAsync'
  | 'decryptStringAsync'
>;

/** Keeps a short text so that, at best, only this user of this machine can read it. */
export interface SecretStore {
  readonly kind: KeyStoreKind;
  seal(plain: string): Promise<Buffer>;
  /** @throws when it was sealed elsewhere, or was changed. */
  open(sealed: Buffer): Promise<string>;
}

const BACKENDS: Readonly<Record<string, KeyStoreKind>> = {
  gnome_libsecret: 'libsecret',
  kwallet: 'kwallet',
  kwallet5: 'kwallet',
  kwallet6: 'kwallet',
};

const kindOf = (platform: NodeJS.Platform, secrets: SystemSecrets): KeyStoreKind | null => {
  if (platform === 'win32') return 'dpapi';
  if (platform === 'darwin') return 'keychain';
  return BACKENDS[secrets.getSelectedStorageBackend()] ?? null;
};

/** On Linux what Chromium seals with a password from its public source begins so. */
const BASIC_PREFIX = 'v10';

/**
 * The key store of the operating system: DPAPI, Keychain, libsecret or KWallet.
 * @returns null where there is none, or only one that hides and does not protect.
 */
export const systemSecretStore = async (
  platform: NodeJS.Platform,
  secrets: SystemSecrets,
): Promise<SecretStore | null> => {
  const kind = kindOf(platform, secrets);
  if (kind === null) return null;
  try {
    if (!(await secrets.isAsyncEncryptionAvailable())) return null;
    const probe = await secrets.encryptStringAsync('probe');
    if (platform === 'linux' && probe.subarray(0, 3).toString('latin1') === BASIC_PREFIX) {
      return null;
    }
  } catch {
    return null;
  }
  return {
    kind,
    seal: (plain) => secrets.encryptStringAsync(plain),
    open: async (sealed) => (await secrets.decryptStringAsync(sealed)).result,
  };
};

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const machineKey = (machineId: string | null, nonce: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', machineId ?? '', nonce, 'atalaya device vault', 32));

/** Opens what `fileSecretStore` sealed. @throws when it was sealed on another machine, or was changed. */
export const openForMachine = (machineId: string | null, sealed: Buffer): string => {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const key = machineKey(machineId, nonce);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const body = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([body, decipher.final()]).toString('utf8');
};

/**
 * The way out where the system has no key store: a file that only its user may read, sealed with what
 * the machine is. It keeps a copied folder from opening elsewhere; whoever can read this user's files on
 * this machine can open it.
 * @param machineId null when it cannot be read: then nothing binds the file to the machine.
 */
export const fileSecretStore = (machineId: string | null): SecretStore => ({
  kind: 'file',
  seal: async (plain) => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', machineKey(machineId, nonce), nonce);
    const body = cipher.update(plain, 'utf8');
    return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]);
  },
  open: async (sealed) => openForMachine(machineId, sealed),
});
