import { exitCodeText, staffKeySaltText, staffProofText } from '#shared/exam/exit-code.ts';
import type { Ticket } from '#shared/exam/ticket.ts';
import type { Hash } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';

/** Wrong codes in a row before the next try has to wait. */
const TRIES = 5;
/** How long it waits, ms. */
const WAIT_MS = 60_000;

/** How a try ended; `proof` goes on record, so that the server knows that the code was there. */
export type StaffTry = { readonly right: true; readonly proof: Hash } | { readonly right: false };

/** The session's exit code, whatever it is given for: all wrong ones are counted together. */
export interface StaffCode {
  /**
   * Whether the code is right. The caller puts the try on record, and says `accepted` when it was right.
   * @param act what it is given for (`staffProofText`).
   * @returns `forbidden` when this session has no code, `rate-limited` after too many wrong ones.
   */
  check(code: string, act: string): Promise<Result<StaffTry, Problem>>;
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
  { staffExit, attemptId }: Pick<Ticket, 'staffExit' | 'attemptId'>,
): StaffCode => {
  let wrong = 0;
  let waitUntilMs = 0;

  const prove = async (
    text: string,
    salt: string,
    iterations: number,
    act: string,
  ): Promise<Hash> => {
    const keySalt = (await digest.sha256Hex(staffKeySaltText(salt))).slice(0, salt.length);
    const key = await digest.stretchHex(text, keySalt, iterations);
    return digest.sha256Hex(staffProofText(key, attemptId, act));
  };

  return {
    check: async (code, act) => {
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
      const text = exitCodeText(code);
      if (!sameHex(await digest.stretchHex(text, salt, iterations), hash))
        return ok({ right: false });
      return ok({ right: true, proof: await prove(text, salt, iterations, act) });
    },
    accepted: () => {
      wrong = 0;
      waitUntilMs = 0;
    },
  };
};
