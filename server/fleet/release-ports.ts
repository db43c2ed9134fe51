import type { DeviceId, RoomId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { Arch, Platform, ReleaseManifest, SignedText } from '#shared/wire/release.ts';

/** A system that releases are made for. */
export interface ReleaseTarget {
  readonly platform: Platform;
  readonly arch: Arch;
}

export interface StoredRelease extends ReleaseTarget {
  readonly version: string;
  /** As it was signed. */
  readonly signed: SignedText;
  /** What the signed text says. */
  readonly manifest: ReleaseManifest;
  readonly addedAt: EpochMs;
  readonly addedBy: string;
  /** null while it may be offered. */
  readonly withdrawn: { readonly at: EpochMs; readonly reason: string } | null;
}

/** Whom a stage is for, the narrowest first: the narrowest that fits a device counts. */
export const STAGE_SCOPES = ['device', 'room', 'venue', 'channel', 'all'] as const;
export type StageScope = (typeof STAGE_SCOPES)[number];

/** Which version is offered to whom. */
export interface Stage extends ReleaseTarget {
  readonly scope: StageScope;
  /** Id of the device, room or venue, name of the channel; empty for `all`. */
  readonly scopeId: string;
  readonly version: string;
  /** Signed leave for kiosks that must go back to this version. */
  readonly permit: SignedText | null;
  readonly setAt: EpochMs;
  readonly setBy: string;
}

/** What a device last said of itself. */
export interface DeviceVersion extends ReleaseTarget {
  readonly deviceId: DeviceId;
  readonly version: string;
  /** What it was offered; null for nothing. */
  readonly offered: string | null;
  readonly askedAt: EpochMs;
}

/** Where a device stands, as far as the server knows. */
export interface DevicePlace {
  readonly roomId: RoomId;
  readonly venueId: string;
}

export interface ReleaseStore {
  /** @returns false when the version is already there for the target: releases are never replaced. */
  add(release: Omit<StoredRelease, 'withdrawn'>): Promise<boolean>;
  list(): Promise<readonly StoredRelease[]>;
  /** @returns false when there is no such release, or it was withdrawn before. */
  withdraw(
    target: ReleaseTarget,
    version: string,
    by: { readonly at: EpochMs; readonly reason: string },
  ): Promise<boolean>;
  stages(): Promise<readonly Stage[]>;
  /** Replaces what the scope was offered before. */
  setStage(stage: Stage): Promise<void>;
  /** @returns false when there was none. */
  clearStage(target: ReleaseTarget, scope: StageScope, scopeId: string): Promise<boolean>;
  /** By the room that it names (id or name), else by the last attempt that it was used for. */
  placeOf(deviceId: DeviceId, room: string | null): Promise<DevicePlace | null>;
  /** The venue of a room, a device or of itself; null when there is none. */
  venueOf(scope: StageScope, scopeId: string): Promise<string | null>;
  note(seen: DeviceVersion): Promise<void>;
  seen(): Promise<readonly (DeviceVersion & { readonly name: string })[]>;
}

/** The files of the releases. */
export interface ReleaseFiles {
  /** Path of a file; null when it is not there or not as long as it should be. */
  find(target: ReleaseTarget, version: string, name: string, bytes: number): Promise<string | null>;
}
