import type { EnrolmentPerson } from '#server/identity/ports.ts';
import type { AttemptId, ExamineeId, Hash, StaffId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { DeletionCertificate, Look } from '#shared/wire/enrolment.ts';
import type { Role } from '#shared/wire/roles.ts';

/** What an exam process keeps of an attempt, and how long. */
export interface KeptAttempt {
  readonly attemptId: AttemptId;
  readonly examinee: EnrolmentPerson;
  readonly startsAt: EpochMs;
  readonly stills: readonly StillRow[];
  readonly held: boolean;
}

export interface StillRow {
  readonly attemptId: AttemptId;
  readonly hash: Hash;
  readonly mime: 'image/jpeg' | 'image/png';
  readonly bytes: number;
  readonly storedAt: EpochMs;
}

export interface ExamProcess {
  readonly examId: string;
  readonly title: string;
  readonly retentionDays: number;
  readonly claimsClosedAt: EpochMs | null;
  readonly deletedAt: EpochMs | null;
  /** When its last shift ends; null without a shift. */
  readonly lastShiftEndsAt: EpochMs | null;
}

/** What a person takes part in. */
export interface Participation extends ExamProcess {
  readonly attemptId: AttemptId;
  readonly startsAt: EpochMs;
  readonly held: boolean;
}

/** Retention clocks, holds, deletions and their certificates, and who looked at what. */
export interface PrivacyStore {
  processes(): Promise<readonly ExamProcess[]>;
  process(examId: string): Promise<ExamProcess | null>;
  setClock(
    examId: string,
    clock: { readonly claimsClosedAt: EpochMs | null; readonly retentionDays: number },
  ): Promise<void>;
  setDeleted(examId: string, at: EpochMs): Promise<void>;
  keptAttempts(examId: string): Promise<readonly KeptAttempt[]>;
  participations(examineeId: ExamineeId): Promise<readonly Participation[]>;
  /** Stills of all attempts of the person. */
  stillsOf(examineeId: ExamineeId): Promise<readonly StillRow[]>;
  /** How many ledger entries there are of each attempt of the person, and since when. */
  ledgersOf(examineeId: ExamineeId): Promise<
    readonly {
      readonly attemptId: AttemptId;
      readonly entries: number;
      readonly since: EpochMs;
    }[]
  >;
  /** Everybody with an enrolment. */
  enrolled(): Promise<readonly { readonly examineeId: ExamineeId; readonly at: EpochMs }[]>;
  hold(attemptId: AttemptId, by: StaffId, reason: string, now: EpochMs): Promise<void>;
  release(attemptId: AttemptId): Promise<void>;
  /** Whether another attempt than these rows keeps the same file. */
  sharedFile(still: StillRow, deleting: readonly StillRow[]): Promise<boolean>;
  /** Forgets the stills and keeps the certificate of the deletion. */
  remove(certificate: DeletionCertificate, stills: readonly StillRow[]): Promise<void>;
  /** Empties the database's log, in which what was deleted still is. */
  emptyLog(): Promise<void>;
  certificate(id: string): Promise<DeletionCertificate | null>;
  certificates(limit: number): Promise<readonly CertificateRow[]>;
  certificatesOf(subject: Hash): Promise<readonly CertificateRow[]>;
  /** Looks at pictures of the person, newest first. */
  looksAt(examineeId: ExamineeId, limit: number): Promise<readonly LookRow[]>;
}

export interface CertificateRow {
  readonly id: string;
  readonly at: EpochMs;
  readonly reason: string;
  readonly items: number;
}

export interface LookRow {
  readonly at: EpochMs;
  readonly role: Role;
  readonly what: Look;
}
