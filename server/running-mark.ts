import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from '#server/compose.ts';

const FILE = 'server.pid';

/**
 * Notes in the data folder which process serves from it. It never stops a server from starting: after a power cut the
 * number may be another program's by now.
 * @returns how to take the note away.
 */
export const markRunning = (dataFolder: string): (() => void) => {
  const file = join(dataFolder, FILE);
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  writeFileSync(file, String(process.pid), { mode: 0o600 });
  return () => {
    // A second server on the same folder has put its own number there.
    if (readRunning(dataFolder) === process.pid) rmSync(file, { force: true });
  };
};

/** Whether a process of that number is there, this user's or another's. */
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** @returns the number of the process that serves from the folder; null when none does. */
const readRunning = (dataFolder: string): number | null => {
  try {
    const pid = Number(readFileSync(join(dataFolder, FILE), 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 && alive(pid) ? pid : null;
  } catch {
    return null;
  }
};

/** A command that may not be done now; its message says what to do first. */
export class CommandRefusedError extends Error {}

/**
 * A server that runs has its key in memory and would go on encrypting with it.
 * @throws CommandRefusedError while one serves from the folder.
 */
export const refuseWhileServing = (dataFolder: string): void => {
  const pid = readRunning(dataFolder);
  if (pid === null) return;
  throw new CommandRefusedError(
    `Un servidor (proceso ${pid}) trabaja con ${dataFolder}: deténgalo primero.`,
  );
};

/** @throws CommandRefusedError when the folder has no database: a command would make an empty one in the wrong place. */
export const refuseWithoutDatabase = (dataFolder: string): void => {
  if (existsSync(join(dataFolder, DATABASE_FILE))) return;
  throw new CommandRefusedError(
    `En ${dataFolder} no hay base de datos; indique su carpeta con --data.`,
  );
};
