import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Scheduler } from '#shared/ports/clock.port.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';

/** Without a network, or with 300 machines asking at once, it asks again after this, ms. */
const AGAIN_MS = 10_000;
const PASSING: ReadonlySet<string> = new Set([
  'offline',
  'rate-limited',
  'server-failed',
  'conflict',
]);

export interface UnattendedEnrolmentDeps {
  readonly host: KioskHost;
  /** From the machine's configuration. */
  readonly code: string;
  readonly scheduler: Scheduler;
  readonly log: Log;
  /** The server took the code: it is spent. */
  readonly onEnrolled?: () => void;
}

/**
 * Enrols a machine that is not enrolled yet, without anybody at it: keeps asking while the server cannot be
 * reached, stops when the code is refused (the screen for a code by hand stays) or somebody was faster.
 * @returns how to stop.
 */
export const enrolUnattended = (deps: UnattendedEnrolmentDeps): (() => void) => {
  const { host, code, scheduler, log } = deps;
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
    const answer = await host.perform({ type: 'enrol', code });
    asking = false;
    if (over) return;
    if (answer.ok) {
      log('info', 'enrolled from the configuration');
      deps.onEnrolled?.();
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
