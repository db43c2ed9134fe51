import { exitCodeText } from '#shared/exam/exit-code.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { AttemptCore } from './attempt-core.ts';
import { leaveLockdown } from './lockdown.ts';

/** Wrong codes in a row before the next try has to wait. */
const TRIES = 5;
/** How long it waits, ms. */
const WAIT_MS = 60_000;

/** The way out of the locked machine for a member of staff, with or without a network. */
export interface StaffExit {
  /**
   * Checks the session's exit code. A right one pauses the exam and gives the machine back; every try is on record.
   * @returns `forbidden` when this session has no code, `rate-limited` after too many wrong ones.
   */
  open(code: string, reason: string): Promise<Result<null, Problem>>;
}

/** Whether two hex texts of one length are the same, in a time that does not depend on where they differ. */
const sameHex = (a: string, b: string): boolean => {
  let different = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) different |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return different === 0;
};

export const createStaffExit = (core: AttemptCore): StaffExit => {
  const { clock, digest } = core.deps;
  let wrong = 0;
  let waitUntilMs = 0;

  return {
    open: async (code, reason) => {
      const { staffExit } = core.ticket;
      if (staffExit === null) return fail({ code: 'forbidden' });
      const waitMs = waitUntilMs - clock.monotonicMs();
      if (waitMs > 0) return fail({ code: 'rate-limited', retryAfterMs: Math.ceil(waitMs) });
      // Counted before the hash is known, so that tries at the same time are tries too.
      wrong += 1;
      if (wrong >= TRIES) {
        waitUntilMs = clock.monotonicMs() + WAIT_MS;
        wrong = 0;
      }
      const hash = await digest.stretchHex(
        exitCodeText(code),
        staffExit.salt,
        staffExit.iterations,
      );
      const right = sameHex(hash, staffExit.hash);
      return core.turn(async () => {
        await core.settle();
        const { phase } = core.state();
        if (phase === 'closed') return fail({ code: 'attempt-closed' });
        const outcome = right ? 'opened' : 'refused';
        const entry = await core.writer.write('staff-exit', {
          outcome,
          reason: reason.toWellFormed(),
        });
        if (!right) return fail({ code: 'wrong-exit-code' });
        wrong = 0;
        waitUntilMs = 0;
        if (phase === 'in-progress') await core.halt(entry.t);
        await leaveLockdown(core);
        return ok(null);
      });
    },
  };
};
