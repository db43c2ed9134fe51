import type { ReadEnrolment } from '#server/identity/active-enrolment.ts';
import { examineeCredentials } from '#server/people/credentials.ts';
import { maskDocument } from '#server/people/mask-document.ts';
import type { AccessStore, EnrolledDevice, Passwords } from '#server/people/ports.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import { newToken, tokenHash } from '#server/platform/tokens.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import { endingOf, mayBeCarriedOn } from '#server/record/ending.ts';
import { thumbnailsOn } from '#server/record/given-out.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { NoticeBoard } from '#server/record/notices.ts';
import type { RecordStore } from '#server/record/ports.ts';
import type { RecordFacts } from '#server/record/record-facts.ts';
import type { Registration, RegistryStore } from '#server/record/registry-ports.ts';
import { type Terms, type TermsStore, termsOf } from '#server/record/terms.ts';
import {
  checkInOpensAt,
  type LateArrival,
  type ShiftStage,
  shiftStage,
} from '#shared/exam/shift.ts';
import type { Ticket } from '#shared/exam/ticket.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { ExamineeSignInResponse } from '#shared/wire/http.ts';
import { CLOSE } from '#shared/wire/kiosk-socket.ts';
import { carryOn } from './carry-on.ts';
import type { ExitCodes } from './exit-codes.ts';
import { lateness } from './lateness.ts';
import type { PlanStore } from './plan-ports.ts';

/** When one may sign in. */
const OPEN: ReadonlySet<ShiftStage> = new Set(['check-in', 'running']);
/** What counts as "today": shifts that touch this span around now, without asking for a time zone. */
const SAME_DAY_MS = 18 * 60 * MINUTE;
/** A kiosk may deliver what it kept off line for this long after the shift. */
const TOKEN_LIFE_MS = 7 * 24 * 60 * MINUTE;

