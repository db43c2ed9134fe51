import type { ReadEnrolment } from '#server/identity/active-enrolment.ts';
import type { EnrolmentStore } from '#server/identity/ports.ts';
import { maskDocument } from '#server/people/mask-document.ts';
import type { StaffMember } from '#server/people/ports.ts';
import { hasRight, may } from '#server/people/rights.ts';
import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import { subjectOf } from '#server/privacy/certificates.ts';
import type { PrivacyStore } from '#server/privacy/ports.ts';
import type { ReadGiven } from '#server/record/given.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { EntryLog, RecordStore, StillFiles, StoredStill } from '#server/record/ports.ts';
import type { Registration } from '#server/record/registry-ports.ts';
import { evidenceOf } from '#shared/attempt/apply-entry.ts';
import type { AttemptId, CommandId, Hash } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { Command, IssuedCommand } from '#shared/wire/command.ts';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import { breakOf } from '#shared/wire/doubt.ts';
import type { DeletionCertificate } from '#shared/wire/enrolment.ts';
import type { Bundle, CommandRequest } from '#shared/wire/http.ts';
import type { Right } from '#shared/wire/roles.ts';
import { endingRefusal } from './ending-refusal.ts';
import type { JudgeBuild, RoomHub } from './room-hub.ts';
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
  readonly hub: Pick<RoomHub, 'changed'>;
  readonly judgeBuild: JudgeBuild;
  readonly given: ReadGiven;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

