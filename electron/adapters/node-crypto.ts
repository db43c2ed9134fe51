import { createHash, createPublicKey, type KeyObject, pbkdf2, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { DeviceKey, Digest, Stretch } from '#shared/ports/digest.port.ts';

const stretch = promisify(pbkdf2);

export const nodeDigest: Digest & Stretch = {
  async sha256Hex(data) {
    return createHash('sha256').update(data).digest('hex');
  },
  async stretchHex(secret, salt, iterations) {
    const key = await stretch(secret, Buffer.from(salt, 'hex'), iterations, 32, 'sha256');
    return key.toString('hex');
  },
};

/** Ed25519 public keys travel as their raw 32 bytes; Node wants them behind this fixed DER header. */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

const rawPublicKey = (key: KeyObject): string =>
  createPublicKey(key)
    .export({ type: 'spki', format: 'der' })
    .subarray(SPKI_ED25519.length)
    .toString('base64url');

/** The device's key, open in memory; what keeps it is the vault's business. */
export class NodeDeviceKey implements DeviceKey {
  readonly #private: KeyObject;

  /** @param key an Ed25519 private key. */
  constructor(key: KeyObject) {
    this.#private = key;
  }

  async publicKey(): Promise<string> {
    return rawPublicKey(this.#private);
  }

  async sign(text: string): Promise<string> {
    return sign(null, Buffer.from(text), this.#private).toString('base64url');
  }
}
