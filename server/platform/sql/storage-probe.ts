import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { StorageProbe } from '#server/platform/storage-state.ts';
import type { Tables } from './tables.ts';

/** As much as a turn of entries or a small picture needs. */
const PROBE_BYTES = 64 * 1024;

/** Tries the data folder, where evidence is kept, and the database. */
export const storageProbe =
  (db: Kysely<Tables>, folder: string): StorageProbe =>
  async () => {
    const file = join(folder, '.storage-probe');
    try {
      const handle = await open(file, 'w', 0o600);
      try {
        await handle.writeFile(new Uint8Array(PROBE_BYTES));
        await handle.sync();
      } finally {
        await handle.close();
      }
    } finally {
      await rm(file, { force: true });
    }
    await db
      .insertInto('meta')
      .values({ key: 'storage-probe', value: 'x' })
      .onConflict((oc) => oc.column('key').doUpdateSet({ value: 'x' }))
      .execute();
  };
