import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { StartRefusedError } from '#server/platform/start-refused.ts';

const FILE = 'server.lock';

/**
 * Keeps a data folder for this process alone. The system holds the lock and lets it go with the process, however that
 * ends; a number in a file would be another program's after a power cut.
 * @returns how to let it go.
 * @throws StartRefusedError while another process has it.
 */
export const lockFolder = (folder: string): (() => void) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new SqliteDatabase(join(folder, FILE), { timeout: 0 });
  try {
    // Nothing is ever written: the journal would be one more file.
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (failure) {
    lock.close();
    if (!String((failure as { code?: unknown }).code).startsWith('SQLITE_BUSY')) throw failure;
    throw new StartRefusedError(`Un servidor trabaja con ${folder}: deténgalo primero.`, {
      cause: failure,
    });
  }
  return () => lock.close();
};
