import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StillFiles, StoredStill } from './ports.ts';

const MAGIC: Readonly<Record<StoredStill['mime'], readonly number[]>> = {
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
};

const ENDING: Readonly<Record<StoredStill['mime'], string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
};

/** What `put` writes to before it knows what came. */
const UNFINISHED = /(^|[\\/])\.[0-9a-f-]{36}\.part$/;

/** Makes a rename survive a power cut. Windows cannot open folders; NTFS journals the rename itself. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Evidence stills as files named by their hash, in `folder`. A file appears under its name only when
 * its bytes are on the disk and fit the hash.
 */
export const stillFiles = (folder: string): StillFiles => {
  const placeOf = (hash: string, mime: StoredStill['mime']): { dir: string; file: string } => {
    const dir = join(folder, hash.slice(0, 2));
    return { dir, file: join(dir, `${hash}.${ENDING[mime]}`) };
  };

  return {
    put: async (hash, mime, body, maxBytes) => {
      const { dir, file } = placeOf(hash, mime);
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const temporary = join(dir, `.${randomUUID()}.part`);
      const handle = await open(temporary, 'wx', 0o600);
      let kept = false;
      try {
        const digest = createHash('sha256');
        const head: number[] = [];
        let bytes = 0;
        for await (const chunk of body) {
          bytes += chunk.byteLength;
          if (bytes > maxBytes) return 'too-large';
          digest.update(chunk);
          for (let i = 0; head.length < 8 && i < chunk.byteLength; i += 1) head.push(chunk[i] ?? 0);
          await handle.appendFile(chunk);
        }
        if (!MAGIC[mime].every((byte, i) => head[i] === byte)) return 'not-an-image';
        if (digest.digest('hex') !== hash) return 'wrong-hash';
        await handle.sync();
        await rename(temporary, file);
        kept = true;
        await syncFolder(dir);
        return { bytes };
      } finally {
        await handle.close();
        if (!kept) await rm(temporary, { force: true });
      }
    },

    read: async (hash, mime) => {
      const { file } = placeOf(hash, mime);
      const there = await stat(file).catch(() => null);
      return there === null ? null : readFile(file);
    },

    sweepUnfinished: async (ageMs) => {
      let swept = 0;
      for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
        if (!UNFINISHED.test(name)) continue;
        const file = join(folder, name);
        const there = await stat(file).catch(() => null);
        // By the disk's own clock, which wrote the file's time as well.
        if (there === null || Date.now() - there.mtimeMs < ageMs) continue;
        await rm(file, { force: true });
        swept += 1;
      }
      return swept;
    },

    remove: async (hash, mime) => {
      const { dir, file } = placeOf(hash, mime);
      if ((await stat(file).catch(() => null)) === null) return;
      await rm(file, { force: true });
      await syncFolder(dir);
    },
  };
};
