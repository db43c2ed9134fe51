import pino from 'pino';
import { accessList, codes, institution, newKey, timeZone } from './admin-commands.ts';
import type { Settings } from './command-line.ts';
import { CommandRefusedError, refuseWithoutDatabase } from './command-refused.ts';
import { compose, composePostgres } from './compose.ts';
import { StartRefusedError } from './platform/start-refused.ts';
import { serve } from './serve.ts';

const say = (line: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** Does what the command line asks for; a server goes on after it. */
export const run = async (settings: Settings): Promise<void> => {
  const { order, dataFolder, logLevel, databaseUrl } = settings;
  if (order.command === 'help') return;
  if (order.command !== 'serve' && databaseUrl === null) refuseWithoutDatabase(dataFolder);
  const logger = pino(
    { level: logLevel, redact: ['token', 'secret', 'password'] },
    pino.destination(2),
  );
  const resetKey = order.command === 'new-key';
  // A server has its key in memory and would go on encrypting with the old one.
  const alone = resetKey || order.command === 'serve';
  const options = { dataFolder, pagesFolder: null, logger, newKey: resetKey, alone };
  const { deps, demo, database, forgotten } = await (databaseUrl === null
    ? compose(options)
    : composePostgres(options, databaseUrl));
  const context = { deps, demo, dataFolder, say };
  if (order.command === 'serve') return serve({ ...context, database }, order);
  try {
    if (order.command === 'codes') await codes(context, order.count);
    else if (order.command === 'access-list') await accessList(context);
    else if (order.command === 'time-zone') await timeZone(context, order);
    else if (order.command === 'institution') await institution(context, order.name);
    else newKey(context, forgotten);
  } finally {
    await database.close();
  }
};

/** What the person at the command line can mend, as a sentence; null for everything else. */
export const sentenceOf = (failure: unknown): string | null =>
  failure instanceof CommandRefusedError || failure instanceof StartRefusedError
    ? failure.message
    : null;
