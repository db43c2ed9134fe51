import type { AttemptId, DeviceId, ExamineeId, Hash, RoomId, StaffId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { Role } from '#shared/wire/roles.ts';

/** Slow, salted password hashing. */
export interface Passwords {
  hash(plain: string): Promise<string>;
  /** False also for a hash that cannot be read. */
  verify(hash: string, plain: string): Promise<boolean>;
}

export interface StaffMember {
  readonly id: StaffId;
  readonly name: string;
  readonly role: Role;
  readonly venueId: string | null;
  readonly roomIds: readonly RoomId[];
}

export interface EnrolledDevice {
  readonly id: DeviceId;
  readonly name: string;
  readonly publicKey: string;
}

/** Where something happens, as far as rights reach. */
export interface Place {
  readonly roomId: RoomId;
  readonly venueId: string;
}

/** Sign-ins, tokens and devices. Tokens and codes are stored as SHA-256 only. */
export interface AccessStore {
  /** Whose days and hours a venue has; for null, or a venue that there is not, the zone that most venues have. */
  timeZone(venueId: string | null): Promise<string>;
  /** Uses the code up and enrols the device, or says why not. Atomic: two devices never share a code. */
  enrol(
    codeHash: Hash,
    device: EnrolledDevice & { readonly tokenHash: Hash },
    now: EpochMs,
  ): Promise<'enrolled' | 'unknown' | 'used'>;
  /** null also when it was revoked. */
  deviceByToken(tokenHash: Hash): Promise<EnrolledDevice | null>;
  examineeByDocument(
    document: string,
  ): Promise<{ readonly id: ExamineeId; readonly secretHash: string } | null>;
  /** Gives the attempt to the device: tokens issued before to others stop working. */
  openAttempt(token: {
    readonly tokenHash: Hash;
    readonly attemptId: AttemptId;
    readonly deviceId: DeviceId;
    readonly expiresAt: EpochMs;
    readonly now: EpochMs;
  }): Promise<void>;
  attemptByToken(tokenHash: Hash, now: EpochMs): Promise<AttemptId | null>;
  staffByUser(
    user: string,
  ): Promise<{ readonly id: StaffId; readonly passwordHash: string } | null>;
  staff(id: StaffId): Promise<StaffMember | null>;
  openStaffSession(tokenHash: Hash, staffId: StaffId, now: EpochMs): Promise<void>;
  staffSession(tokenHash: Hash): Promise<{
    readonly staffId: StaffId;
    readonly openedAt: EpochMs;
    readonly lastSeenAt: EpochMs;
  } | null>;
  touchStaffSession(tokenHash: Hash, now: EpochMs): Promise<void>;
  closeStaffSession(tokenHash: Hash): Promise<void>;
  /** Ends all sessions of a person. @returns which. */
  closeStaffSessions(staffId: StaffId): Promise<readonly Hash[]>;
}
