import { createPublicKey, hash, verify } from 'node:crypto';
import type { Digest, SignatureCheck } from '#shared/ports/digest.port.ts';

export const nodeDigest: Digest = { sha256Hex: async (data) => hash('sha256', data, 'hex') };

/** Ed25519 with the public key as it travels: its raw 32 bytes, base64url. */
export const nodeSignatures: SignatureCheck = {
  verify: async (publicKey, text, signature) => {
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: publicKey },
      format: 'jwk',
    });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  },
};
