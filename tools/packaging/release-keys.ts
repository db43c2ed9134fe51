import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import { check } from '#shared/kernel/schema.ts';
import { ReleaseKeySchema } from '#shared/wire/release.ts';

/** Public keys of the institution that signs releases; `npm run release -- keygen` writes it. */
export const RELEASE_KEYS_FILE = join(import.meta.dirname, '../../release-keys.json');

/**
 * The keys that a build trusts. Without the file there are none: such a build installs no update at all.
 * @throws Error naming the file when it holds anything but a list of keys.
 */
export const readReleaseKeys = (file = RELEASE_KEYS_FILE): readonly string[] => {
  if (!existsSync(file)) return [];
  const keys = check(Type.Array(ReleaseKeySchema), JSON.parse(readFileSync(file, 'utf8')));
  if (!keys.ok) throw new Error(`${file}: ${keys.error.path} ${keys.error.message}`);
  return keys.value;
};
