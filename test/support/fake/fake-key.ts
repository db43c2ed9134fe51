import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  pbkdf2Sync,
  sign,
  verify,
} from 'node:crypto';
import type { DeviceKey, Digest, SignatureCheck, Stretch } from '#shared/ports/digest.port.ts';

/** Real SHA-256 and Ed25519, answered at once: only where the key lives is not real. */
export const fakeDigest: Digest & Stretch = {
  sha256Hex: async (data) => createHash('sha256').update(data).digest('hex'),
  stretchHex: async (secret, salt, iterations) =>
    pbkdf2Sync(secret, Buffer.from(salt, 'hex'), iterations, 32, 'sha256').toString('hex'),
};

export class MemoryDeviceKey implements DeviceKey {
  readonly #pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

  constructor() {
    this.#pair = generateKeyPairSync('ed25519');
  }

  async publicKey(): Promise<string> {
    const { x } = this.#pair.publicKey.export({ format: 'jwk' });
    if (x === undefined) throw new Error('no public key');
    return x;
  }

  async sign(text: string): Promise<string> {
    return sign(null, Buffer.from(text), this.#pair.privateKey).toString('base64url');
  }
}

export const fakeSignatureCheck: SignatureCheck = {
  verify: async (publicKey, text, signature) => {
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: publicKey },
      format: 'jwk',
    });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  },
};
