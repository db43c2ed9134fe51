import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '#shared/kernel/schema.ts';
import { type BuildIdentity, BuildIdentitySchema } from '#shared/wire/build-identity.ts';

/**
 * Which build this is. Once bundled the file lies beside the main script, in an installed kiosk inside app.asar.
 * A changed program can state whatever it likes: this finds old and mixed-up builds; what finds changed ones is
 * in docs/threats.md.
 * @returns null when the program was not built by the project's tools.
 */
export const readBuildIdentity = (folder: string = import.meta.dirname): BuildIdentity | null => {
  try {
    const text = readFileSync(join(folder, 'build-identity.json'), 'utf8');
    const identity = check(BuildIdentitySchema, JSON.parse(text));
    return identity.ok ? identity.value : null;
  } catch {
    return null;
  }
};
