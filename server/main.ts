import pino from 'pino';
import { accessList, codes, newKey } from './admin-commands.ts';
import { readSettings, type Settings, USAGE, UsageError } from './command-line.ts';
import { compose, composePostgres } from './compose.ts';
import { WrongKeyError } from './platform/wrong-key.ts';
import { CommandRefusedError, refuseWhileServing, refuseWithoutDatabase } from './running-mark.ts';
import { serve } from './serve.ts';

// Whatever is written is this user's alone: the database holds names and documents.
process.umask(0o077);

const say = (line: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const run = async ({ order, dataFolder, logLevel, databaseUrl }: Settings): Promise<void> => {
  if (order.command === 'help') return console.log(USAGE);
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
    else newKey(context, forgotten);
  } finally {
    await database.close();
  }
};

try {
  await run(readSettings(process.argv.slice(2), process.env));
} catch (failure) {
  // What the person at the command line can mend is a sentence; everything else a stack.
  const known = [UsageError, CommandRefusedError, WrongKeyError].some(
    (kind) => failure instanceof kind,
  );
  if (!known) throw failure;
  console.error((failure as Error).message);
  process.exitCode = failure instanceof UsageError ? 2 : 1;
}
