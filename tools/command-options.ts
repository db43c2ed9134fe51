import { type ParseArgsConfig, parseArgs } from 'node:util';
import { optionFault } from '#server/platform/option-fault.ts';

/**
 * Reads a command's options. Ends the program with a sentence and the usage when they cannot be meant (exit code 2), and
 * with the usage alone when it is asked for by `--help`.
 * @param config as `parseArgs` takes it; its options must have `help`.
 */
export const commandOptions = <const T extends ParseArgsConfig>(usage: string, config: T) => {
  try {
    const parsed = parseArgs<T>(config);
    if ((parsed.values as { readonly help?: unknown }).help !== true) return parsed;
    console.log(usage);
    process.exit(0);
  } catch (failure) {
    const sentence = optionFault(failure);
    if (sentence === null) throw failure;
    console.error(`${sentence}\n\n${usage}`);
    process.exit(2);
  }
};
