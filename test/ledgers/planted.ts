import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');

/** One change of a build's text: in which file, what, and what stands there instead. */
export interface Planting {
  readonly file: string;
  readonly find: string | RegExp;
  readonly put: string;
}

/**
 * Runs a program of `test/ledgers` in this build as it would be with some changes; nothing is written.
 *
 * @returns what it prints, as JSON.
 * @throws when a change does not fit exactly once: then nothing was planted.
 */
export const runPlanted = async (
  plantings: readonly Planting[],
  program: string,
  ...args: readonly string[]
): Promise<unknown> => {
  const texts: Record<string, string> = {};
  for (const { file, find, put } of plantings) {
    const path = join(ROOT, file);
    const before = texts[path] ?? (await readFile(path, 'utf8'));
    if (before.split(find).length !== 2) throw new Error(`${file}: "${find}" is not there once`);
    texts[path] = before.replace(find, put);
  }
  const hook = ['--import', join(import.meta.dirname, 'planted-texts.ts')];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...hook, join(import.meta.dirname, program), ...args],
    {
      cwd: ROOT,
      env: { ...process.env, PLANTED_TEXTS: JSON.stringify(texts) },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return JSON.parse(stdout) as unknown;
};
