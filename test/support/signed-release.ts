import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type {
  ReleaseManifest,
  RollbackPermit,
  SignedText,
  UpdateFeed,
} from '#shared/wire/release.ts';

/** A pair of release keys: the private one, and the public one as builds carry it. */
export interface ReleaseKey {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

export const newReleaseKey = (): ReleaseKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey: publicKey.export({ format: 'jwk' }).x ?? '' };
};

export const signWith = (key: ReleaseKey, value: unknown): SignedText => {
  const text = JSON.stringify(value);
  return { text, signature: sign(null, Buffer.from(text), key.privateKey).toString('base64url') };
};

export const sha512 = (content: Uint8Array): string =>
  createHash('sha512').update(content).digest('base64');

/** The manifest of a release of one installer. */
export const manifestOf = (
  version: string,
  name: string,
  content: Uint8Array,
  changes: Partial<ReleaseManifest> = {},
): ReleaseManifest => ({
  format: 'atalaya-release/1',
  version,
  platform: 'linux',
  arch: 'x64',
  buildHash: null,
  createdAt: 1_700_000_000_000,
  files: [{ name, bytes: content.length, sha512: sha512(content) }],
  ...changes,
});

export const permitFor = (
  from: readonly string[],
  to: string,
  changes: Partial<RollbackPermit> = {},
): RollbackPermit => ({
  format: 'atalaya-rollback/1',
  platform: 'linux',
  arch: 'x64',
  from: [...from],
  to,
  reason: 'defecto en 2.0.0',
  issuedAt: 1_700_000_000_000,
  expiresAt: 4_000_000_000_000,
  ...changes,
});

/** What the server answers for a manifest. */
export const feedFor = (
  manifest: ReleaseManifest,
  signed: SignedText,
  rollback: SignedText | null = null,
): UpdateFeed => {
  const [first] = manifest.files;
  if (first === undefined) throw new Error('a release without files');
  return {
    version: manifest.version,
    releaseDate: '2023-11-14T22:13:20.000Z',
    files: manifest.files.map(({ name, bytes, sha512: hash }) => ({
      url: name,
      sha512: hash,
      size: bytes,
    })),
    path: first.name,
    sha512: first.sha512,
    atalaya: { manifest: signed, rollback },
  };
};