/**
 * What staff may see of an attempt and do with it. Problems: `forbidden` when the role has no such
 * right, `not-found` when there is no such attempt or it is out of the person's reach (alike, so that
 * ids cannot be probed).
 */
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
  /**
   * Keeps the command until the kiosk's ledger answers it, and sends it when the kiosk is there. The
   * person's key names the order: a repetition changes nothing and gets the same id, however many
   * arrive at once; the key with another order is a `conflict`.
   */
  command(
    staff: StaffMember,
    attemptId: AttemptId,
    order: CommandRequest,
  ): Promise<Result<{ readonly id: CommandId }, Problem>>;
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
  const reach = async (
    staff: StaffMember,
    attemptId: AttemptId,
    right: Right,
  ): Promise<Result<LiveAttempt, Problem>> => {
    if (!hasRight(staff, right)) return refuse('forbidden');
    const attempt = await deps.attempts.load(attemptId);
    if (attempt === null) return refuse('not-found');
    const { room } = attempt.registration;
    if (!may(staff, right, { roomId: room.id, venueId: room.venueId })) return refuse('not-found');
    return ok(attempt);
  };

  const enrolledView = async ({
    registration,
  }: LiveAttempt): Promise<AttemptDetail['identity']['enrolled']> => {
    const active = await deps.readEnrolment(registration.examinee.id);
    if (active === null) return null;
    const { at, documentKind, documentQr } = active;
    return { at, portrait: true, document: documentKind, documentQr };
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
      const found = await reach(staff, attemptId, 'inspect');
      if (!found.ok) return found;
      const entries = await deps.log.read(attemptId, 0);
      await deps.trail.audit(audit(staff, 'attempt-viewed', attemptId, {}));
      return ok({
        tile: tileOf(found.value, deps.judgeBuild(found.value.build)),
        coverage: found.value.state.coverage,
        doubts: await doubtsOf(found.value, entries),
        identity: identityView(found.value, await enrolledView(found.value)),
        entries: [...entries],
        incidents: [...incidentViews(found.value)],
        commands: [...found.value.commands.values()].map(commandView),
      });
    },

    exportBundle: async (staff, attemptId) => {
      const found = await reach(staff, attemptId, 'inspect');
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
      const found = await reach(staff, attemptId, 'inspect');
      if (!found.ok) return found;
      const still = await deps.records.still(attemptId, hash);
      const body = still === null ? null : await deps.stills.read(hash, still.mime);
      if (still === null || body === null) return refuse('not-found');
      await deps.trail.audit(audit(staff, 'still-viewed', attemptId, { hash }));
      return ok({ mime: still.mime, body });
    },

    identityPicture: async (staff, attemptId, what) => {
      const found = await reach(staff, attemptId, 'inspect');
      if (!found.ok) return found;
      const { examinee } = found.value.registration;
      const picture = await deps.enrolments.picture(examinee.id, 'active', what);
      if (picture === null) return refuse('not-found');
      await deps.trail.audit(audit(staff, `${what}-viewed`, attemptId, {}));
      return ok(picture);
    },

    command: async (staff, attemptId, { key, command }) => {
      const found = await reach(staff, attemptId, 'command');
      if (!found.ok) return found;
      const attempt = found.value;
      const fault = faultOf(command);
      if (fault !== null) return refuse('bad-request', fault);
      const ending = command.type === 'close' ? command.ending : undefined;
      const endedSeq = ending === undefined ? undefined : attempt.state.seq;
      const refusal = ending === undefined ? null : endingRefusal(attempt);
      if (refusal !== null) {
        const first = await deps.records.commandByKey(staff.id, key);
        return first === null ? refusal : repeated(first, attemptId, command);
      }
      if (command.type === 'dismiss' && !isCopyAttempt(attempt, command.incidentId)) {
        return refuse('not-found', 'no copy attempt with this incident');
      }
      const issued: IssuedCommand = {
        id: `command-${deps.random.uuid()}` as CommandId,
        attemptId,
        issuedAt: deps.clock.now(),
        issuedBy: { id: staff.id, name: staff.name, role: staff.role },
        command,
      };
      const stored = await deps.records.addCommand(
        issued,
        key,
        audit(staff, `command-${command.type}`, attemptId, {
          commandId: issued.id,
          text: textOf(command),
          ...(ending === undefined ? {} : { ending, seq: String(endedSeq) }),
        }),
        endedSeq,
      );
      if (!stored) {
        const first = await deps.records.commandByKey(staff.id, key);
        return first === null ? refuse('conflict') : repeated(first, attemptId, command);
      }
      attempt.commands.set(issued.id, {
        issued,
        state: 'sent',
        ...(endedSeq === undefined ? {} : { endedSeq }),
      });
      attempt.presence.link?.send({ type: 'command', issued });
      deps.hub.changed(attempt, { commands: [issued.id] });
      return ok({ id: issued.id });
    },
  };
};

const textOf = (command: Command): string =>
  command.type === 'message' ? command.text : command.reason;

/** Why no kiosk could carry the command out, or null. */
const faultOf = (command: Command): string | null => {
  if (!textOf(command).isWellFormed()) return 'half a character: no ledger could take the command';
  if (command.type !== 'identity') return null;
  const { decision, authorisedBy } = command;
  if (authorisedBy?.isWellFormed() === false) return 'half a character in authorisedBy';
  // Art. 31: an alternative to the document names who authorised it; nothing else does.
  return (decision === 'authorised-alternative') === (authorisedBy !== null)
    ? null
    : 'authorisedBy goes with authorised-alternative, and only with it';
};

/** The answer to an order whose key was used before. */
const repeated = (
  first: IssuedCommand,
  attemptId: AttemptId,
  command: Command,
): Result<{ readonly id: CommandId }, Problem> =>
  first.attemptId === attemptId && canonicalText(first.command) === canonicalText(command)
    ? ok({ id: first.id })
    : refuse('conflict', 'the key belongs to another order');

/** Whether the incident, or another one of its episode, counted as a copy attempt. */
const isCopyAttempt = (attempt: LiveAttempt, incidentId: string): boolean => {
  const { incidents } = attempt.state;
  const episode = incidents.find(({ id }) => id === incidentId)?.episodeId;
  return incidents.some((i) => i.episodeId === episode && i.copyAttempt !== null);
};
