import { execFileSync } from 'node:child_process';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractFile } from '@electron/asar';
import type { Static, TSchema } from 'typebox';
import { releaseFolder } from '#server/fleet/release-files.ts';
import type { ReleaseStore } from '#server/fleet/release-ports.ts';
import type { NewRelease } from '#server/fleet/releases.ts';
import { check } from '#shared/kernel/schema.ts';
import { BuildIdentitySchema } from '#shared/wire/build-identity.ts';
import {
  type ReleaseManifest,
  ReleaseManifestSchema,
  type RollbackPermit,
  RollbackPermitSchema,
  type SignedText,
  SignedTextSchema,
} from '#shared/wire/release.ts';
import { resourcesOf } from '#tools/packaging/package-files.ts';
import { readReleaseKeys } from '#tools/packaging/release-keys.ts';

/** Beside the installers: what is signed of them. */
export const SIGNED_FILE = 'release.json';
/** What the updater or a person installs; everything else in the folder stays where it is. */
const INSTALLER = /\.(exe|msi|deb|AppImage|dmg|zip)$/;
const DAY = 86_400_000;

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const rawPublicKey = (key: KeyObject): string =>
  createPublicKey(key)
    .export({ type: 'spki', format: 'der' })
    .subarray(SPKI_ED25519.length)
    .toString('base64url');

const read = <S extends TSchema>(schema: S, text: string, what: string): Static<S> => {
  const value = check(schema, JSON.parse(text));
  if (!value.ok) throw new Error(`${what}: ${value.error.path} ${value.error.message}`);
  return value.value;
};

const privateKey = (file: string): KeyObject => {
  const key = createPrivateKey(readFileSync(file));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${file} no es una clave Ed25519.`);
  return key;
};

const signText = (value: ReleaseManifest | RollbackPermit, key: KeyObject): SignedText => {
  const text = JSON.stringify(value);
  return { text, signature: sign(null, Buffer.from(text), key).toString('base64url') };
};

/**
 * Makes a pair of keys: the private one into a file of its own, the public one to those that builds trust.
 * @throws Error when the private file is there already: it is never overwritten.
 */
export const makeKeys = (privateFile: string, keysFile: string): string => {
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const pem = key.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(privateFile, pem, { mode: 0o600, flag: 'wx' });
  const publicKey = rawPublicKey(key);
  const keys = [...readReleaseKeys(keysFile), publicKey];
  writeFileSync(keysFile, `${JSON.stringify(keys, null, 2)}\n`);
  return publicKey;
};

/** The folder with the program beside the installers, which says what is in them. */
const identityIn = (folder: string) => {
  const unpacked = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .find((path) => existsSync(join(resourcesOf(path), 'app.asar')));
  if (unpacked === undefined)
    throw new Error(`${folder} no es una carpeta de npm run dist: falta el programa.`);
  const archive = join(resourcesOf(unpacked), 'app.asar');
  const text = extractFile(archive, join('dist', 'electron', 'build-identity.json')).toString();
  return read(BuildIdentitySchema, text, archive);
};

/**
 * Signs what `npm run dist` made for one system and processor: `release.json` beside the installers.
 * @param folder for example `out/dist/linux-x64`. @param now ms since 1970.
 */
export const signRelease = (folder: string, keyFile: string, now: number): ReleaseManifest => {
  const identity = identityIn(folder);
  const names = readdirSync(folder)
    .filter((name) => INSTALLER.test(name))
    .sort();
  const manifest: ReleaseManifest = {
    format: 'atalaya-release/1',
    version: identity.version,
    platform: identity.platform,
    arch: identity.arch,
    buildHash: identity.hash,
    createdAt: now,
    files: names.map((name) => {
      const bytes = readFileSync(join(folder, name));
      const sha512 = createHash('sha512').update(bytes).digest('base64');
      return { name, bytes: bytes.length, sha512 };
    }),
  };
  // Also refuses an empty list and names that no server would give out.
  const checked = read(ReleaseManifestSchema, JSON.stringify(manifest), folder);
  const signed = signText(checked, privateKey(keyFile));
  writeFileSync(join(folder, SIGNED_FILE), `${JSON.stringify(signed, null, 2)}\n`);
  return checked;
};

export interface PermitOrder {
  readonly platform: RollbackPermit['platform'];
  readonly arch: RollbackPermit['arch'];
  readonly from: readonly string[];
  readonly to: string;
  readonly reason: string;
  readonly days: number;
}

/** Signed leave for kiosks to go back to an older version. @param now ms since 1970. */
export const signPermit = (order: PermitOrder, keyFile: string, now: number): SignedText => {
  const { platform, arch, from, to, reason, days } = order;
  const permit = {
    format: 'atalaya-rollback/1',
    platform,
    arch,
    from: [...from],
    to,
    reason,
    issuedAt: now,
    expiresAt: now + days * DAY,
  };
  const checked = read(RollbackPermitSchema, JSON.stringify(permit), 'permiso');
  return signText(checked, privateKey(keyFile));
};

const trusted = ({ text, signature }: SignedText, keys: readonly string[]): boolean =>
  keys.some((raw) => {
    const der = Buffer.concat([SPKI_ED25519, Buffer.from(raw, 'base64url')]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'));
  });

/** Who works at the server's command line, for the record. */
export const commandLineUser = (): string => {
  try {
    return execFileSync('whoami', { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
};

/**
 * Takes a signed release into the server: copies its files, checks signature, sizes and hashes, and lists it. It
 * is offered to nobody yet.
 * @param list puts a release on the server's list.
 * @param folder with `release.json` and the files. @param root folder of all releases in the server's data folder.
 * @throws Error for a person to read when anything does not fit.
 */
export const addRelease = async (
  store: Pick<ReleaseStore, 'list'>,
  list: (release: NewRelease) => Promise<unknown>,
  folder: string,
  root: string,
  keys: readonly string[],
): Promise<ReleaseManifest> => {
  const file = join(folder, SIGNED_FILE);
  const signed = read(SignedTextSchema, readFileSync(file, 'utf8'), file);
  if (!trusted(signed, keys))
    throw new Error(`${file}: la firma no es de ninguna clave de release-keys.json.`);
  const manifest = read(ReleaseManifestSchema, signed.text, file);
  for (const { name, bytes, sha512 } of manifest.files) {
    const content = readFileSync(join(folder, name));
    const found = createHash('sha512').update(content).digest('base64');
    if (content.length !== bytes || found !== sha512)
      throw new Error(`${name} no es el archivo que se firmó.`);
  }
  const { platform, arch, version } = manifest;
  const there = (await store.list()).find(
    (one) => one.platform === platform && one.arch === arch && one.version === version,
  );
  // The same release once more is what somebody does whose first try was cut off.
  if (there !== undefined && there.signed.text !== signed.text)
    throw new Error(`Ya hay otra versión ${version} para ${platform}-${arch}: suba el número.`);
  const to = releaseFolder(root, manifest, version);
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const { name } of manifest.files) cpSync(join(folder, name), join(to, name));
  if (there === undefined) await list({ platform, arch, version, signed, manifest });
  return manifest;
};
