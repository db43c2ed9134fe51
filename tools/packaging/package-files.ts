import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { withoutHash } from './app-folder.ts';
import { filesUnder } from './content-hash.ts';

/** Where the list is kept that a test compares with what is packaged. */
export const FILE_LIST = join(import.meta.dirname, 'package-files.txt');

export const FILE_LIST_HEADER = '# Written by: npm run dist -- --write-file-list';

/** The files of a folder that becomes an archive, without the hashes in their names. */
export const stagedFiles = (folder: string): readonly string[] =>
  filesUnder(folder).map(withoutHash).sort();

/** The folder of app.asar in what electron-builder made. */
export const resourcesOf = (folder: string): string => {
  const bundle = readdirSync(folder).find((name) => name.endsWith('.app'));
  return join(folder, bundle === undefined ? 'resources' : join(bundle, 'Contents/Resources'));
};

/** All files of the archive, unpacked ones too, without the hashes in their names. */
export const packagedFiles = (folder: string): readonly string[] => {
  const archive = join(resourcesOf(folder), 'app.asar');
  const entries = listPackage(archive, { isPack: false }).map((path) =>
    path.replaceAll('\\', '/').slice(1),
  );
  const folders = new Set(
    entries.flatMap((path) =>
      path.split('/').flatMap((_, i, parts) => (i === 0 ? [] : [parts.slice(0, i).join('/')])),
    ),
  );
  return entries
    .filter((path) => !folders.has(path))
    .map(withoutHash)
    .sort();
};

/** The list as it was agreed on. */
export const agreedFiles = (): readonly string[] =>
  readFileSync(FILE_LIST, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Bytes that the project adds to Electron: all in its resources folder, and what they are. */
export const addedBytes = (folder: string): number => {
  const resources = resourcesOf(folder);
  return readdirSync(resources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
};
