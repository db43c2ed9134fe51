import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { BuildIdentity } from '#shared/wire/build-identity.ts';
import type { Target } from '#tools/bundle/native-addons.ts';

const root = join(import.meta.dirname, '../..');
/** The file that states the identity cannot be part of it. */
export const IDENTITY_FILE = 'build-identity.json';

/** All files under a folder, `/` between the parts, in the order of their UTF-16 units. */
export const filesUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();

/**
 * One hash for a whole folder: SHA-256 over a line `path NUL sha256 LF` for each file, in order, all but the
 * identity itself. The same for a folder and for what is extracted from the asar that was made of it.
 */
export const contentHash = (folder: string): string => {
  const total = createHash('sha256');
  for (const file of filesUnder(folder)) {
    if (file.endsWith(IDENTITY_FILE)) continue;
    const hash = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
    total.update(`${file}\0${hash}\n`);
  }
  return total.digest('hex');
};

const git = (...args: string[]): string | null => {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return null;
  }
};

/** What a build is: its version, where it came from and what is in it. @param folder all that belongs to it. */
export const identify = (
  folder: string,
  kind: BuildIdentity['kind'],
  { platform, arch }: Target,
): BuildIdentity => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const commit = git('rev-parse', 'HEAD');
  return {
    version,
    kind,
    platform,
    arch,
    commit,
    clean: commit !== null && git('status', '--porcelain') === '',
    hash: contentHash(folder),
  };
};
