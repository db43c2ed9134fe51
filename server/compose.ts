import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { Kysely } from 'kysely';
import type { ServerDeps, Stores } from './app.ts';
import type { DemoBank, DemoDeps, DemoUniversity } from './demo/demo.ts';
import { kyselyBankStore } from './exam/bank.sql.ts';
import { kyselyPlanStore } from './exam/plan.sql.ts';
import { kyselyDeviceStore } from './fleet/device.sql.ts';
import { kyselyReleaseStore } from './fleet/release.sql.ts';
import { releaseFiles } from './fleet/release-files.ts';
import { kyselyEnrolmentStore } from './identity/enrolment.sql.ts';
import { kyselyIdentitySetupStore } from './identity/setup.sql.ts';
import { kyselyAccessStore } from './people/access.sql.ts';
import { argon2Passwords } from './people/argon2-passwords.ts';
import type { Passwords } from './people/ports.ts';
import { kyselyPeopleRegister } from './people/register.sql.ts';
import type { ServerClock, ServerRandom } from './platform/ports.ts';
import { kyselyAuditTrail } from './platform/sql/audit.sql.ts';
import { cellCipher } from './platform/sql/cell-cipher.ts';
import type { Database } from './platform/sql/database.ts';
import { lockDatabase } from './platform/sql/database-lock.ts';
import { lockFolder } from './platform/sql/folder-lock.ts';
import { checkKey } from './platform/sql/key-check.ts';
import { openPostgres } from './platform/sql/postgres.ts';
import { kyselySecrets } from './platform/sql/secrets.sql.ts';
import { serverKeys } from './platform/sql/server-key.ts';
import { type OpenDatabase, openDatabase } from './platform/sql/sqlite.ts';
import { storageProbe } from './platform/sql/storage-probe.ts';
import type { Tables } from './platform/sql/tables.ts';
import { sqlUnitOfWork } from './platform/sql/transaction.ts';
import { systemClock, systemRandom } from './platform/system.ts';
import { kyselyPrivacyStore } from './privacy/privacy.sql.ts';
import { kyselyTimeMarks } from './privacy/time-marks.sql.ts';
import { timedatectl } from './privacy/timedatectl.ts';
import { postgresEntryLog } from './record/entry-log.postgres.ts';
import { sqliteEntryLog } from './record/entry-log.sqlite.ts';
import { kyselyFoldStore } from './record/fold.sql.ts';
import type { EntryLog } from './record/ports.ts';
import { kyselyRecordStore } from './record/record.sql.ts';
import { kyselyRegistryStore } from './record/registry.sql.ts';
import { stillFiles } from './record/still-files.ts';
import { kyselyTermsStore } from './record/terms.sql.ts';

const ROOT = join(import.meta.dirname, '..');

/** The SQLite database in the data folder. */
export const DATABASE_FILE = 'atalaya.sqlite';

export interface ComposeOptions {
  /** Folder of the database and the evidence; made when missing. */
  readonly dataFolder: string;
  readonly pagesFolder: string | null;
  readonly logger: FastifyBaseLogger;
  /** The old `server.key` is lost: delete what was encrypted with it. */
  readonly newKey?: boolean;
  /** Whether nobody else may work with the folder meanwhile. */
  readonly alone?: boolean;
  readonly clock?: ServerClock;
  readonly random?: ServerRandom;
  readonly passwords?: Passwords;
}

export interface Composed<D extends Database = OpenDatabase> {
  readonly deps: ServerDeps;
  readonly demo: DemoDeps;
  readonly database: D;
  /** How many enrolments `newKey` deleted; null when the key was right, or the first. */
  readonly forgotten: number | null;
}

/** The folder is free again when its database is closed. */
const unlocking = <D extends Database>(database: D, unlock: () => void | Promise<void>): D => ({
  ...database,
  close: async () => {
    await database.close();
    await unlock();
  },
});

