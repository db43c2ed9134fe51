import type { DeviceKey, Digest, Stretch } from '#shared/ports/digest.port.ts';
import type { KioskIndexedDb } from './indexed-db-store.ts';

const ED25519 = 'Ed25519';

const base64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** SHA-256 of the browser. Needs a secure context (https, localhost or the app's own scheme). */
export const webDigest: Digest & Stretch = {
  async sha256Hex(data) {
    const bytes = typeof data === 'string' ? utf8(data) : new Uint8Array(data);
    return hex(await crypto.subtle.digest('SHA-256', bytes));
  },
  async stretchHex(secret, salt, iterations) {
    const key = await crypto.subtle.importKey('raw', utf8(secret), 'PBKDF2', false, ['deriveBits']);
    const bytes = Uint8Array.from(salt.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes, iterations };
    return hex(await crypto.subtle.deriveBits(how, key, 256));
  },
};

/** The device's key in this browser profile: made once, not extractable, kept as a key object in IndexedDB. */
export class WebCryptoDeviceKey implements DeviceKey {
  readonly #pair: CryptoKeyPair;

  private constructor(pair: CryptoKeyPair) {
    this.#pair = pair;
  }

  static async open(database: KioskIndexedDb): Promise<WebCryptoDeviceKey> {
    const pair = await database.use(async (connection) => {
      const stored = await connection.get('keys', 'device');
      if (stored !== undefined) return stored;
      const made = (await crypto.subtle.generateKey(ED25519, false, [
        'sign',
        'verify',
      ])) as CryptoKeyPair;
      // `add`: of two pages that start at once the first one's key stays.
      await connection.add('keys', made, 'device').catch(() => undefined);
      return (await connection.get('keys', 'device')) ?? made;
    });
    // The site's data may be cleared while the exam runs: the ledger goes on with the key that opened it.
    database.onOpen(async (connection) => {
      if ((await connection.get('keys', 'device')) === undefined) {
        await connection.put('keys', pair, 'device');
      }
    });
    return new WebCryptoDeviceKey(pair);
  }

  async publicKey(): Promise<string> {
    return base64url(await crypto.subtle.exportKey('raw', this.#pair.publicKey));
  }

  async sign(text: string): Promise<string> {
    return base64url(await crypto.subtle.sign(ED25519, this.#pair.privateKey, utf8(text)));
  }
}
