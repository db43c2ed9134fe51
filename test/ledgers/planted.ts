import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');
/** All that the golden ledgers are read and played with. */
const PARTS = ['package.json', 'shared', 'server', 'tools', 'test/support/fake', 'test/ledgers'];
/** A whole build's files are copied, its databases are not. */
const LEFT_OUT = /[/\\]database$/;

/** One change of a build's text: in which file, what, and what stands there instead. */
export interface Planting {
  readonly file: string;
  readonly find: string | RegExp;
  readonly put: string;
}

/** A copy of this build that a test changes and runs. */
export interface PlantedBuild {
  /** Runs a program of `test/ledgers` in it. @returns what it prints, as JSON. */
  run(program: string, ...args: readonly string[]): Promise<unknown>;
  remove(): Promise<void>;
}

/** @throws when a change does not fit exactly once: then nothing was planted. */
export const plantBuild = async (plantings: readonly Planting[]): Promise<PlantedBuild> => {
  const folder = await mkdtemp(join(tmpdir(), 'atalaya-planted-'));
  for (const part of PARTS)
    await cp(join(ROOT, part), join(folder, part), {
      recursive: true,
      filter: (path) => !LEFT_OUT.test(path),
    });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, find, put } of plantings) {
    const before = await readFile(join(folder, file), 'utf8');
    if (before.split(find).length !== 2) throw new Error(`${file}: "${find}" is not there once`);
    await writeFile(join(folder, file), before.replace(find, put));
  }
  return {
    run: async (program, ...args) => {
      const path = join(folder, 'test/ledgers', program);
      const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], {
        cwd: folder,
        maxBuffer: 64 * 1024 * 1024,
      });
      return JSON.parse(stdout) as unknown;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
