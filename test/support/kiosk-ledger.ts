import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { VAULT_FILE } from '#electron/adapters/device-vault.ts';
import { entryPlace } from '#electron/adapters/kiosk-database.ts';
import { DATABASE_FILE } from '#electron/adapters/kiosk-storage.ts';
import { parseMachineIdFile } from '#electron/adapters/machine-id.ts';
import { rowCipher } from '#electron/adapters/row-cipher.ts';
import { openForMachine } from '#electron/adapters/secret-store.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';

const machineId = (): string | null => {
  try {
    return parseMachineIdFile(readFileSync('/etc/machine-id', 'utf8'));
  } catch {
    return null;
  }
};

/**
 * Reads every entry from a desktop kiosk's data folder as it stands on the disk, also while the kiosk runs.
 * Only for Linux without a key store, as the stand-in is: that vault opens to whoever reads this machine's files.
 */
export const readKioskEntries = (folder: string): readonly LedgerEntry[] => {
  const vault = JSON.parse(readFileSync(join(folder, VAULT_FILE), 'utf8')) as { secrets: string };
  const secrets = openForMachine(machineId(), Buffer.from(vault.secrets, 'base64'));
  const { dataKey } = JSON.parse(secrets) as { dataKey: string };
  const cipher = rowCipher(Buffer.from(dataKey, 'base64'));
  const database = new Database(join(folder, DATABASE_FILE), { readonly: true });
  try {
    return database
      .prepare<[], { attempt_id: string; seq: number; sealed: Buffer }>(
        'SELECT attempt_id, seq, sealed FROM entry ORDER BY attempt_id, seq',
      )
      .all()
      .map(
        ({ attempt_id, seq, sealed }) =>
          JSON.parse(cipher.open(entryPlace(attempt_id, seq), sealed).toString()) as LedgerEntry,
      );
  } finally {
    database.close();
  }
};
