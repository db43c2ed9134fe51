import { createCipheriv, createDecipheriv, pbkdf2Sync } from 'node:crypto';
import type { SafeStorage } from 'electron';
import { strict } from '#test/electron-standin/strict.ts';

let plainTextAllowed = false;

// Chromium's "basic" backend: a password that is in its public source. It hides, it does not protect.
const PREFIX = 'v10';
const key = (): Buffer => pbkdf2Sync('peanuts', 'saltysalt', 1, 16, 'sha1');
const IV = Buffer.alloc(16, ' ');

function demand(): void {
  if (plainTextAllowed) return;
  throw new Error('Error while encrypting the text provided to safeStorage: no secret store.');
}

/**
 * Behaves like a Linux machine without a secret store: no encryption is available, until the app
 * allows the plain-text backend by `setUsePlainTextEncryption(true)`.
 */
export const safeStorage = strict(
  {
    isEncryptionAvailable: (): boolean => plainTextAllowed,
    isAsyncEncryptionAvailable: async (): Promise<boolean> => plainTextAllowed,
    getSelectedStorageBackend: () => 'basic_text' as const,
    setUsePlainTextEncryption: (usePlainText: boolean): void => {
      plainTextAllowed = usePlainText;
    },
    encryptString: (plainText: string): Buffer => {
      demand();
      const cipher = createCipheriv('aes-128-cbc', key(), IV);
      return Buffer.concat([Buffer.from(PREFIX), cipher.update(plainText, 'utf8'), cipher.final()]);
    },
    decryptString: (encrypted: Buffer): string => {
      demand();
      if (encrypted.subarray(0, 3).toString() !== PREFIX) {
        throw new Error('Error while decrypting the ciphertext provided to safeStorage.');
      }
      const decipher = createDecipheriv('aes-128-cbc', key(), IV);
      return Buffer.concat([decipher.update(encrypted.subarray(3)), decipher.final()]).toString();
    },
  } satisfies Pick<
    SafeStorage,
    | 'isEncryptionAvailable'
    | 'isAsyncEncryptionAvailable'
    | 'getSelectedStorageBackend'
    | 'setUsePlainTextEncryption'
    | 'encryptString'
    | 'decryptString'
  >,
  'safeStorage',
);
