import { createHmac, hash as digest, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { StaffMember } from '#server/people/ports.ts';
import { hasRight, may } from '#server/people/rights.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { Secrets } from '#server/platform/secrets.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import {
  EXIT_CODE_ALPHABET,
  EXIT_CODE_LENGTH,
  exitCodeText,
  staffKeySaltText,
} from '#shared/exam/exit-code.ts';
import type { Ticket } from '#shared/exam/ticket.ts';
import type { Hash, RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';

const stretch = promisify(pbkdf2);

/**
 * Rounds of PBKDF2-SHA-256, as OWASP asks for it. Whoever gets at a ticket in a kiosk's memory can try codes
 * without end: 2^40 codes times this many rounds are months on a large graphics card, and a code opens one
 * room for one shift. A kiosk needs some tenths of a second for one try.
 */
export const EXIT_CODE_ITERATIONS = 600_000;
const SECRET_NAME = 'exit-codes';
const SALT_BYTES = 16;

export interface ExitCodeDeps {
  readonly secrets: Secrets;
  readonly registry: RegistryStore;
  readonly trail: AuditTrail;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly iterations: number;
}

/**
 * The code with which staff opens a locked machine where there is no network, one for each session. It follows
 * from the session and a secret of the server, so that nothing is stored that could be read.
 */
export interface ExitCodes {
  /** What a kiosk needs to check it. */
  proof(sessionId: SessionId): Promise<NonNullable<Ticket['staffExit']>>;
  /** The key of the proofs that kiosks make when the code was given (`staffProofText`), hex. */
  staffKey(sessionId: SessionId): Promise<Hash>;
  /**
   * The code, for the staff of the room; each look is on record. Problems: `forbidden` by role, `not-found` out
   * of reach.
   */
  show(
    staff: StaffMember,
    place: { readonly roomId: RoomId; readonly sessionId: SessionId },
  ): Promise<Result<{ readonly code: string }, Problem>>;
}

/** Five bits a letter: the alphabet has 32. */
const inLetters = (bytes: Uint8Array): string => {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  let code = '';
  for (let i = 0; i < EXIT_CODE_LENGTH; i += 1) {
    code += EXIT_CODE_ALPHABET.charAt(Number(number & 31n));
    number >>= 5n;
  }
  return code;
};

export const exitCodes = (deps: ExitCodeDeps): ExitCodes => {
  let secret: Promise<string> | null = null;
  /** Once for each session and run of the server: everybody in the room gets the same. */
  const once = <T>(make: (sessionId: SessionId) => Promise<T>) => {
    const made = new Map<SessionId, Promise<T>>();
    return (sessionId: SessionId): Promise<T> => {
      const known = made.get(sessionId);
      if (known !== undefined) return known;
      const making = make(sessionId);
      made.set(sessionId, making);
      making.catch(() => made.delete(sessionId));
      return making;
    };
  };

  const derive = async (purpose: string, sessionId: SessionId): Promise<Buffer> => {
    secret ??= deps.secrets
      .secret(SECRET_NAME, Buffer.from(deps.random.bytes(32)).toString('base64url'))
      .catch((failure: unknown) => {
        secret = null;
        throw failure;
      });
    return createHmac('sha256', await secret)
      .update(`${purpose} ${sessionId}`)
      .digest();
  };
  const codeOf = async (sessionId: SessionId): Promise<string> =>
    inLetters(await derive('exit code', sessionId));

  const saltOf = async (sessionId: SessionId): Promise<Buffer> =>
    (await derive('exit salt', sessionId)).subarray(0, SALT_BYTES);

  const prove = async (sessionId: SessionId): Promise<NonNullable<Ticket['staffExit']>> => {
    const salt = await saltOf(sessionId);
    const code = exitCodeText(await codeOf(sessionId));
    const hash = await stretch(code, salt, deps.iterations, 32, 'sha256');
    return {
      salt: salt.toString('hex'),
      hash: hash.toString('hex'),
      iterations: deps.iterations,
    };
  };

  return {
    proof: once(prove),
    staffKey: once(async (sessionId) => {
      const salt = (await saltOf(sessionId)).toString('hex');
      const keySalt = digest('sha256', staffKeySaltText(salt), 'hex').slice(0, salt.length);
      const code = exitCodeText(await codeOf(sessionId));
      const key = await stretch(code, Buffer.from(keySalt, 'hex'), deps.iterations, 32, 'sha256');
      return key.toString('hex');
    }),

    show: async (staff, { roomId, sessionId }) => {
      if (!hasRight(staff, 'exit-code')) return refuse('forbidden');
      const place = await deps.registry.session(sessionId);
      if (place === null || place.roomId !== roomId || !may(staff, 'exit-code', place)) {
        return refuse('not-found');
      }
      await deps.trail.audit({
        at: deps.clock.now(),
        actor: staff.id,
        action: 'exit-code-shown',
        subject: sessionId,
        detail: { roomId },
      });
      const code = await codeOf(sessionId);
      return ok({ code: `${code.slice(0, 4)}-${code.slice(4)}` });
    },
  };
};
