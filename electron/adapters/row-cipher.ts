import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { TamperedStorageError } from '#shared/ports/ledger-store.port.ts';

/** AES-256-GCM as NIST SP 800-38D recommends it: 96 random bits of nonce, 128 bits of tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const DATA_KEY_BYTES = 32;

/**
 * Encrypts what is stored, each row for its own place.
 *
 * Random nonces are safe for about 2^32 rows under one key; a device writes a few million in its life.
 */
export interface RowCipher {
  /** @param place where the row stands, for example `entry|attempt-1|7`. */
  seal(place: string, content: string | Uint8Array): Buffer;
  /** @throws TamperedStorageError when the row was changed or comes from another place or device. */
  open(place: string, sealed: Uint8Array): Buffer;
}

/** @param key 32 bytes. */
export const rowCipher = (key: Uint8Array): RowCipher => {
  if (key.length !== DATA_KEY_BYTES) throw new RangeError('a data key has 32 bytes');
  return {
    seal: (place, content) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
      const body =
        typeof content === 'string' ? cipher.update(content, 'utf8') : cipher.update(content);
      return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]);
    },
    open: (place, sealed) => {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new TamperedStorageError(place);
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([body, decipher.final()]);
      } catch (failure) {
        throw new TamperedStorageError(place, { cause: failure });
      }
    },
  };
};