/** Picks the adapters: SQLite in the data folder, files for evidence, argon2, the system's clock. */
export const compose = async (options: ComposeOptions): Promise<Composed> => {
  const unlock = options.alone === true ? lockFolder(options.dataFolder) : () => {};
  try {
    const database = await openDatabase(join(options.dataFolder, DATABASE_FILE));
    return await composeOn(options, unlocking(database, unlock), sqliteEntryLog(database));
  } catch (failure) {
    unlock();
    throw failure;
  }
};

/**
 * The same on a PostgreSQL database; evidence, releases and the key stay in the data folder.
 * @param url `postgres://user:password@host:port/database`.
 * @throws StorageLostError when it cannot be reached; StartRefusedError while another server works with it.
 */
export const composePostgres = async (
  options: ComposeOptions,
  url: string,
): Promise<Composed<Database>> => {
  const unlockFolder = options.alone === true ? lockFolder(options.dataFolder) : () => {};
  let unlock: () => void | Promise<void> = unlockFolder;
  try {
    if (options.alone === true) {
      const lock = await lockDatabase(url, () => {
        options.logger.fatal('another server works with this database: this one ends');
        process.kill(process.pid, 'SIGTERM');
      });
      unlock = async () => {
        await lock.release();
        unlockFolder();
      };
    }
    const database = await openPostgres(url, (failure) =>
      options.logger.warn({ err: failure }, 'a connection to the database was lost'),
    );
    return await composeOn(options, unlocking(database, unlock), postgresEntryLog(database.db));
  } catch (failure) {
    await unlock();
    throw failure;
  }
};

const composeOn = async <D extends Database>(
  options: ComposeOptions,
  database: D,
  entryLog: EntryLog,
): Promise<Composed<D>> => {
  try {
    return await assemble(options, database, entryLog);
  } catch (failure) {
    await database.close();
    throw failure;
  }
};

const assemble = async <D extends Database>(
  options: ComposeOptions,
  database: D,
  entryLog: EntryLog,
): Promise<Composed<D>> => {
  const keys = await serverKeys(options.dataFolder);
  const cipher = cellCipher(keys.data);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const passwords = options.passwords ?? argon2Passwords();
  const { db } = database;
  const storesOf = (on: Kysely<Tables>): Stores => ({
    access: kyselyAccessStore(on),
    register: kyselyPeopleRegister(on),
    registry: kyselyRegistryStore(on),
    banks: kyselyBankStore(on),
    plan: kyselyPlanStore(on),
    secrets: kyselySecrets(on),
    records: kyselyRecordStore(on),
    terms: kyselyTermsStore(on),
    folds: kyselyFoldStore(on, cipher),
    devices: kyselyDeviceStore(on),
    enrolments: kyselyEnrolmentStore(on, cipher),
    privacy: kyselyPrivacyStore(on),
    identitySetup: kyselyIdentitySetupStore(on),
    releases: kyselyReleaseStore(on),
    trail: kyselyAuditTrail(on),
  });
  const forgotten = await checkKey(db, cipher, options.newKey ?? false, clock.now());
  const asset = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(ROOT, 'assets/demo', name), 'utf8'));
  const stores = storesOf(db);
  const store = sqlUnitOfWork(db, storesOf);
  return {
    database,
    forgotten,
    deps: {
      ...stores,
      store,
      entryLog,
      stills: stillFiles(join(options.dataFolder, 'stills')),
      certificateSeed: keys.certificates,
      timeMarks: kyselyTimeMarks(db),
      // It speaks of the system's own clock, of no other.
      systemSynced: options.clock === undefined ? timedatectl : async () => null,
      releaseFiles: releaseFiles(join(options.dataFolder, 'releases')),
      passwords,
      clock,
      random,
      logger: options.logger,
      pagesFolder: options.pagesFolder,
      probe: storageProbe(db, options.dataFolder),
    },
    demo: {
      plan: stores.plan,
      registry: stores.registry,
      store,
      passwords,
      random,
      clock,
      university: (await asset('university.json')) as DemoUniversity,
      bank: (await asset('bank.json')) as DemoBank,
    },
  };
};
