import { lateness } from '#server/exam/lateness.ts';
import type { PlanStore } from '#server/exam/plan-ports.ts';
import type { ReadEnrolment } from '#server/identity/active-enrolment.ts';
import type { EnrolmentStore } from '#server/identity/ports.ts';
import { maskDocument } from '#server/people/mask-document.ts';
import type { StaffMember } from '#server/people/ports.ts';
import type { AuditTrail, ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import { subjectOf } from '#server/privacy/certificates.ts';
import type { PrivacyStore } from '#server/privacy/ports.ts';
import type { ReadGiven } from '#server/record/given.ts';
import { durationOf } from '#server/record/given-out.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { EntryLog, RecordStore, StillFiles, StoredStill } from '#server/record/ports.ts';
import type { Registration } from '#server/record/registry-ports.ts';
import type { TermsStore } from '#server/record/terms.ts';
import { evidenceOf } from '#shared/attempt/apply-entry.ts';
import type { AttemptId, Hash } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { AttemptDetail, IncidentView } from '#shared/wire/dashboard.ts';
import { breakOf } from '#shared/wire/doubt.ts';
import type { DeletionCertificate } from '#shared/wire/enrolment.ts';
import type { Bundle } from '#shared/wire/http.ts';
import { reachAttempt } from './attempt-reach.ts';
import type { JudgeBuild } from './room-hub.ts';
import { commandView, identityView, incidentViews, tileOf } from './room-view.ts';

export interface AttemptRecordsDeps {
  readonly attempts: LiveAttempts;
  readonly log: EntryLog;
  readonly records: RecordStore;
  readonly trail: AuditTrail;
  readonly stills: StillFiles;
  readonly enrolments: Pick<EnrolmentStore, 'picture'>;
  readonly readEnrolment: ReadEnrolment;
  readonly privacy: Pick<PrivacyStore, 'certificatesOf' | 'certificate'>;
  readonly judgeBuild: JudgeBuild;
  readonly given: ReadGiven;
  readonly terms: Pick<TermsStore, 'since'>;
  readonly plan: Pick<PlanStore, 'shifts'>;
  readonly clock: ServerClock;
}

/** What staff may see of an attempt. Problems: those of `reachAttempt`; `not-found` also for a picture that is not there. */
export interface AttemptRecords {
  detail(staff: StaffMember, attemptId: AttemptId): Promise<Result<AttemptDetail, Problem>>;
  /** Every export is written to the audit trail. */
  exportBundle(staff: StaffMember, attemptId: AttemptId): Promise<Result<Bundle, Problem>>;
  /** Every look at a still is written to the audit trail. */
  still(
    staff: StaffMember,
    attemptId: AttemptId,
    hash: Hash,
  ): Promise<Result<{ readonly mime: StoredStill['mime']; readonly body: Uint8Array }, Problem>>;
  /** The enrolment's portrait or document, beside which a person decides. Every look is written to the audit trail. */
  identityPicture(
    staff: StaffMember,
    attemptId: AttemptId,
    what: 'portrait' | 'document',
  ): Promise<Result<Uint8Array, Problem>>;
}

const subjectLines = ({
  examinee,
  exam,
  room,
  seat,
  shift,
}: Registration): NonNullable<Bundle['about']> => ({
  examinee: examinee.name,
  document: maskDocument(examinee.document),
  exam: exam.title,
  room: room.name,
  seat,
  startsAt: shift.startsAt,
});

export const attemptRecords = (deps: AttemptRecordsDeps): AttemptRecords => {
  const reach = (staff: StaffMember, attemptId: AttemptId) =>
    reachAttempt(deps.attempts, staff, attemptId, 'inspect');

  const enrolledView = async ({
    registration,
  }: LiveAttempt): Promise<AttemptDetail['identity']['enrolled']> => {
    const active = await deps.readEnrolment(registration.examinee.id);
    if (active === null) return null;
    const { at, documentKind, documentQr } = active;
    return { at, portrait: true, document: documentKind, documentQr };
  };

  /** Who goes on from another machine was there before. */
  const lateOf = async ({ registration }: LiveAttempt): Promise<AttemptDetail['late']> => {
    const at =
      registration.carries === null ? await deps.terms.since(registration.attemptId) : null;
    if (at === null) return null;
    const late = await lateness(deps.plan, registration, durationOf(registration), at);
    return late === null
      ? null
      : { leftMs: late.leftMs, lastShiftAt: late.moveTo?.startsAt ?? null };
  };

  const deletionsOf = async ({
    registration: { attemptId, examinee },
  }: LiveAttempt): Promise<readonly DeletionCertificate[]> => {
    const rows = await deps.privacy.certificatesOf(subjectOf(examinee.id));
    const all = await Promise.all(rows.map(({ id }) => deps.privacy.certificate(id)));
    return all
      .filter((certificate) => certificate !== null)
      .filter(({ items }) => items.some((item) => item.attemptId === attemptId));
  };

  /** What counts on here of other machines, as their ledgers have it. */
  const carriedViews = async ({ registration }: LiveAttempt): Promise<readonly IncidentView[]> => {
    const carried = registration.carries?.carried?.attempts ?? [];
    const from = new Set(carried.map(({ attemptId }) => attemptId));
    const views = await Promise.all(
      [...from].map(async (attemptId) => {
        const before = await deps.attempts.load(attemptId);
        return before === null ? [] : incidentViews(before);
      }),
    );
    return views
      .flat()
      .filter((view) =>
        carried.some((one) => one.attemptId === view.attemptId && one.incidentId === view.id),
      );
  };

  const doubtsOf = async (
    attempt: LiveAttempt,
    entries: readonly LedgerEntry[],
  ): Promise<AttemptDetail['doubts']> => {
    const { attemptId } = attempt.registration;
    const stored = new Set((await deps.records.stillsOf(attemptId)).map(({ hash }) => hash));
    const named = new Set(entries.flatMap(evidenceOf).map(({ hash }) => hash));
    const missing = [...named].filter((hash) => !stored.has(hash));
    const gone = missing.length === 0 ? [] : await deletionsOf(attempt);
    const deleted = new Set(gone.flatMap(({ items }) => items.map(({ hash }) => hash)));
    return {
      broken: attempt.brokenReason === null ? null : breakOf(attempt.brokenReason),
      contradictions: [...attempt.contradictions],
      missingPictures: missing.filter((hash) => !deleted.has(hash)).length,
    };
  };

  const audit = (
    staff: StaffMember,
    action: string,
    subject: string,
    detail: Record<string, string>,
  ) => ({ at: deps.clock.now(), actor: staff.id, action, subject, detail });

  return {
    detail: async (staff, attemptId) => {
      const found = await reach(staff, attemptId);
      if (!found.ok) return found;
      const entries = await deps.log.read(attemptId, 0);
      await deps.trail.audit(audit(staff, 'attempt-viewed', attemptId, {}));
      return ok({
        tile: tileOf(found.value, deps.judgeBuild(found.value.build)),
        coverage: found.value.state.coverage,
        doubts: await doubtsOf(found.value, entries),
        late: await lateOf(found.value),
        identity: identityView(found.value, await enrolledView(found.value)),
        entries: [...entries],
        incidents: [...incidentViews(found.value), ...(await carriedViews(found.value))],
        commands: [...found.value.commands.values()].map(commandView),
      });
    },

    exportBundle: async (staff, attemptId) => {
      const found = await reach(staff, attemptId);
      if (!found.ok) return found;
      const { device } = found.value.registration;
      if (device === null) return refuse('not-found', 'the attempt was never opened');
      const entries = await deps.log.read(attemptId, 0);
      const evidence: Bundle['evidence'] = {};
      for (const still of await deps.records.stillsOf(attemptId)) {
        const body = await deps.stills.read(still.hash, still.mime);
        if (body === null) continue;
        evidence[still.hash] = {
          mime: still.mime,
          base64: Buffer.from(body).toString('base64'),
        };
      }
      const deletions = await deletionsOf(found.value);
      await deps.trail.audit(audit(staff, 'attempt-exported', attemptId, {}));
      return ok({
        format: 'atalaya-bundle-1',
        exportedAt: deps.clock.now(),
        attemptId,
        about: subjectLines(found.value.registration),
        publicKey: device.publicKey,
        entries: [...entries],
        evidence,
        given: await deps.given(found.value),
        ...(deletions.length > 0 ? { deletions: [...deletions] } : {}),
      });
    },

    still: async (staff, attemptId, hash) => {
      const found = await reach(staff, attemptId);
      if (!found.ok) return found;
      const still = await deps.records.still(attemptId, hash);
      const body = still === null ? null : await deps.stills.read(hash, still.mime);
      if (still === null || body === null) return refuse('not-found');
      await deps.trail.audit(audit(staff, 'still-viewed', attemptId, { hash }));
      return ok({ mime: still.mime, body });
    },

    identityPicture: async (staff, attemptId, what) => {
      const found = await reach(staff, attemptId);
      if (!found.ok) return found;
      const { examinee } = found.value.registration;
      const picture = await deps.enrolments.picture(examinee.id, 'active', what);
      if (picture === null) return refuse('not-found');
      await deps.trail.audit(audit(staff, `${what}-viewed`, attemptId, {}));
      return ok(picture);
    },
  };
};
