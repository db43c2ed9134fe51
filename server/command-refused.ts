import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from '#server/compose.ts';

/** A command that may not be done now; its message says what to do first. */
export class CommandRefusedError extends Error {}

/** @throws CommandRefusedError when the folder has no database: a command would make an empty one in the wrong place. */
export const refuseWithoutDatabase = (dataFolder: string): void => {
  if (existsSync(join(dataFolder, DATABASE_FILE))) return;
  throw new CommandRefusedError(
    `En ${dataFolder} no hay base de datos; indique su carpeta con --data.`,
  );
};
