import type { Template } from '#shared/identity/face-capture.ts';
import type { ExamineeId, Hash, RoomId, StaffId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { DocumentKind } from '#shared/wire/enrolment.ts';

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
  /** Where the photo of the document may show none: how many the page refused before it. null without a doubt. */
  readonly documentDoubt: number | null;
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
  /** Deletes the person's enrolments, and that one was rejected. */
  remove(examineeId: ExamineeId): Promise<void>;
  /** What a deletion would delete of the person's enrolments. */
  removable(examineeId: ExamineeId): Promise<readonly RemovedValue[]>;
  /** Re-enrolments that wait, oldest first, or people by words of the name or the document's beginning; at most `limit`. */
  people(
    filter: { readonly waiting: true } | { readonly search: string },
    reach: PeopleReach,
    limit: number,
  ): Promise<readonly EnrolmentRow[]>;
}

/** How long what is kept of the person stays after the claims closed, days. Privacy says so, above this feature. */
export type RetentionDays = (examineeId: ExamineeId) => Promise<number>;
