import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SystemSecrets } from '#electron/adapters/secret-store.ts';

/** A key store of an operating system, as `safeStorage` shows it: what one machine seals, no other opens. */
export class FakeSecrets implements SystemSecrets {
  backend: ReturnType<SystemSecrets['getSelectedStorageBackend']> = 'gnome_libsecret';
  available = true;
  /** Chromium's password from its public source instead of the user's key ring. */
  basic = false;
  /** How many times from now on opening fails, as while a key ring is being unlocked. */
  failures = 0;
  readonly #key = randomBytes(32);

  isAsyncEncryptionAvailable = async (): Promise<boolean> => this.available;
  getSelectedStorageBackend = () => this.backend;

  encryptStringAsync = async (plain: string): Promise<Buffer> => {
    if (!this.available) throw new Error('no encryption');
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([
      Buffer.from(this.basic ? 'v10' : 'v11'),
      nonce,
      body,
      cipher.getAuthTag(),
    ]);
  };

  decryptStringAsync = async (sealed: Buffer) => {
    if (!this.available || this.failures-- > 0) throw new Error('no decryption');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(3, 15));
    decipher.setAuthTag(sealed.subarray(-16));
    const body = decipher.update(sealed.subarray(15, -16));
    const result = Buffer.concat([body, decipher.final()]).toString('utf8');
    return { result, shouldReEncrypt: false };
  };
}
