import { maskDocument } from '#server/people/mask-document.ts';
import type { StaffMember } from '#server/people/ports.ts';
import { hasRight } from '#server/people/rights.ts';
import type { AuditRow, AuditTrail, ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { ServerLog } from '#server/platform/server-log.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { AttemptId, ExamineeId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { DeletionCertificate, KeptAttempts, Retention } from '#shared/wire/enrolment.ts';
import type { CertainTime } from './certain-time.ts';
import { isContested } from './contested.ts';
import type { Eraser } from './eraser.ts';
import type { ExamProcess, KeptAttempt, PrivacyStore, StillRow } from './ports.ts';
import { claimsOpen, deletesAt, enrolmentDeletesAt } from './retention-clock.ts';

const MOST_CERTIFICATES = 200;

export interface RetentionDeps {
  readonly privacy: PrivacyStore;
  readonly eraser: Eraser;
  readonly attempts: Pick<LiveAttempts, 'load'>;
  readonly store: UnitOfWork<{ readonly privacy: PrivacyStore; readonly trail: AuditTrail }>;
  readonly clock: ServerClock;
  readonly certain: Pick<CertainTime, 'now' | 'waits'>;
  readonly log: ServerLog;
}

export interface ClockChange {
  readonly claimsClosedAt: EpochMs | null;
  readonly retentionDays: number;
  readonly reason: string;
}

/** How long pictures are kept, who holds them, and their deletion. For staff with the right `privacy`, else `forbidden`. */
export interface RetentionClocks {
  list(staff: StaffMember): Promise<Result<Retention, Problem>>;
  keptAttempts(staff: StaffMember, examId: string): Promise<Result<KeptAttempts, Problem>>;
  /**
   * Sets when the claims closed and how long pictures are kept after it. Problems: `conflict` when claims would close
   * before the last shift ends; `not-in-this-stage` when that would delete at once what is contested.
   */
  setClock(staff: StaffMember, examId: string, change: ClockChange): Promise<Result<null, Problem>>;
  /** Holds what is kept of an attempt, or lets it go. */
  hold(
    staff: StaffMember,
    attemptId: AttemptId,
    change: { readonly held: boolean; readonly reason: string },
  ): Promise<Result<null, Problem>>;
  certificate(staff: StaffMember, id: string): Promise<Result<DeletionCertificate, Problem>>;
  /** Deletes what is over: pictures of closed processes, and the enrolments that no process needs any more. */
  sweep(): Promise<void>;
}

export const retentionClocks = (deps: RetentionDeps): RetentionClocks => {
  const { privacy, store, clock } = deps;

  const isOver = (process: ExamProcess, now: EpochMs): boolean => {
    const end = deletesAt(process);
    return end !== null && end <= now;
  };

  const pictures = (attempts: readonly KeptAttempt[]): number =>
    attempts.reduce((sum, { stills }) => sum + stills.length, 0);

  const entry = (
    actor: string,
    action: string,
    subject: string,
    detail: Readonly<Record<string, string | number | null>>,
  ): AuditRow => ({ at: clock.now(), actor, action, subject, detail });

  const anyContested = async (examId: string): Promise<boolean> => {
    for (const kept of await privacy.keptAttempts(examId)) {
      if (kept.held || kept.stills.length === 0) continue;
      const attempt = await deps.attempts.load(kept.attemptId);
      if (attempt !== null && isContested(attempt)) return true;
    }
    return false;
  };

  /** Whether nothing needs the person's enrolment any more. */
  const enrolmentIsOver = async (
    examineeId: ExamineeId,
    enrolledAt: EpochMs,
    now: EpochMs,
  ): Promise<boolean> => {
    const parts = await privacy.participations(examineeId);
    if (parts.some(({ held }) => held)) return false;
    const end = enrolmentDeletesAt(enrolledAt, parts);
    return end !== null && end <= now;
  };

  const sweepPerson = async (
    examineeId: ExamineeId,
    stills: readonly StillRow[],
    enrolledAt: EpochMs | undefined,
    now: EpochMs,
  ): Promise<void> => {
    const enrolment =
      enrolledAt !== undefined && (await enrolmentIsOver(examineeId, enrolledAt, now));
    if (!enrolment && stills.length === 0) return;
    try {
      await deps.eraser.erase({
        examineeId,
        reason: 'retention-over',
        actor: 'server',
        enrolment,
        stills,
      });
    } catch (error) {
      // The next sweep tries again; the others are not kept waiting.
      deps.log('error', 'retention: not deleted', { examineeId, error });
    }
  };

  const sweep = async (): Promise<void> => {
    const now = await deps.certain.now();
    const over = (await privacy.processes()).filter((process) => isOver(process, now));
    const stills = new Map<ExamineeId, StillRow[]>();
    for (const { examId } of over) {
      for (const kept of await privacy.keptAttempts(examId)) {
        if (kept.held || kept.stills.length === 0) continue;
        const { id } = kept.examinee;
        stills.set(id, [...(stills.get(id) ?? []), ...kept.stills]);
      }
    }
    const enrolled = new Map(
      (await privacy.enrolled()).map(({ examineeId, at }) => [examineeId, at]),
    );
    for (const examineeId of new Set([...stills.keys(), ...enrolled.keys()])) {
      await sweepPerson(examineeId, stills.get(examineeId) ?? [], enrolled.get(examineeId), now);
    }
    for (const process of over) {
      if (process.deletedAt !== null) continue;
      if (pictures(await privacy.keptAttempts(process.examId)) > 0) continue;
      await store.transaction(async (tx) => {
        await tx.privacy.setDeleted(process.examId, clock.now());
        await tx.trail.audit(entry('server', 'process-deleted', process.examId, {}));
      });
    }
  };

  return {
    list: async (staff) => {
      if (!hasRight(staff, 'privacy')) return refuse('forbidden');
      const processes: Retention['processes'] = [];
      for (const process of await privacy.processes()) {
        const attempts = await privacy.keptAttempts(process.examId);
        processes.push({
          examId: process.examId,
          title: process.title,
          retentionDays: process.retentionDays,
          claimsClosedAt: process.claimsClosedAt,
          deletesAt: deletesAt(process),
          held: attempts.filter(({ held }) => held).length,
          pictures: pictures(attempts),
          deletedAt: process.deletedAt,
        });
      }
      const certificates = await privacy.certificates(MOST_CERTIFICATES);
      return ok({
        clockWaits: await deps.certain.waits(),
        processes,
        certificates: certificates.map((row) => ({ ...row })),
      });
    },

    keptAttempts: async (staff, examId) => {
      if (!hasRight(staff, 'privacy')) return refuse('forbidden');
      if ((await privacy.process(examId)) === null) return refuse('not-found');
      const attempts = await privacy.keptAttempts(examId);
      return ok({
        attempts: attempts
          .filter(({ held, stills }) => held || stills.length > 0)
          .map(({ attemptId, examinee, startsAt, stills, held }) => ({
            attemptId,
            name: examinee.name,
            documentMasked: maskDocument(examinee.document),
            startedAt: startsAt,
            pictures: stills.length,
            held,
          })),
      });
    },

    setClock: async (staff, examId, { claimsClosedAt, retentionDays, reason }) => {
      if (!hasRight(staff, 'privacy')) return refuse('forbidden');
      const process = await privacy.process(examId);
      if (process === null) return refuse('not-found');
      if (claimsClosedAt !== null && claimsClosedAt < (process.lastShiftEndsAt ?? 0)) {
        return refuse('conflict', 'a shift ends after that');
      }
      const end = deletesAt({ claimsClosedAt, retentionDays });
      const now = clock.now();
      // What an examinee objected to is not gone in the hour in which somebody declares the claims closed.
      const atOnce = end !== null && end <= now && claimsOpen(process, now);
      if (atOnce && (await anyContested(examId))) {
        return refuse('not-in-this-stage', 'something is contested: hold it, or keep it longer');
      }
      await store.transaction(async (tx) => {
        const set = { claimsClosedAt, retentionDays };
        await tx.privacy.setClock(examId, set);
        await tx.trail.audit(entry(staff.id, 'retention-set', examId, { ...set, reason }));
      });
      return ok(null);
    },

    hold: async (staff, attemptId, { held, reason }) => {
      if (!hasRight(staff, 'privacy')) return refuse('forbidden');
      if ((await deps.attempts.load(attemptId)) === null) return refuse('not-found');
      await store.transaction(async (tx) => {
        if (held) await tx.privacy.hold(attemptId, staff.id, reason, clock.now());
        else await tx.privacy.release(attemptId);
        const action = held ? 'attempt-held' : 'attempt-let-go';
        await tx.trail.audit(entry(staff.id, action, attemptId, { reason }));
      });
      return ok(null);
    },

    certificate: async (staff, id) => {
      if (!hasRight(staff, 'privacy')) return refuse('forbidden');
      const certificate = await privacy.certificate(id);
      return certificate === null ? refuse('not-found') : ok(certificate);
    },

    sweep,
  };
};
