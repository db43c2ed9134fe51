import type { Place } from '#server/people/ports.ts';
import type { Accommodation } from '#shared/incident/accommodation.ts';
import type { Carried } from '#shared/incident/carried.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { AttemptId, DeviceId, ExamineeId, RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { SeatMap } from '#shared/wire/dashboard.ts';
import type { Contradiction } from '#shared/wire/doubt.ts';
import type { Full } from './quota.ts';

/** What the server was told about an attempt before it began: who, what, where, when. */
export interface Registration {
  readonly attemptId: AttemptId;
  readonly sessionId: SessionId;
  readonly seat: string;
  /** Extra time (Art. 55), ms. */
  readonly extraMs: number;
  /** What is different for this examinee; with `extraMs` over 0, `extra-time` is among them. Never the reason. */
  readonly accommodations: ReadonlySet<Accommodation>;
  readonly device: {
    readonly id: DeviceId;
    readonly name: string;
    readonly publicKey: string;
  } | null;
  /** null while the chain is whole; else why it is not. */
  readonly brokenReason: string | null;
  readonly verifiedSeq: number;
  /** What its ledger says against the server's own data. */
  readonly contradictions: readonly Contradiction[];
  /** What it carries on of an attempt on another device that staff let go; null when it is the first. */
  readonly carries: {
    readonly from: AttemptId;
    /** What was left of the examinee's time; null when the exam had not begun, ms. */
    readonly durationMs: number | null;
    /** Copy attempts that stood. */
    readonly copyAttempts: number;
    /** Which they are; null where that was not kept yet. */
    readonly carried: Carried | null;
  } | null;
  /** The attempt by which another device carries it on. */
  readonly carriedOnBy: AttemptId | null;
  /** What its kiosk sent more of than any exam has. */
  readonly full: Full | null;
  /** The address from which the kiosk was first heard. */
  readonly address: string | null;
  readonly examinee: { readonly id: ExamineeId; readonly name: string; readonly document: string };
  readonly room: {
    readonly id: RoomId;
    readonly name: string;
    readonly venueId: string;
    /** The venue's, a name of the IANA data base. */
    readonly timeZone: string;
  };
  readonly exam: {
    readonly id: string;
    readonly title: string;
    readonly instructions: string;
    readonly questionCount: number;
    readonly durationMs: number;
    readonly policy: Policy;
    readonly rulesVersion: string;
    /** How long pictures are kept after the claims closed, days. */
    readonly retentionDays: number;
    /** Whether the room sees small pictures now and then although nothing happened. */
    readonly thumbnails: boolean;
  };
  /** How the session checks identity. */
  readonly identity: { readonly check: 'face' | 'by-hand'; readonly challenge: boolean };
  readonly shift: { readonly startsAt: EpochMs; readonly endsAt: EpochMs };
}

export interface SessionPlace extends Place {
  readonly sessionId: SessionId;
}

export interface RoomRow {
  readonly id: RoomId;
  readonly name: string;
  readonly venueId: string;
  readonly venue: string;
  /** The venue's, a name of the IANA data base. */
  readonly timeZone: string;
  readonly seatMap: SeatMap;
  readonly sessions: readonly {
    readonly id: SessionId;
    readonly examTitle: string;
    readonly startsAt: EpochMs;
    readonly endsAt: EpochMs;
    readonly expected: number;
  }[];
}

/** Who sits what, where and when. */
export interface RegistryStore {
  registration(attemptId: AttemptId): Promise<Registration | null>;
  registrationsOfSession(sessionId: SessionId): Promise<readonly Registration[]>;
  /** Attempts of an examinee whose shift touches the span, by start. */
  registrationsOfExaminee(
    examineeId: ExamineeId,
    from: EpochMs,
    to: EpochMs,
  ): Promise<readonly Registration[]>;
  session(sessionId: SessionId): Promise<SessionPlace | null>;
  /** All rooms with the sessions that touch the span. */
  rooms(from: EpochMs, to: EpochMs): Promise<readonly RoomRow[]>;
  /** Keeps the first reason. */
  markBroken(attemptId: AttemptId, reason: string): Promise<void>;
  /** Keeps the first. */
  markFull(attemptId: AttemptId, what: Full): Promise<void>;
  /** Replaces what was kept. */
  setContradictions(attemptId: AttemptId, all: readonly Contradiction[]): Promise<void>;
  /**
   * Adds the attempt by which another device carries this one on: same person, session and seat.
   * @returns false when it is carried on already: then nothing is added.
   */
  carryOn(carries: NonNullable<Registration['carries']>, next: AttemptId): Promise<boolean>;
  setAddress(attemptId: AttemptId, address: string): Promise<void>;
}
