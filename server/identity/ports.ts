import type { Template } from '#shared/identity/face-capture.ts';
import type { AttemptId, ExamineeId, Hash, RoomId, StaffId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { DeletionCertificate, DocumentKind, Look } from '#shared/wire/enrolment.ts';
import type { Role } from '#shared/wire/roles.ts';

/** `active`: what a match uses. `waiting`: a re-enrolment that staff have to approve. */
export type Slot = 'active' | 'waiting';

/** An enrolment without its pictures. */
export interface Enrolment {
  readonly at: EpochMs;
  readonly template: Template;
  readonly documentKind: DocumentKind;
  readonly documentQr: string | null;
  readonly consent: { readonly version: string; readonly locale: 'es' | 'en' };
  /** The member of staff who was beside the person; null for the person alone. */
  readonly submittedBy: StaffId | null;
  /** Distance to the template that counted then; null for the first. */
  readonly changeDistance: number | null;
}

export interface NewEnrolment extends Enrolment {
  readonly id: string;
  readonly examineeId: ExamineeId;
  /** JPEG files. */
  readonly portrait: Uint8Array;
  readonly document: Uint8Array;
}

export interface EnrolmentPerson {
  readonly id: ExamineeId;
  readonly name: string;
  readonly document: string;
}

/** Where the person sits an exam, for the reach of staff and for the dates of a venue. */
export interface Sitting {
  readonly roomId: RoomId;
  readonly venueId: string;
  readonly endsAt: EpochMs;
}

/** A person as staff finds them; without template and pictures. */
export interface EnrolmentRow extends EnrolmentPerson {
  readonly active: { readonly at: EpochMs; readonly documentKind: DocumentKind } | null;
  readonly waiting: {
    readonly at: EpochMs;
    readonly documentKind: DocumentKind;
    readonly changeDistance: number | null;
  } | null;
  readonly rejectedAt: EpochMs | null;
  readonly sittings: readonly Sitting[];
}

/** How far a look for people reaches. */
export type PeopleReach =
  | 'all'
  | { readonly venueId: string; readonly endedAfter: EpochMs }
  | { readonly roomIds: readonly RoomId[]; readonly endedAfter: EpochMs };

export interface RemovedValue {
  readonly what: 'template' | 'portrait' | 'document';
  /** Of the picture in clear; null for a template. */
  readonly hash: Hash | null;
  readonly bytes: number;
}

/** Enrolments, encrypted at rest; their tokens, room codes and dates. Tokens and codes are stored as SHA-256 only. */
export interface EnrolmentStore {
  person(examineeId: ExamineeId): Promise<EnrolmentPerson | null>;
  sittings(examineeId: ExamineeId): Promise<readonly Sitting[]>;
  /** Dates for everybody and for these venues, by opening. */
  windows(
    venueIds: readonly string[],
  ): Promise<readonly { readonly opensAt: EpochMs; readonly closesAt: EpochMs }[]>;
  /** A new token ends the one before. */
  openToken(token: {
    readonly tokenHash: Hash;
    readonly examineeId: ExamineeId;
    readonly roomStaffId: StaffId | null;
    readonly expiresAt: EpochMs;
  }): Promise<void>;
  tokenOwner(
    tokenHash: Hash,
    now: EpochMs,
  ): Promise<{ readonly examineeId: ExamineeId; readonly roomStaffId: StaffId | null } | null>;
  /** A new code ends those that nobody used. */
  addRoomCode(code: {
    readonly codeHash: Hash;
    readonly examineeId: ExamineeId;
    readonly expiresAt: EpochMs;
    readonly createdBy: StaffId;
  }): Promise<void>;
  /** Uses the code up. Atomic: it opens one page. */
  takeRoomCode(
    codeHash: Hash,
    now: EpochMs,
  ): Promise<{ readonly examineeId: ExamineeId; readonly createdBy: StaffId } | 'unknown' | 'used'>;

  slots(examineeId: ExamineeId): Promise<ReadonlySet<Slot>>;
  /** @throws when it was changed by hand or sealed with another key. */
  enrolment(examineeId: ExamineeId, slot: Slot): Promise<Enrolment | null>;
  picture(
    examineeId: ExamineeId,
    slot: Slot,
    what: 'portrait' | 'document',
  ): Promise<Uint8Array | null>;
  rejection(
    examineeId: ExamineeId,
  ): Promise<{ readonly at: EpochMs; readonly reason: string } | null>;
  /**
   * Stores the enrolment: the first becomes active at once, every other waits and takes the place of one that
   * waited before.
   */
  save(enrolment: NewEnrolment): Promise<Slot>;
  /** The waiting one becomes the active one. @returns false when none waits. */
  approve(examineeId: ExamineeId, by: StaffId, now: EpochMs): Promise<boolean>;
  /** Deletes the waiting one and keeps why. @returns false when none waits. */
  reject(examineeId: ExamineeId, by: StaffId, reason: string, now: EpochMs): Promise<boolean>;
  /** What a deletion would delete of the person's enrolments. */
  removable(examineeId: ExamineeId): Promise<readonly RemovedValue[]>;
  /** Re-enrolments that wait, oldest first, or people by words of the name or the document's beginning; at most `limit`. */
  people(
    filter: { readonly waiting: true } | { readonly search: string },
    reach: PeopleReach,
    limit: number,
  ): Promise<readonly EnrolmentRow[]>;
}

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

/** One deletion, all or nothing: what goes, the certificate, and the trail's row. */
export interface Deletion {
  readonly certificate: DeletionCertificate;
  readonly examineeId: ExamineeId;
  readonly enrolment: boolean;
  readonly stills: readonly StillRow[];
  readonly actor: string;
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
  remove(deletion: Deletion): Promise<void>;
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
