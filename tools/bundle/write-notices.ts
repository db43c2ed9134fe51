import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { licenceTexts, shippedParts } from '#tools/third-parties/shipped.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Served beside the pages, and shown by them under "Acerca de" (`about.tsx`). */
const NOTICES_FILE = join(ROOT, 'assets/generated/notices/third-parties.json');

/**
 * The notices of everything that ships as one JSON text: each different notice once.
 * @param root the project's folder.
 */
export const noticesText = (root = ROOT): string => {
  const parts = shippedParts(root).filter(({ variant }) => !variant);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const notices = [...new Set(parts.map(({ notice }) => notice))];
  return JSON.stringify({
    version,
    licence: readFileSync(join(root, 'LICENSE'), 'utf8').trim(),
    parts: parts.map(({ notice, variant: _, ...part }) => ({
      ...part,
      notice: notices.indexOf(notice),
    })),
    notices,
    licences: licenceTexts(root),
  });
};

/** Writes them where the build of the pages takes them from. @returns whether they are others than they were. */
const writeNotices = (): boolean => {
  const text = noticesText();
  try {
    if (readFileSync(NOTICES_FILE, 'utf8') === text) return false;
  } catch {
    // Not there yet.
  }
  mkdirSync(dirname(NOTICES_FILE), { recursive: true });
  // A reader never sees half a file: two set-ups may run side by side.
  const part = `${NOTICES_FILE}.${process.pid}.part`;
  writeFileSync(part, text);
  renameSync(part, NOTICES_FILE);
  return true;
};

if (import.meta.main) {
  console.log(writeNotices() ? 'notices: written' : 'notices: up to date');
}
