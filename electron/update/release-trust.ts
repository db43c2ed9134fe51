import { createPublicKey, verify } from 'node:crypto';
import type { Static, TSchema } from 'typebox';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  type Arch,
  compareVersions,
  type Platform,
  type ReleaseManifest,
  ReleaseManifestSchema,
  RollbackPermitSchema,
  type SignedText,
  type UpdateFeed,
  UpdateFeedSchema,
} from '#shared/wire/release.ts';

/** Set by the bundler from `release-keys.json`; not there in tests that run the sources. */
declare const __ATALAYA_RELEASE_KEYS__: readonly string[] | undefined;

/** The public keys whose releases this build installs. None: it installs none. */
export const builtInReleaseKeys = (): readonly string[] =>
  typeof __ATALAYA_RELEASE_KEYS__ === 'undefined' ? [] : __ATALAYA_RELEASE_KEYS__;

/** Why an offered release is not taken. */
export type Refusal =
  | 'no-keys'
  | 'malformed'
  | 'bad-signature'
  | 'other-system'
  | 'files-differ'
  | 'older'
  | 'permit-bad-signature'
  | 'permit-does-not-fit'
  | 'permit-expired';

/** What may be installed: everything that the signature covers. */
export interface Accepted {
  readonly manifest: ReleaseManifest;
  /** Older than what runs; a permit allows it. */
  readonly downgrade: boolean;
}

export interface TrustContext {
  readonly keys: readonly string[];
  readonly current: string;
  readonly platform: Platform;
  readonly arch: Arch;
  /** Wall clock, ms: only for the end of permits. */
  readonly now: number;
}

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

const signedByOne = ({ text, signature }: SignedText, keys: readonly string[]): boolean =>
  keys.some((raw) => {
    const der = Buffer.concat([SPKI_ED25519, Buffer.from(raw, 'base64url')]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  });

const parse = <S extends TSchema>(schema: S, text: string): Static<S> | null => {
  try {
    const value = check(schema, JSON.parse(text));
    return value.ok ? value.value : null;
  } catch {
    return null;
  }
};

/** Whether what the library is going to download is what was signed: version, names, sizes and hashes. */
export const feedMatches = (feed: UpdateFeed, manifest: ReleaseManifest): boolean =>
  feed.version === manifest.version &&
  feed.files.length > 0 &&
  feed.files.every((file) =>
    manifest.files.some(
      ({ name, bytes, sha512 }) =>
        name === file.url && bytes === file.size && sha512 === file.sha512,
    ),
  ) &&
  manifest.files.some(({ name, sha512 }) => name === feed.path && sha512 === feed.sha512);

/**
 * Judges what the server offers. The server is not believed: the release must be signed by a key that was built
 * into this program, be for this system, and be newer, or older with a signed permit that names both versions
 * and has not run out.
 * @param offered whatever the feed said. @returns null when it is what runs already.
 */
export const judgeOffer = (
  offered: unknown,
  context: TrustContext,
): Result<Accepted | null, Refusal> => {
  const feed = check(UpdateFeedSchema, offered);
  if (!feed.ok) return fail('malformed');
  const { manifest: signed, rollback } = feed.value.atalaya;
  if (context.keys.length === 0) return fail('no-keys');
  if (!signedByOne(signed, context.keys)) return fail('bad-signature');
  const manifest = parse(ReleaseManifestSchema, signed.text);
  if (manifest === null) return fail('malformed');
  if (manifest.platform !== context.platform || manifest.arch !== context.arch)
    return fail('other-system');
  if (!feedMatches(feed.value, manifest)) return fail('files-differ');
  const order = compareVersions(manifest.version, context.current);
  if (order === 0) return ok(null);
  if (order > 0) return ok({ manifest, downgrade: false });
  if (rollback === null) return fail('older');
  if (!signedByOne(rollback, context.keys)) return fail('permit-bad-signature');
  const permit = parse(RollbackPermitSchema, rollback.text);
  if (
    permit === null ||
    permit.platform !== context.platform ||
    permit.arch !== context.arch ||
    permit.to !== manifest.version ||
    !permit.from.includes(context.current)
  )
    return fail('permit-does-not-fit');
  if (permit.expiresAt <= context.now) return fail('permit-expired');
  return ok({ manifest, downgrade: true });
};
