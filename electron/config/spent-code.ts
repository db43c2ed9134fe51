import { createHash } from 'node:crypto';
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SiteEnrolment } from './site-enrolment.ts';

/** In the data folder: which code this machine has spent, as a hash. */
const SPENT_FILE = 'enrolment-code-used.json';

const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex');

/** Whether this machine has used the code before; the server would refuse it now. */
export const codeIsSpent = (folder: string, code: string): boolean => {
  try {
    return readFileSync(join(folder, SPENT_FILE), 'utf8').includes(hashOf(code));
  } catch {
    return false;
  }
};

/**
 * Takes the code out of the file it came from, so that nobody reads it there. A file that only the
 * administrator may write keeps it: a one-time code that was used opens nothing, and the data folder
 * remembers that it is spent.
 */
export const forgetCode = (folder: string, { code, origin }: SiteEnrolment): void => {
  writeFileSync(join(folder, SPENT_FILE), JSON.stringify({ sha256: hashOf(code) }));
  try {
    const kept: Record<string, unknown> = JSON.parse(
      readFileSync(origin.file, 'utf8').replace(/^\uFEFF/, ''),
    );
    for (const key of ['enrolCode', 'enrolCodes', 'enrolCodesExpire']) delete kept[key];
    if (Object.keys(kept).length === 0) unlinkSync(origin.file);
    else writeFileSync(origin.file, `${JSON.stringify(kept, null, 2)}\n`);
  } catch {
    // The registry, or a file that is not ours to change.
  }
};
