import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ProgramRule, programName } from '#shared/incident/program-rules.ts';

/** An executable larger than this is not hashed (a whole program packed into one file), bytes. */
const LARGEST = 400 * 2 ** 20;
/** Where programs are besides PATH. */
const FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/games', '/snap/bin', '/opt/bin'];

interface Installed {
  readonly name: string;
  readonly path: string;
  readonly inode: string;
}

export interface Origin {
  /** Name of the installed program whose content it has. */
  readonly name?: string;
  /** Only computed when it can matter. */
  readonly sha256?: string;
}

/**
 * Recognises programs by their content: a copy or link of an installed forbidden program under another
 * name, and what the configured hashes name. Costs one `stat` per new executable; only files as long as
 * a forbidden one are read, or all of them once when hashes are configured.
 */
export const createTwinFinder = (
  rules: readonly ProgramRule[],
  environment: Readonly<Record<string, string | undefined>>,
): ((path: string, pid: number) => Promise<Origin>) => {
  const wanted = new Set(rules.flatMap(({ hashes = [] }) => hashes));
  const hashed = new Map<string, Promise<string>>();

  const hashOf = (path: string, version: string): Promise<string> => {
    const key = `${path}\n${version}`;
    const known = hashed.get(key);
    if (known !== undefined) return known;
    const hash = createHash('sha256');
    const reading = pipeline(createReadStream(path), hash).then(() => hash.digest('hex'));
    hashed.set(key, reading);
    // What could not be read now may be read later.
    reading.catch(() => hashed.delete(key));
    return reading;
  };

  const isScript = async (path: string): Promise<boolean> => {
    const file = await open(path, 'r');
    try {
      const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
      return buffer.toString('latin1') === '#!';
    } finally {
      await file.close();
    }
  };

  const find = async (): Promise<ReadonlyMap<number, readonly Installed[]>> => {
    const folders = new Set([...(environment.PATH ?? '').split(delimiter), ...FOLDERS]);
    const bySize = new Map<number, Installed[]>();
    const names = new Set(
      rules.flatMap(({ names }) => names?.linux ?? []).filter((name) => !name.includes('*')),
    );
    for (const folder of folders) {
      if (folder === '') continue;
      for (const name of names) {
        try {
          const path = await realpath(join(folder, name));
          // A launcher that many programs share (snap, busybox) is none of them.
          if (!names.has(programName(path)) || (await isScript(path))) continue;
          const { dev, ino, size } = await stat(path);
          const same = bySize.get(size) ?? [];
          bySize.set(size, same);
          const inode = `${dev}:${ino}`;
          if (!same.some((one) => one.inode === inode))
            same.push({ name: programName(path), path, inode });
        } catch {
          // Not installed there.
        }
      }
    }
    return bySize;
  };

  let installed: Promise<ReadonlyMap<number, readonly Installed[]>> | null = null;

  return async (path, pid) => {
    try {
      installed ??= find();
      // Through /proc the file is found even when it was renamed, deleted or lies in a container.
      const file = `/proc/${pid}/exe`;
      const { dev, ino, size, mtimeMs } = await stat(file);
      const twins = (await installed).get(size) ?? [];
      const linked = twins.find(({ inode }) => inode === `${dev}:${ino}`);
      const read =
        size <= LARGEST && (wanted.size > 0 || (twins.length > 0 && linked === undefined));
      const version = `${dev}:${ino} ${size} ${mtimeMs}`;
      const sha256 = read ? await hashOf(file, version) : undefined;
      let name = linked?.name;
      for (const twin of twins) {
        if (name !== undefined || sha256 === undefined) break;
        if ((await hashOf(twin.path, twin.inode)) === sha256) name = twin.name;
      }
      return {
        ...(name === undefined || name === programName(path) ? {} : { name }),
        ...(sha256 === undefined || !wanted.has(sha256) ? {} : { sha256 }),
      };
    } catch {
      // Another user's, or gone by now: judged by its name.
      return {};
    }
  };
};
