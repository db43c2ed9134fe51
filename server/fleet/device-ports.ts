import type { Scope } from '#server/people/rights.ts';
import type { AttemptId, DeviceId, Hash, RoomId, StaffId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { Passport } from '#shared/wire/passport.ts';

/** A device with all that is known of it besides its attempts. */
export interface DeviceRecord {
  readonly id: DeviceId;
  readonly name: string;
  readonly enrolledAt: EpochMs;
  readonly lastSeenAt: EpochMs | null;
  readonly revoked: { readonly at: EpochMs; readonly by: string; readonly reason: string } | null;
  readonly venue: { readonly id: string; readonly name: string } | null;
  /** Where it was enrolled for, else where it was last used. */
  readonly room: { readonly id: RoomId; readonly name: string } | null;
  readonly passport: Passport | null;
}

export interface StoredPassport {
  readonly at: EpochMs;
  readonly passport: Passport;
}

export interface NewEnrolmentCode {
  readonly codeHash: Hash;
  readonly expiresAt: EpochMs;
  readonly venueId: string | null;
  readonly roomId: RoomId | null;
  readonly createdAt: EpochMs;
  /** null for codes that were made on the server's own command line. */
  readonly createdBy: StaffId | null;
}

export interface AllowedBuild {
  readonly build: Hash;
  readonly label: string;
  readonly addedAt: EpochMs;
  readonly addedBy: string;
}

/** Devices, their passports, the codes that enrol them, and the builds that are allowed. */
export interface DeviceStore {
  list(scope: Scope): Promise<readonly DeviceRecord[]>;
  device(id: DeviceId): Promise<DeviceRecord | null>;
  /** Keeps the latest time. */
  seen(id: DeviceId, at: EpochMs): Promise<void>;
  /**
   * Adds the passport to the device's history, which keeps the newest `keep`.
   * @returns false when the newest one has the same digest: then nothing is stored.
   */
  addPassport(
    id: DeviceId,
    passport: Passport,
    digest: Hash,
    at: EpochMs,
    keep: number,
  ): Promise<boolean>;
  /** Newest first. */
  passports(id: DeviceId): Promise<readonly StoredPassport[]>;
  /** Attempts on the device whose shift ended at `since` or later. */
  attemptsSince(id: DeviceId, since: EpochMs): Promise<readonly AttemptId[]>;
  /**
   * Ends the device's token, and the sign-ins on it of the attempts that `ends` names.
   * @returns false when it was revoked before.
   */
  revoke(
    id: DeviceId,
    revocation: { readonly at: EpochMs; readonly by: string; readonly reason: string },
    ends: readonly string[],
  ): Promise<boolean>;
  addCodes(codes: readonly NewEnrolmentCode[]): Promise<void>;
  openCodes(scope: Scope, now: EpochMs): Promise<number>;
  /** @returns how many ended. */
  voidCodes(scope: Scope, now: EpochMs): Promise<number>;
  allowedBuilds(): Promise<readonly AllowedBuild[]>;
  /** Adds the build, or names it anew. */
  allowBuild(build: AllowedBuild): Promise<void>;
  /** @returns false when it was not on the list. */
  forbidBuild(build: Hash): Promise<boolean>;
}
