import { createHash } from 'node:crypto';
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Scheduler } from '#shared/ports/clock.port.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { SiteEnrolment } from './site-enrolment.ts';

/** In the data folder: which code this machine has spent, as a hash. */
const SPENT_FILE = 'enrolment-code-used.json';
/** Without a network, or with 300 machines asking at once, it asks again after this, ms. */
const AGAIN_MS = 10_000;
const PASSING = new Set(['offline', 'rate-limited', 'server-failed', 'conflict']);

const hashOf = (code: string): string => createHash('sha256').update(code).digest('hex');

/** Whether this machine has used the code before; the server would refuse it now. */
export const codeIsSpent = (folder: string, code: string): boolean => {
  try {
    return readFileSync(join(folder, SPENT_FILE), 'utf8').includes(hashOf(code));
  } catch {
    return false;
  }
};

/**
 * Takes the code out of the file it came from, so that nobody reads it there. A file that only the
 * administrator may write keeps it: a one-time code that was used opens nothing, and the data folder
 * remembers that it is spent.
 */
export const forgetCode = (folder: string, { code, origin }: SiteEnrolment): void => {
  writeFileSync(join(folder, SPENT_FILE), JSON.stringify({ sha256: hashOf(code) }));
  try {
    const kept: Record<string, unknown> = JSON.parse(
      readFileSync(origin.file, 'utf8').replace(/^\uFEFF/, ''),
    );
    for (const key of ['enrolCode', 'enrolCodes', 'enrolCodesExpire']) delete kept[key];
    if (Object.keys(kept).length === 0) unlinkSync(origin.file);
    else writeFileSync(origin.file, `${JSON.stringify(kept, null, 2)}\n`);
  } catch {
    // The registry, or a file that is not ours to change.
  }
};

export interface UnattendedEnrolmentDeps {
  readonly host: KioskHost;
  readonly enrolment: SiteEnrolment;
  /** The kiosk's data folder. */
  readonly folder: string;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

/**
 * Enrols a machine that is not enrolled yet, without anybody at it: keeps asking while the server cannot be
 * reached, stops when the code is refused (the screen for a code by hand stays) or somebody was faster.
 * @returns how to stop.
 */
export const enrolUnattended = (deps: UnattendedEnrolmentDeps): (() => void) => {
  const { host, enrolment, folder, scheduler, log } = deps;
  if (codeIsSpent(folder, enrolment.code)) return () => undefined;
  let over = false;
  let asking = false;
  let waiting = false;
  let unsubscribe = (): void => undefined;
  let cancel = (): void => undefined;
  const stop = (): void => {
    over = true;
    cancel();
    unsubscribe();
  };

  const ask = async (): Promise<void> => {
    if (over || asking || waiting) return;
    asking = true;
    const answer = await host.perform({ type: 'enrol', code: enrolment.code });
    asking = false;
    if (over) return;
    if (answer.ok) {
      log('info', 'enrolled from the configuration', { file: enrolment.origin.file });
      forgetCode(folder, enrolment);
      stop();
    } else if (PASSING.has(answer.error.code)) {
      waiting = true;
      cancel = scheduler.after(AGAIN_MS, () => {
        waiting = false;
        void ask();
      });
    } else {
      log('warn', 'enrolment from the configuration refused', { problem: answer.error.code });
      stop();
    }
  };

  const look = ({ stage }: KioskView): void => {
    if (over || stage === 'starting') return;
    if (stage === 'not-enrolled') void ask();
    else if (!asking) stop();
  };
  unsubscribe = host.subscribe(look);
  if (over) unsubscribe();
  return stop;
};

/** Calls `tell` once if the machine turns out not to be enrolled: only then a bad code matters. */
export const whenNotEnrolled = (host: KioskHost, tell: () => void): void => {
  let decided = false;
  let unsubscribe = (): void => undefined;
  unsubscribe = host.subscribe(({ stage }) => {
    if (decided || stage === 'starting') return;
    decided = true;
    unsubscribe();
    if (stage === 'not-enrolled') tell();
  });
  if (decided) unsubscribe();
};