export interface SignInDeps {
  readonly access: AccessStore;
  readonly registry: RegistryStore;
  readonly plan: Pick<PlanStore, 'shifts'>;
  readonly changed: RecordFacts['changed'];
  readonly store: UnitOfWork<{
    readonly registry: Pick<RegistryStore, 'carryOn'>;
    readonly records: Pick<RecordStore, 'commandsOf'>;
    readonly access: AccessStore;
    readonly terms: Pick<TermsStore, 'keep'>;
    readonly trail: AuditTrail;
  }>;
  readonly attempts: LiveAttempts;
  readonly notices: NoticeBoard;
  readonly passwords: Passwords;
  readonly exitCodes: Pick<ExitCodes, 'proof'>;
  readonly readEnrolment: ReadEnrolment;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

export interface ExamineeSignIn {
  /**
   * Problems: `wrong-credentials` (alike for an unknown document), `no-attempt-today`, `too-early`
   * (with how long), `too-late`, `already-open-elsewhere`, `attempt-closed`.
   */
  signIn(
    device: EnrolledDevice,
    document: string,
    secret: string,
  ): Promise<Result<ExamineeSignInResponse, Problem>>;
}

/** All that the kiosk needs for the attempt but the questions. */
const ticketOf = (
  registration: Registration,
  terms: Terms,
  staffExit: Ticket['staffExit'],
): Ticket => ({
  attemptId: registration.attemptId,
  sessionId: registration.sessionId,
  examinee: {
    id: registration.examinee.id,
    name: registration.examinee.name,
    documentMasked: maskDocument(registration.examinee.document),
  },
  exam: {
    id: registration.exam.id,
    title: registration.exam.title,
    instructions: registration.exam.instructions,
    durationMs: terms.durationMs,
    questionCount: registration.exam.questionCount,
  },
  shift: terms.shift,
  room: {
    id: registration.room.id,
    name: registration.room.name,
    seat: registration.seat,
    timeZone: registration.room.timeZone,
  },
  policy: terms.policy,
  rulesVersion: terms.rulesVersion,
  identity: terms.identity,
  privacy: {
    retentionDays: registration.exam.retentionDays,
    thumbnails: thumbnailsOn(registration),
  },
  staffExit,
});

/** What the record says of somebody who came late. */
const onRecord = (late: LateArrival | null): Record<string, number> => ({
  ...(late === null ? {} : { lateLeftMs: late.leftMs }),
  ...(late === null || late.moveTo === null ? {} : { lastShiftAt: late.moveTo.startsAt }),
});

export const examineeSignIn = (deps: SignInDeps): ExamineeSignIn => {
  const credentials = examineeCredentials(deps);

  /** The attempt that the examinee may sit now: the one under way, else the first that is open. */
  const choose = async (
    examineeId: Registration['examinee']['id'],
    now: number,
  ): Promise<Result<LiveAttempt, Problem>> => {
    let today: readonly Registration[] = [];
    const loaded = await deps.attempts.loadAll(async () => {
      today = await deps.registry.registrationsOfExaminee(
        examineeId,
        now - SAME_DAY_MS,
        now + SAME_DAY_MS,
      );
      return today.filter(({ shift }) => OPEN.has(shiftStage(shift, now)));
    });
    if (today.length === 0) return refuse('no-attempt-today');
    const found =
      loaded.find(
        (attempt) =>
          attempt.state.seq > 0 && attempt.state.phase !== 'closed' && endingOf(attempt) === null,
      ) ??
      loaded.find(mayBeCarriedOn) ??
      loaded.find(({ state }) => state.seq === 0) ??
      loaded.at(-1);
    if (found !== undefined) return ok(found);
    const next = today.find(({ shift }) => shiftStage(shift, now) === 'too-early');
    if (next === undefined) return refuse('too-late');
    return refuse('too-early', undefined, checkInOpensAt(next.shift) - now);
  };

  return {
    signIn: async (device, document, secret) => {
      const examineeId = await credentials(document, secret);
      if (examineeId === null) return refuse('wrong-credentials');
      const now = deps.clock.now();
      const chosen = await choose(examineeId, now);
      if (!chosen.ok) return chosen;
      const attempt = (await carryOn(deps, chosen.value)) ?? chosen.value;
      await deps.attempts.refresh(attempt.registration.attemptId);
      const { attemptId, sessionId, shift, device: bound } = attempt.registration;
      if (attempt.state.seq > 0 && bound !== null && bound.id !== device.id) {
        if (endingOf(attempt) !== null) return refuse('attempt-closed');
        await deps.notices.post(attempt, 'second-session', {
          device: device.name,
          openOn: bound.name,
        });
        return refuse(
          attempt.state.phase === 'closed' ? 'attempt-closed' : 'already-open-elsewhere',
        );
      }
      // Who goes on from another machine is not late.
      const first = attempt.state.seq === 0 && attempt.registration.carries === null;
      const token = newToken(deps.random);
      const template = (await deps.readEnrolment(examineeId))?.template ?? null;
      const terms = termsOf(attempt.registration, template !== null);
      const late = first
        ? await lateness(deps.plan, attempt.registration, terms.durationMs, now)
        : null;
      await deps.store.transaction(async (tx) => {
        await tx.access.openAttempt({
          tokenHash: tokenHash(token),
          attemptId,
          deviceId: device.id,
          expiresAt: shift.endsAt + TOKEN_LIFE_MS,
          now,
        });
        await tx.terms.keep(attemptId, terms, now);
        await tx.trail.audit({
          at: now,
          actor: device.id,
          action: 'examinee-signed-in',
          subject: attemptId,
          detail: { device: device.name, ...onRecord(late) },
        });
      });
      await deps.attempts.refresh(attemptId);
      // Another device's token stopped working just now; so does its open socket.
      if (bound !== null && bound.id !== device.id)
        attempt.presence.link?.close(CLOSE.replaced, 'replaced');
      return ok({
        token,
        serverTime: deps.clock.now(),
        ticket: ticketOf(attempt.registration, terms, await deps.exitCodes.proof(sessionId)),
        template: terms.identity.enrolled ? template : null,
        lastSeq: attempt.state.seq,
      });
    },
  };
};
