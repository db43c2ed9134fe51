import { createPrivateKey, createPublicKey, hash, sign, verify } from 'node:crypto';
import type { ExamineeId, Hash } from '#shared/kernel/ids.ts';
import { check } from '#shared/kernel/schema.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json } from '#shared/ledger/entry.ts';
import { type DeletionCertificate, DeletionCertificateSchema } from '#shared/wire/enrolment.ts';

/** The header of an Ed25519 private key in PKCS #8; the 32 bytes of the seed follow. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Whom a certificate is about, without saying who. */
export const subjectOf = (examineeId: ExamineeId): Hash => hash('sha256', examineeId, 'hex');

type Unsigned = Omit<DeletionCertificate, 'signature'>;
const signedText = ({ signature: _, ...rest }: Unsigned & { signature?: string }): Buffer =>
  Buffer.from(canonicalText(rest as unknown as Json), 'utf8');

export interface Certifier {
  /** Ed25519 public key, raw 32 bytes, base64url. */
  readonly publicKey: string;
  certify(draft: Omit<Unsigned, 'format' | 'publicKey'>): DeletionCertificate;
}

/** @param seed 32 bytes, the server's own. */
export const certifier = (seed: Uint8Array): Certifier => {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(key).export({ format: 'jwk' }).x ?? '';
  return {
    publicKey,
    certify: (draft) => {
      const unsigned: Unsigned = { format: 'atalaya-deletion-1', ...draft, publicKey };
      return {
        ...unsigned,
        signature: sign(null, signedText(unsigned), key).toString('base64url'),
      };
    },
  };
};

/**
 * Whether the certificate is one, and was signed with this server's key and not changed since.
 * @param publicKey the server's, known from elsewhere: a certificate's own proves nothing.
 */
export const verifyCertificate = (certificate: unknown, publicKey: string): boolean => {
  const read = check(DeletionCertificateSchema, certificate);
  if (!read.ok || read.value.publicKey !== publicKey) return false;
  try {
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: publicKey },
      format: 'jwk',
    });
    const signature = Buffer.from(read.value.signature, 'base64url');
    return verify(null, signedText(read.value), key, signature);
  } catch {
    return false;
  }
};
