import type { ReadEnrolment } from '#server/identity/active-enrolment.ts';
import type { EnrolmentOwner } from '#server/identity/enrolment.ts';
import { refuse } from '#server/platform/problems.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { DeletionCertificate, KeptData } from '#shared/wire/enrolment.ts';
import { subjectOf } from './certificates.ts';
import type { NeededForClaims } from './contested.ts';
import type { Eraser } from './eraser.ts';
import type { Participation, PrivacyStore } from './ports.ts';
import { deletesAt, enrolmentDeletesAt } from './retention-clock.ts';

const MOST_LOOKS = 200;

export interface KeptDataDeps {
  readonly readEnrolment: ReadEnrolment;
  readonly privacy: PrivacyStore;
  readonly eraser: Eraser;
  readonly neededForClaims: NeededForClaims;
}

/** What a person may see and do about what is kept of them. */
export interface OwnData {
  show(owner: EnrolmentOwner): Promise<KeptData>;
  /**
   * Withdraws the consent: template, portrait and document go at once. Problems: `forbidden` with a room code
   * (staff could use it), `not-found` when there is no enrolment, `not-in-this-stage` while an attempt is held or
   * contested.
   */
  withdraw(owner: EnrolmentOwner): Promise<Result<DeletionCertificate, Problem>>;
  /** `not-found` also for somebody else's. */
  certificate(owner: EnrolmentOwner, id: string): Promise<Result<DeletionCertificate, Problem>>;
}

type Row = KeptData['rows'][number];

/** One list per exam, in the order of the exams' first shifts. */
const byExam = (parts: readonly Participation[]): readonly (readonly Participation[])[] => {
  const exams = new Map<string, Participation[]>();
  for (const part of parts) exams.set(part.examId, [...(exams.get(part.examId) ?? []), part]);
  return [...exams.values()];
};

export const ownData = (deps: KeptDataDeps): OwnData => {
  const { privacy } = deps;

  const enrolmentRows = async (
    { examineeId }: EnrolmentOwner,
    parts: readonly Participation[],
  ): Promise<readonly Row[]> => {
    const kept = (
      await Promise.all([
        deps.readEnrolment(examineeId, 'active'),
        deps.readEnrolment(examineeId, 'waiting'),
      ])
    ).filter((one) => one !== null);
    if (kept.length === 0) return [];
    const times = kept.map(({ at }) => at);
    const held = parts.some((part) => part.held);
    const until = held ? null : enrolmentDeletesAt(Math.max(...times), parts);
    return (['template', 'portrait', 'document', 'consent'] as const).map((what) => ({
      what,
      count: kept.length,
      since: Math.min(...times),
      until,
      held,
      exam: null,
    }));
  };

  const examRows = async (
    { examineeId }: EnrolmentOwner,
    parts: readonly Participation[],
  ): Promise<readonly Row[]> => {
    const stills = await privacy.stillsOf(examineeId);
    const ledgers = await privacy.ledgersOf(examineeId);
    return byExam(parts).flatMap((exam) => {
      const [first] = exam;
      if (first === undefined) return [];
      const of = <T extends { readonly attemptId: string }>(rows: readonly T[]) =>
        rows.filter((row) => exam.some(({ attemptId }) => attemptId === row.attemptId));
      const pictures = of(stills);
      const entries = of(ledgers);
      const held = exam.some((part) => part.held);
      const rows: Row[] = [];
      if (pictures.length > 0) {
        rows.push({
          what: 'stills',
          count: pictures.length,
          since: Math.min(...pictures.map(({ storedAt }) => storedAt)),
          until: held ? null : deletesAt(first),
          held,
          exam: first.title,
        });
      }
      if (entries.length > 0) {
        rows.push({
          what: 'ledger',
          count: entries.reduce((sum, ledger) => sum + ledger.entries, 0),
          since: Math.min(...entries.map(({ since }) => since)),
          until: null,
          held,
          exam: first.title,
        });
      }
      return rows;
    });
  };

  return {
    show: async (owner) => {
      const parts = await privacy.participations(owner.examineeId);
      const certificates = await privacy.certificatesOf(subjectOf(owner.examineeId));
      return {
        rows: [...(await enrolmentRows(owner, parts)), ...(await examRows(owner, parts))],
        looks: [...(await privacy.looksAt(owner.examineeId, MOST_LOOKS))],
        certificates: certificates.map(({ id, at }) => ({ id, at })),
      };
    },

    withdraw: async ({ examineeId, roomStaffId }) => {
      if (roomStaffId !== null) return refuse('forbidden', 'not with a room code');
      if (await deps.neededForClaims(examineeId)) {
        return refuse('not-in-this-stage', 'an attempt is held or contested');
      }
      const certificate = await deps.eraser.erase({
        examineeId,
        reason: 'consent-withdrawn',
        actor: examineeId,
        enrolment: true,
        stills: [],
      });
      return certificate === null ? refuse('not-found') : ok(certificate);
    },

    certificate: async ({ examineeId }, id) => {
      const found = await privacy.certificate(id);
      return found === null || found.subject !== subjectOf(examineeId)
        ? refuse('not-found')
        : ok(found);
    },
  };
};
