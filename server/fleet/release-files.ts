import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import Type from 'typebox';
import { Check } from 'typebox/value';
import { ReleaseFileNameSchema, VersionSchema } from '#shared/wire/release.ts';
import type { ReleaseFiles, ReleaseTarget } from './release-ports.ts';

const Parts = Type.Tuple([VersionSchema, ReleaseFileNameSchema]);

/** Folder of a release's files under the folder of all. */
export const releaseFolder = (
  root: string,
  { platform, arch }: ReleaseTarget,
  version: string,
): string => join(root, `${platform}-${arch}`, version);

/** Release files on disk. A name that is not a plain file name finds nothing. @param root `releases` in the data folder. */
export const releaseFiles = (root: string): ReleaseFiles => ({
  find: async (target, version, name, bytes) => {
    if (!Check(Parts, [version, name])) return null;
    const file = join(releaseFolder(root, target, version), name);
    const there = await stat(file).catch(() => null);
    return there?.isFile() === true && there.size === bytes ? file : null;
  },
});
