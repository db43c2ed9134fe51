import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { DeviceKey, Digest, SignatureCheck } from '#shared/ports/digest.port.ts';

export const digest: Digest = {
  sha256Hex: async (data) => createHash('sha256').update(data).digest('hex'),
};

/** A device's key pair that lives for one test. */
export const newKey = (): DeviceKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: async () => rawKey(publicKey),
    sign: async (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
};

const rawKey = (key: KeyObject): string => key.export({ format: 'jwk' }).x ?? '';

export const signatures: SignatureCheck = {
  verify: async (publicKey, text, signature) => {
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: publicKey },
      format: 'jwk',
    });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  },
};
