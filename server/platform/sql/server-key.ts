import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;
const KEY_FILE = 'server.key';

/** What the server's one key file gives: keys for separate purposes, none of which tells anything of the others. */
export interface ServerKeys {
  /** AES-256 key of what is encrypted in the database, 32 bytes. */
  readonly data: Uint8Array;
  /** Seed of the Ed25519 key that signs certificates, 32 bytes. */
  readonly certificates: Uint8Array;
}

const derive = (master: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', master, '', `atalaya ${purpose} 1`, KEY_BYTES));

/** Writes the key whole or not at all; another process that was quicker keeps its own. */
const makeKey = async (folder: string, file: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `.${randomUUID()}.key`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(randomBytes(KEY_BYTES));
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(temporary, file);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
  } finally {
    await rm(temporary, { force: true });
  }
};

/**
 * The server's keys, from `server.key` in the data folder; made at the first start, readable by this user only.
 * @throws when the file is there and is no key.
 */
export const serverKeys = async (folder: string): Promise<ServerKeys> => {
  const file = join(folder, KEY_FILE);
  const read = () =>
    readFile(file).catch((failure: NodeJS.ErrnoException) => {
      if (failure.code === 'ENOENT') return null;
      throw failure;
    });
  let master = await read();
  if (master === null) {
    await makeKey(folder, file);
    master = await read();
  }
  if (master?.length !== KEY_BYTES) throw new Error(`${file} is no key of ${KEY_BYTES} bytes`);
  return { data: derive(master, 'data'), certificates: derive(master, 'certificates') };
};
