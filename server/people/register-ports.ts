import type { ExamineeId, RoomId, StaffId } from '#shared/kernel/ids.ts';
import type { Role } from '#shared/wire/roles.ts';

export interface StaffRow {
  readonly id: StaffId;
  readonly user: string;
  readonly name: string;
  readonly role: Role;
  readonly venueId: string | null;
  readonly roomIds: readonly RoomId[];
  readonly passwordHash: string;
}

export interface ExamineeRow {
  readonly id: ExamineeId;
  readonly name: string;
  readonly document: string;
  readonly secretHash: string;
}

/**
 * Puts people on the register. What it adds must be new and what it names must be there, else it throws: ask first, in
 * the same unit of work.
 */
export interface PeopleRegister {
  /** Which of these ids and users belong to staff already. */
  takenStaff(
    wanted: readonly Pick<StaffRow, 'id' | 'user'>[],
  ): Promise<{ readonly ids: ReadonlySet<string>; readonly users: ReadonlySet<string> }>;
  /** Which of these ids and documents belong to examinees already. */
  takenExaminees(
    wanted: readonly Pick<ExamineeRow, 'id' | 'document'>[],
  ): Promise<{ readonly ids: ReadonlySet<string>; readonly documents: ReadonlySet<string> }>;
  /** Which of these venues and rooms there are. */
  knownPlaces(ids: readonly string[]): Promise<ReadonlySet<string>>;
  addStaff(staff: readonly StaffRow[]): Promise<void>;
  addExaminees(examinees: readonly ExamineeRow[]): Promise<void>;
  /** What an examinee signs in with from now on. */
  setSecret(id: ExamineeId, secretHash: string): Promise<void>;
}
