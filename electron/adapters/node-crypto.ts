import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { DeviceKey, Digest, SignatureCheck } from '#shared/ports/digest.port.ts';

export const nodeDigest: Digest = {
  async sha256Hex(data) {
    return createHash('sha256').update(data).digest('hex');
  },
};

/** Ed25519 public keys travel as their raw 32 bytes; Node wants them behind this fixed DER header. */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

const rawPublicKey = (key: KeyObject): string =>
  createPublicKey(key)
    .export({ type: 'spki', format: 'der' })
    .subarray(SPKI_ED25519.length)
    .toString('base64url');

/** The device's key in a file of the kiosk's data folder that only its user may read. */
export class FileDeviceKey implements DeviceKey {
  readonly #private: KeyObject;

  private constructor(key: KeyObject) {
    this.#private = key;
  }

  /** Reads the key, or makes it at the first start. @throws when the file is there but is not a key. */
  static open(file: string): FileDeviceKey {
    if (!existsSync(file)) {
      const { privateKey } = generateKeyPairSync('ed25519');
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
      // `wx`: of two processes that start at once the first one's key stays.
      writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
    }
    return new FileDeviceKey(createPrivateKey(readFileSync(file)));
  }

  async publicKey(): Promise<string> {
    return rawPublicKey(this.#private);
  }

  async sign(text: string): Promise<string> {
    return sign(null, Buffer.from(text), this.#private).toString('base64url');
  }
}

export const nodeSignatureCheck: SignatureCheck = {
  async verify(publicKey, text, signature) {
    const der = Buffer.concat([SPKI_ED25519, Buffer.from(publicKey, 'base64url')]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  },
};
