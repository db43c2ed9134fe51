import pg from 'pg';
import { StartRefusedError } from '#server/platform/start-refused.ts';
import { StorageLostError } from '#server/platform/unit-of-work.ts';

/** The lock's number in the database: "atalaya" has nothing else to lock there. */
const LOCK = 0x61_74_61_6c;
/** How long it waits before it takes again what the end of a connection let go, ms. */
const AGAIN_MS = 1_000;

export interface DatabaseLock {
  /** Lets it go. */
  release(): Promise<void>;
}

/** Opens a connection that holds the lock as long as it is there. @returns null when another server has it. */
const take = async (url: string, ended: () => void): Promise<pg.Client | null> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'atalaya-lock',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  let open = false;
  const onEnd = (): void => {
    if (open) ended();
    open = false;
  };
  client.on('error', onEnd);
  client.on('end', onEnd);
  await client.connect();
  const { rows } = await client.query<{ mine: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS mine',
    [LOCK],
  );
  if (rows[0]?.mine !== true) {
    await client.end();
    return null;
  }
  open = true;
  return client;
};

/**
 * Keeps a PostgreSQL database for this server alone, whatever folders there are: what one has in memory of an attempt
 * the other would not know. The database holds the lock and lets it go with the connection, however that ends; when the
 * database went away and is back, the lock is taken again.
 * @param stolen told when another server has it by then: this one must end.
 * @throws StartRefusedError while another server has it; StorageLostError when the database cannot be reached.
 */
export const lockDatabase = async (url: string, stolen: () => void): Promise<DatabaseLock> => {
  let held: pg.Client | null = null;
  let released = false;
  let timer: NodeJS.Timeout | null = null;

  const again = (): void => {
    if (released) return;
    held = null;
    timer = setTimeout(() => {
      take(url, again).then((client) => {
        if (client === null) return released ? undefined : stolen();
        held = client;
        if (released) void client.end();
      }, again);
    }, AGAIN_MS).unref();
  };

  try {
    held = await take(url, again);
  } catch (failure) {
    throw new StorageLostError('the database cannot be reached', { cause: failure });
  }
  if (held === null) {
    throw new StartRefusedError(
      'Otro servidor trabaja con esta base de datos PostgreSQL: deténgalo primero.',
    );
  }
  return {
    release: async () => {
      released = true;
      if (timer !== null) clearTimeout(timer);
      await held?.end().catch(() => undefined);
    },
  };
};
