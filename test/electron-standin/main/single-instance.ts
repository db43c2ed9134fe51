import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a second start hands to the first. */
export interface SecondStart {
  readonly argv: string[];
  readonly cwd: string;
  readonly data: unknown;
}

// SIGUSR1 starts Node's inspector.
const SIGNAL = 'SIGUSR2';

/**
 * Takes the lock of a user-data folder, or wakes the process that has it.
 *
 * @param folder the user-data folder.
 * @param mine what to tell the holder when there is one.
 * @param onSecond called in the holder for each later start.
 * @returns how to release the lock, or undefined when another process holds it.
 */
export function takeLock(
  folder: string,
  mine: SecondStart,
  onSecond: (start: SecondStart) => void,
): (() => void) | undefined {
  const place = join(folder, 'single-instance');
  const lock = join(place, 'holder');
  mkdirSync(place, { recursive: true });
  const holder = liveHolder(lock);
  if (holder !== undefined) {
    const file = join(place, `start-${process.pid}`);
    writeFileSync(`${file}.part`, JSON.stringify(mine));
    renameSync(`${file}.part`, `${file}.json`);
    process.kill(holder, SIGNAL);
    return undefined;
  }
  writeFileSync(lock, `${process.pid} ${startTime(process.pid)}`);
  const onSignal = (): void => {
    for (const name of readdirSync(place).filter((entry) => entry.endsWith('.json'))) {
      const file = join(place, name);
      const start = JSON.parse(readFileSync(file, 'utf8')) as SecondStart;
      rmSync(file);
      onSecond(start);
    }
  };
  process.on(SIGNAL, onSignal);
  return () => {
    process.off(SIGNAL, onSignal);
    rmSync(lock, { force: true });
  };
}

/** The process in the lock file, unless it has died or its number is another process's by now. */
function liveHolder(lock: string): number | undefined {
  try {
    const [pid, started] = readFileSync(lock, 'utf8').split(' ');
    return startTime(Number(pid)) === started ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

function startTime(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
