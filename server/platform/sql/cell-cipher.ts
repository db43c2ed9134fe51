import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM as NIST SP 800-38D recommends it: 96 random bits of nonce, 128 bits of tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts single values of the database, each for its own place: one that is moved does not open. */
export interface CellCipher {
  /** @param place where the value stands, for example `enrolment|<id>|template`. */
  seal(place: string, content: string | Uint8Array): Buffer;
  /** @throws Error when the value was changed, comes from another place, or was sealed with another key. */
  open(place: string, sealed: Uint8Array): Buffer;
}

/** @param key 32 bytes. */
export const cellCipher = (key: Uint8Array): CellCipher => ({
  seal: (place, content) => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
    const body = cipher.update(Buffer.from(content));
    return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()]);
  },
  open: (place, sealed) => {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error(`not a sealed value: ${place}`);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const body = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([body, decipher.final()]);
    } catch (cause) {
      throw new Error(`a sealed value does not open: ${place}`, { cause });
    }
  },
});
