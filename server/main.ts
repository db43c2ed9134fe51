import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { readSettings, type Settings, USAGE, UsageError } from './command-line.ts';

// Whatever is written is this user's alone: the database holds names and documents.
process.umask(0o077);

/**
 * Where a server keeps its compiled code, which is half of what a start takes: in its data folder, where nobody else
 * writes. What that code is made of is imported after it, so this file imports next to nothing.
 */
const CODE_CACHE = 'code-cache';

/** A sentence of what the person at the command line can mend. */
const complain = (sentence: string, exitCode: number): void => {
  console.error(sentence);
  process.exitCode = exitCode;
};

const start = async (settings: Settings): Promise<void> => {
  // Commands begin no folder: they may be meant for another. A folder that cannot be written costs time only.
  if (settings.order.command === 'serve') enableCompileCache(join(settings.dataFolder, CODE_CACHE));
  const { run, sentenceOf } = await import('./program.ts');
  try {
    await run(settings);
  } catch (failure) {
    const sentence = sentenceOf(failure);
    if (sentence === null) throw failure;
    complain(sentence, 1);
  }
  // Kept now: a server may end by losing its power.
  flushCompileCache();
};

try {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings.order.command === 'help') console.log(USAGE);
  else await start(settings);
} catch (failure) {
  if (!(failure instanceof UsageError)) throw failure;
  complain(failure.message, 2);
}
