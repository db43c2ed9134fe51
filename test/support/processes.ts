import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process of this machine. */
export interface LiveProcess {
  readonly pid: number;
  /** Its process group. */
  readonly group: number;
  /** Its command line, separated by blanks. */
  readonly args: string;
}

/**
 * The processes that run, without those that have ended and are only waiting to be collected.
 * Linux only: reads /proc.
 */
export function liveProcesses(filter: (item: LiveProcess) => boolean): LiveProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z' || state === 'X') return [];
        const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), group: Number(group), args }];
      } catch {
        // Ended between the listing and the reading.
        return [];
      }
    })
    .filter(filter);
}

/**
 * Ends a process group at once, as a power cut would, and waits until nothing of it runs.
 *
 * @param leader the group's first process. It need not run any more.
 */
export async function killGroup(leader: number): Promise<void> {
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, 'SIGKILL');
  } catch {
    // Nothing of it was left.
    return;
  }
  if (process.platform !== 'linux') return;
  const deadline = Date.now() + 5000;
  while (liveProcesses(({ group }) => group === leader).length > 0) {
    if (Date.now() > deadline) throw new Error(`process group ${leader} survived SIGKILL`);
    await sleep(20);
  }
}
