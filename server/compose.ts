import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { argon2Passwords } from './adapters/argon2-passwords.ts';
import { systemClock, systemRandom } from './adapters/system.ts';
import type { ServerDeps } from './app.ts';
import type { DemoBank, DemoDeps, DemoUniversity } from './demo.ts';
import { kyselyAccessStore } from './store/access-store.ts';
import { cellCipher } from './store/cell-cipher.ts';
import { type OpenDatabase, openDatabase } from './store/database.ts';
import { kyselyDeviceStore } from './store/device-store.ts';
import { kyselyEnrolmentStore } from './store/enrolment-store.ts';
import { kyselyIdentitySetupStore } from './store/identity-setup-store.ts';
import { checkKey } from './store/key-check.ts';
import { kyselyPrivacyStore } from './store/privacy-store.ts';
import { kyselyRecordStore } from './store/record-store.ts';
import { kyselyRegistryStore } from './store/registry-store.ts';
import { releaseFiles } from './store/release-files.ts';
import { kyselyReleaseStore } from './store/release-store.ts';
import { serverKeys } from './store/server-key.ts';
import { sqliteEntryLog } from './store/sqlite-entry-log.ts';
import { stillFiles } from './store/still-files.ts';
import type { Passwords, ServerClock, ServerRandom } from './use-cases/ports.ts';

const ROOT = join(import.meta.dirname, '..');

export interface ComposeOptions {
  /** Folder of the database and the evidence; made when missing. */
  readonly dataFolder: string;
  readonly pagesFolder: string | null;
  readonly logger: FastifyBaseLogger;
  /** The old `server.key` is lost: delete what was encrypted with it. */
  readonly newKey?: boolean;
  readonly clock?: ServerClock;
  readonly random?: ServerRandom;
  readonly passwords?: Passwords;
}

export interface Composed {
  readonly deps: ServerDeps;
  readonly demo: DemoDeps;
  readonly database: OpenDatabase;
}

/** Picks the adapters: SQLite in the data folder, files for evidence, argon2, the system's clock. */
export const compose = async (options: ComposeOptions): Promise<Composed> => {
  const database = await openDatabase(join(options.dataFolder, 'atalaya.sqlite'));
  const keys = await serverKeys(options.dataFolder);
  const cipher = cellCipher(keys.data);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const passwords = options.passwords ?? argon2Passwords();
  const { db, sqlite } = database;
  try {
    await checkKey(db, cipher, options.newKey ?? false, clock.now());
  } catch (failure) {
    await database.close();
    throw failure;
  }
  const asset = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(ROOT, 'assets/demo', name), 'utf8'));
  return {
    database,
    deps: {
      access: kyselyAccessStore(db),
      registry: kyselyRegistryStore(db),
      records: kyselyRecordStore(db),
      log: sqliteEntryLog(sqlite),
      stills: stillFiles(join(options.dataFolder, 'stills')),
      devices: kyselyDeviceStore(db),
      enrolments: kyselyEnrolmentStore(db, cipher),
      privacy: kyselyPrivacyStore(db),
      identitySetup: kyselyIdentitySetupStore(db),
      certificateSeed: keys.certificates,
      releases: kyselyReleaseStore(db),
      releaseFiles: releaseFiles(join(options.dataFolder, 'releases')),
      passwords,
      clock,
      random,
      logger: options.logger,
      pagesFolder: options.pagesFolder,
    },
    demo: {
      db,
      passwords,
      random,
      clock,
      university: (await asset('university.json')) as DemoUniversity,
      bank: (await asset('bank.json')) as DemoBank,
    },
  };
};
