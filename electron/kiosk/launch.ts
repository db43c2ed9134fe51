import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Undone } from './kiosk-lockdown.ts';
import type { LaunchObjection } from './launch-objections.ts';
import type { LockdownJournal } from './lockdown-journal.ts';
import type { LockdownStep } from './steps/step.ts';

/** What the start did and found before there was a window or a log. */
export interface Launch {
  readonly journal: LockdownJournal;
  /** The steps of this machine whose effect outlives the process. */
  readonly durable: readonly LockdownStep[];
  /** What an earlier run had left behind. */
  readonly leftOver: Undone;
  readonly objections: readonly LaunchObjection[];
}

/** Puts into the log what came before it. */
export const logLaunch = (log: Log, { journal, leftOver, objections }: Launch): void => {
  if (journal.spoiled !== null) log('error', 'lockdown journal not readable', {});
  for (const step of leftOver.undone) log('warn', 'left over and undone', { step });
  for (const { step, detail } of leftOver.failed)
    log('error', 'left over and not undone', { step, detail });
  for (const { where, name, refuses } of objections)
    log('warn', 'started with', { where, name, refuses });
};
