import pino from 'pino';
import { compose } from '#server/compose.ts';
import { createDemo, type DemoCredentials, type DemoOptions } from '#server/demo/demo.ts';
import { argon2Passwords } from '#server/people/argon2-passwords.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Policy } from '#shared/incident/policy.ts';

/** How long nothing may happen before what comes next is another act, ms; and some more, for clocks and polling. */
const GAP_MS = 2_000;
export const NEXT_ACT_MS = GAP_MS + 500;

/** The rules as they are, for tests that sit whole exams: only one act is over sooner. */
export const QUICK_POLICY: Policy = {
  ...DEFAULT_POLICY,
  // Whoever begins is asked all the same; after that the camera counts at once, and after a pause too.
  gate: null,
  episodeGapMs: GAP_MS,
  episodeCrossGapMs: GAP_MS,
};

/**
 * Lays a demo university into an empty data folder, for a server that is started on it.
 * @returns the log-ins of all.
 */
export const layRoomData = async (
  dataFolder: string,
  options: DemoOptions,
): Promise<DemoCredentials> => {
  const { demo, database } = await compose({
    dataFolder,
    pagesFolder: null,
    logger: pino({ level: 'silent' }),
    // Hashes say themselves how they were made: the server that reads these has nothing else to know.
    passwords: argon2Passwords({ memoryCost: 64, timeCost: 1, parallelism: 1 }),
  });
  try {
    const credentials = await createDemo(demo, options);
    if (credentials === null) throw new Error('the folder was not empty');
    return credentials;
  } finally {
    await database.close();
  }
};
