import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SystemSynced } from './certain-time.ts';

const run = promisify(execFile);

/** How long the system may take to say it, ms. */
const PATIENCE_MS = 5_000;

/** What `timedatectl show` says; null for everything but a plain yes or no. */
export const syncedIn = (said: string): boolean | null => {
  const [, word] = /^NTPSynchronized=(yes|no)$/m.exec(said) ?? [];
  return word === undefined ? null : word === 'yes';
};

/**
 * Whether systemd says that the clock is kept by another one: the kernel forgets it when the clock is set by hand.
 * null on a system without it, as in most containers.
 */
export const timedatectl: SystemSynced = async () => {
  try {
    const { stdout } = await run('timedatectl', ['show', '--property=NTPSynchronized'], {
      timeout: PATIENCE_MS,
    });
    return syncedIn(stdout);
  } catch {
    return null;
  }
};
