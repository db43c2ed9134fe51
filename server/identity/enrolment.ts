import { type CredentialDeps, examineeCredentials } from '#server/people/credentials.ts';
import { maskDocument } from '#server/people/mask-document.ts';
import type { AccessStore } from '#server/people/ports.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import { newToken, normaliseCode, tokenHash } from '#server/platform/tokens.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import { distanceOf } from '#shared/identity/match.ts';
import type { ExamineeId, StaffId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { type EpochMs, MINUTE } from '#shared/kernel/time.ts';
import {
  CONSENT_VERSION,
  type EnrolmentSignInResponse,
  type EnrolmentState,
  type EnrolmentStatus,
  type EnrolmentSubmitRequest,
} from '#shared/wire/enrolment.ts';
import type { ReadEnrolment } from './active-enrolment.ts';
import { checkEnrolment, documentKindOf } from './enrolment-check.ts';
import type { EnrolmentStore, RetentionDays } from './ports.ts';

/** How long the page may take before one has to sign in again, ms. */
const ENROLMENT_TOKEN_MS = 60 * MINUTE;

export interface EnrolmentDeps extends CredentialDeps {
  readonly access: Pick<AccessStore, 'examineeByDocument' | 'timeZone'>;
  readonly enrolments: EnrolmentStore;
  readonly readEnrolment: ReadEnrolment;
  readonly retentionDays: RetentionDays;
  readonly store: UnitOfWork<{ readonly enrolments: EnrolmentStore; readonly trail: AuditTrail }>;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

/** Whoever the enrolment page belongs to; with the member of staff who is beside them, if any. */
export interface EnrolmentOwner {
  readonly examineeId: ExamineeId;
  readonly roomStaffId: StaffId | null;
}

/** What the enrolment page asks (Art. 23f). */
export interface EnrolmentPage {
  /** Problems: `wrong-credentials` alike for an unknown document, `unknown-code`, `code-used`. */
  signIn(
    request: { readonly document: string; readonly secret: string } | { readonly roomCode: string },
  ): Promise<Result<EnrolmentSignInResponse, Problem>>;
  /** Whose token it is; null when it is unknown, over, or replaced by a newer one. */
  owner(token: string): Promise<EnrolmentOwner | null>;
  status(owner: EnrolmentOwner): Promise<EnrolmentStatus>;
  /**
   * Stores an enrolment. The first is active at once; a later one, and one whose photo may show no document, waits for
   * staff, and the old template counts meanwhile. Problems: `not-in-this-stage` outside the dates, and those of `checkEnrolment`.
   */
  submit(
    owner: EnrolmentOwner,
    request: EnrolmentSubmitRequest,
  ): Promise<Result<EnrolmentStatus, Problem>>;
}

type Window = NonNullable<EnrolmentStatus['window']>;

/** The dates that count now: those that are open, else the next, else the last. */
const chooseWindow = (windows: readonly Window[], now: EpochMs): Window | null =>
  windows.find(({ opensAt, closesAt }) => opensAt <= now && now < closesAt) ??
  windows.find(({ opensAt }) => opensAt > now) ??
  windows.at(-1) ??
  null;

export const enrolmentPage = (deps: EnrolmentDeps): EnrolmentPage => {
  const { enrolments, clock } = deps;
  const credentials = examineeCredentials(deps);

  const whoSignsIn = async (
    request: Parameters<EnrolmentPage['signIn']>[0],
  ): Promise<Result<EnrolmentOwner, Problem>> => {
    if ('roomCode' in request) {
      const code = await enrolments.takeRoomCode(
        tokenHash(normaliseCode(request.roomCode)),
        clock.now(),
      );
      if (code === 'unknown') return refuse('unknown-code');
      if (code === 'used') return refuse('code-used');
      return ok({ examineeId: code.examineeId, roomStaffId: code.createdBy });
    }
    const examineeId = await credentials(request.document, request.secret);
    return examineeId === null
      ? refuse('wrong-credentials')
      : ok({ examineeId, roomStaffId: null });
  };

  const stateOf = async (examineeId: ExamineeId): Promise<EnrolmentState> => {
    const slots = await enrolments.slots(examineeId);
    if (slots.has('waiting')) return 'waiting';
    if ((await enrolments.rejection(examineeId)) !== null) return 'rejected';
    return slots.has('active') ? 'active' : 'none';
  };

  const status = async (owner: EnrolmentOwner): Promise<EnrolmentStatus> => {
    const { examineeId, roomStaffId } = owner;
    const person = await enrolments.person(examineeId);
    if (person === null) throw new Error('a token of nobody');
    const now = clock.now();
    const venues = new Set((await enrolments.sittings(examineeId)).map(({ venueId }) => venueId));
    const window = chooseWindow(await enrolments.windows([...venues]), now);
    const state = await stateOf(examineeId);
    return {
      examinee: {
        id: examineeId,
        name: person.name,
        documentMasked: maskDocument(person.document),
        documentKind: documentKindOf(person.document),
      },
      state,
      rejectedReason:
        state === 'rejected' ? ((await enrolments.rejection(examineeId))?.reason ?? null) : null,
      window,
      open:
        roomStaffId !== null || (window !== null && window.opensAt <= now && now < window.closesAt),
      serverTime: now,
      retentionDays: await deps.retentionDays(examineeId),
      timeZone: await deps.access.timeZone([...venues][0] ?? null),
      consentVersion: CONSENT_VERSION,
    };
  };

  return {
    signIn: async (request) => {
      const who = await whoSignsIn(request);
      if (!who.ok) return who;
      const token = newToken(deps.random);
      const now = clock.now();
      await deps.store.transaction(async (tx) => {
        await tx.enrolments.openToken({
          tokenHash: tokenHash(token),
          ...who.value,
          expiresAt: now + ENROLMENT_TOKEN_MS,
        });
        await tx.trail.audit({
          at: now,
          actor: who.value.examineeId,
          action: 'enrolment-signed-in',
          subject: who.value.examineeId,
          detail: { roomStaff: who.value.roomStaffId },
        });
      });
      return ok({ token, status: await status(who.value) });
    },

    owner: (token) => enrolments.tokenOwner(tokenHash(token), clock.now()),

    status,

    submit: async (owner, request) => {
      const { examineeId, roomStaffId } = owner;
      const person = await enrolments.person(examineeId);
      if (person === null) return refuse('not-found');
      if (!(await status(owner)).open) return refuse('not-in-this-stage', 'outside the dates');
      const checked = checkEnrolment(request, person.document);
      if (!checked.ok) return checked;
      const now = clock.now();
      const before = await deps.readEnrolment(examineeId);
      const { template } = checked.value;
      const { look } = request.document;
      const enrolment = {
        id: `enrolment-${deps.random.uuid()}`,
        examineeId,
        at: now,
        ...checked.value,
        documentKind: request.document.kind,
        documentQr: request.document.qr,
        consent: request.consent,
        submittedBy: roomStaffId,
        changeDistance:
          before === null ? null : distanceOf(before.template.descriptor, template.descriptor),
        documentDoubt: look?.doubt === true ? look.refused : null,
      };
      await deps.store.transaction(async (tx) => {
        const slot = await tx.enrolments.save(enrolment);
        await tx.trail.audit({
          at: now,
          actor: roomStaffId ?? examineeId,
          action: 'enrolment-submitted',
          subject: examineeId,
          detail: {
            slot,
            consentVersion: request.consent.version,
            consentLocale: request.consent.locale,
            captures: template.captures,
            documentKind: request.document.kind,
            ...(look === undefined
              ? {}
              : { documentDoubt: look.doubt, documentsRefused: look.refused }),
          },
        });
      });
      return ok(await status(owner));
    },
  };
};
