import Type, { type Static } from 'typebox';
import { LONGEST, MANY, MOST } from '#shared/kernel/bounds.ts';
import { HashSchema } from '#shared/kernel/ids.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';

const object = <P extends Record<string, Type.TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** Major, minor, patch and an optional pre-release part; no build metadata. */
export const VersionSchema = Type.String({
  pattern: '^\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}(-[0-9A-Za-z.-]{1,30})?$',
});
export const PlatformSchema = Type.Union([
  Type.Literal('linux'),
  Type.Literal('win32'),
  Type.Literal('darwin'),
]);
export type Platform = Static<typeof PlatformSchema>;
export const ArchSchema = Type.Union([Type.Literal('x64'), Type.Literal('arm64')]);
export type Arch = Static<typeof ArchSchema>;
/** An Ed25519 public key, raw, base64url. */
export const ReleaseKeySchema = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });

/** A plain file name: nothing that leads anywhere else. */
export const ReleaseFileNameSchema = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$',
});

/** What a release is made of. Signed as text, exactly as it is stored. */
export const ReleaseManifestSchema = object({
  format: Type.Literal('atalaya-release/1'),
  version: VersionSchema,
  platform: PlatformSchema,
  arch: ArchSchema,
  /** Of the `BuildIdentity` inside; null when the folder did not tell. */
  buildHash: Type.Union([HashSchema, Type.Null()]),
  createdAt: EpochMsSchema,
  files: Type.Array(
    object({
      name: ReleaseFileNameSchema,
      bytes: Type.Integer({ minimum: 1, maximum: MOST }),
      /** base64, as electron-updater compares it. */
      sha512: Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' }),
    }),
    { minItems: 1, maxItems: 10 },
  ),
});
export type ReleaseManifest = Static<typeof ReleaseManifestSchema>;

/**
 * Leave to go back to an older version. An old release is signed too, so without this anybody who holds the
 * server could bring back a version with a known hole.
 */
export const RollbackPermitSchema = object({
  format: Type.Literal('atalaya-rollback/1'),
  platform: PlatformSchema,
  arch: ArchSchema,
  /** The versions that are given up. */
  from: Type.Array(VersionSchema, { minItems: 1, maxItems: 20 }),
  to: VersionSchema,
  reason: Type.String({ minLength: 1, maxLength: 300 }),
  issuedAt: EpochMsSchema,
  /** After this it is void, so that it cannot be used again later. */
  expiresAt: EpochMsSchema,
});
export type RollbackPermit = Static<typeof RollbackPermitSchema>;

/** A text and the signature over its UTF-8 bytes. */
export const SignedTextSchema = object({
  text: Type.String({ minLength: 2, maxLength: 20_000 }),
  /** Ed25519, base64url. */
  signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
});
export type SignedText = Static<typeof SignedTextSchema>;

/** What a kiosk says of itself with each request for an update, as headers. */
export const UPDATE_HEADERS = {
  version: 'x-atalaya-version',
  channel: 'x-atalaya-channel',
  /** URI-encoded: names of rooms have accents. */
  room: 'x-atalaya-room',
} as const;

/**
 * The answer to `GET /api/updates/:platform/:arch/latest*.yml`: what electron-updater reads, as JSON (which is
 * YAML), and beside it what the kiosk checks itself.
 */
export const UpdateFeedSchema = object({
  version: VersionSchema,
  releaseDate: Type.String({ maxLength: LONGEST }),
  files: Type.Array(
    object({
      url: ReleaseFileNameSchema,
      sha512: Type.String({ maxLength: LONGEST }),
      size: Type.Integer({ minimum: -MOST, maximum: MOST }),
      /** Windows: the installer is for the whole machine. */
      isAdminRightsRequired: Type.Optional(Type.Boolean()),
    }),
    { maxItems: MANY },
  ),
  path: Type.String({ maxLength: LONGEST }),
  sha512: Type.String({ maxLength: LONGEST }),
  atalaya: object({
    manifest: SignedTextSchema,
    rollback: Type.Union([SignedTextSchema, Type.Null()]),
  }),
});
export type UpdateFeed = Static<typeof UpdateFeedSchema>;

/**
 * Compares versions as semver does: numbers by size, a pre-release before its release, parts of the
 * pre-release one by one. @returns below 0 when `a` is older.
 */
export const compareVersions = (a: string, b: string): number => {
  const parse = (version: string) => {
    const [numbers = '', ...rest] = version.split('-');
    const tail = rest.join('-');
    return { numbers: numbers.split('.').map(Number), tail: tail === '' ? null : tail.split('.') };
  };
  const [left, right] = [parse(a), parse(b)];
  for (let i = 0; i < 3; i += 1) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.tail === null || right.tail === null)
    return (left.tail === null ? 1 : 0) - (right.tail === null ? 1 : 0);
  for (let i = 0; i < Math.max(left.tail.length, right.tail.length); i += 1) {
    const [x, y] = [left.tail[i], right.tail[i]];
    if (x === y) continue;
    if (x === undefined) return -1;
    if (y === undefined) return 1;
    const [xNumber, yNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (xNumber && yNumber) return Number(x) - Number(y);
    if (xNumber !== yNumber) return xNumber ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
};
