import { exitCodeText } from '#shared/exam/exit-code.ts';
import type { Ticket } from '#shared/exam/ticket.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';

/** Wrong codes in a row before the next try has to wait. */
const TRIES = 5;
/** How long it waits, ms. */
const WAIT_MS = 60_000;

/** The session's exit code, whatever it is given for: all wrong ones are counted together. */
export interface StaffCode {
  /**
   * Whether the code is right. The caller puts the try on record, and says `accepted` when it was right.
   * @returns `forbidden` when this session has no code, `rate-limited` after too many wrong ones.
   */
  check(code: string): Promise<Result<boolean, Problem>>;
  accepted(): void;
}

/** Whether two hex texts of one length are the same, in a time that does not depend on where they differ. */
const sameHex = (a: string, b: string): boolean => {
  let different = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) different |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return different === 0;
};

export const createStaffCode = (
  { clock, digest }: Pick<EngineDeps, 'clock' | 'digest'>,
  { staffExit }: Pick<Ticket, 'staffExit'>,
): StaffCode => {
  let wrong = 0;
  let waitUntilMs = 0;
  return {
    check: async (code) => {
      if (staffExit === null) return fail({ code: 'forbidden' });
      const waitMs = waitUntilMs - clock.monotonicMs();
      if (waitMs > 0) return fail({ code: 'rate-limited', retryAfterMs: Math.ceil(waitMs) });
      // Counted before the hash is known, so that tries at the same time are tries too.
      wrong += 1;
      if (wrong >= TRIES) {
        waitUntilMs = clock.monotonicMs() + WAIT_MS;
        wrong = 0;
      }
      const { salt, hash, iterations } = staffExit;
      return ok(sameHex(await digest.stretchHex(exitCodeText(code), salt, iterations), hash));
    },
    accepted: () => {
      wrong = 0;
      waitUntilMs = 0;
    },
  };
};
