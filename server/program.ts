import pino from 'pino';
import { accessList, codes, newKey, timeZone } from './admin-commands.ts';
import type { Settings } from './command-line.ts';
import { compose, composePostgres } from './compose.ts';
import { WrongKeyError } from './platform/wrong-key.ts';
import { CommandRefusedError, refuseWhileServing, refuseWithoutDatabase } from './running-mark.ts';
import { serve } from './serve.ts';

const say = (line: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** Does what the command line asks for; a server goes on after it. */
export const run = async (settings: Settings): Promise<void> => {
  const { order, dataFolder, logLevel, databaseUrl } = settings;
  if (order.command === 'help') return;
  if (order.command !== 'serve' && databaseUrl === null) refuseWithoutDatabase(dataFolder);
  if (order.command === 'new-key') refuseWhileServing(dataFolder);
  const logger = pino(
    { level: logLevel, redact: ['token', 'secret', 'password'] },
    pino.destination(2),
  );
  const options = { dataFolder, pagesFolder: null, logger, newKey: order.command === 'new-key' };
  const { deps, demo, database, forgotten } = await (databaseUrl === null
    ? compose(options)
    : composePostgres(options, databaseUrl));
  const context = { deps, demo, dataFolder, say };
  if (order.command === 'serve') return serve({ ...context, database }, order);
  try {
    if (order.command === 'codes') await codes(context, order.count);
    else if (order.command === 'access-list') await accessList(context);
    else if (order.command === 'time-zone') await timeZone(context, order);
    else newKey(context, forgotten);
  } finally {
    await database.close();
  }
};

/** What the person at the command line can mend, as a sentence; null for everything else. */
export const sentenceOf = (failure: unknown): string | null =>
  failure instanceof CommandRefusedError || failure instanceof WrongKeyError
    ? failure.message
    : null;
