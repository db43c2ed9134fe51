import type { Shift } from '#shared/exam/shift.ts';
import type { Accommodation } from '#shared/incident/accommodation.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { AttemptId, ExamineeId, RoomId, SessionId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { SeatMap } from '#shared/wire/dashboard.ts';

export interface VenueRow {
  readonly id: string;
  readonly name: string;
  /** A name of the IANA data base: whose days and hours the venue has. */
  readonly timeZone: string;
}

export interface PlannedRoom {
  readonly id: RoomId;
  readonly venueId: string;
  readonly name: string;
  readonly seatMap: SeatMap;
}

export interface PlannedExam {
  readonly id: string;
  readonly title: string;
  readonly instructions: string;
  readonly questionCount: number;
  readonly durationMs: number;
  readonly rulesVersion: string;
  readonly policy: Policy;
  readonly thumbnails: boolean;
  /** The bank as it now stands, JSON text. */
  readonly bank: string;
  /** Seeds its forms; random, base64url. */
  readonly formSecret: string;
}

export interface PlannedSession {
  readonly id: SessionId;
  readonly examId: string;
  readonly roomId: RoomId;
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  readonly identity: { readonly check: 'face' | 'by-hand'; readonly challenge: boolean };
}

export interface PlannedAttempt {
  readonly id: AttemptId;
  readonly sessionId: SessionId;
  readonly examineeId: ExamineeId;
  readonly seat: string;
  readonly extraMs: number;
  /** Without `extra-time`, which `extraMs` says. */
  readonly accommodations: readonly Accommodation[];
}

/** Where the attempts of a session may sit, and who does already. */
export interface Seating {
  readonly sessionId: SessionId;
  /** Labels of the room's seats. */
  readonly seats: readonly string[];
  readonly taken: readonly { readonly seat: string; readonly examineeId: ExamineeId }[];
}

/**
 * The plan of exams: where, what, when, and who sits on which seat. What is added must be new and what it names must
 * be there, else it throws: ask first, in the same unit of work.
 */
export interface PlanStore {
  /** Whether there is no venue yet. */
  isEmpty(): Promise<boolean>;
  /** Whether something was imported under this name. */
  wasImported(subject: string): Promise<boolean>;
  /** @returns false when there is no such venue. */
  setTimeZone(venueId: string, timeZone: string): Promise<boolean>;
  /** Whose examinations these are; null until somebody has said it. */
  institution(): Promise<string | null>;
  setInstitution(name: string): Promise<void>;
  /** Remembers that something was. */
  noteImport(subject: string): Promise<void>;
  /** Which of these ids there are. */
  known(
    kind: 'venues' | 'rooms' | 'exams' | 'sessions' | 'examinees' | 'attempts',
    ids: readonly string[],
  ): Promise<ReadonlySet<string>>;
  /** When sessions of these rooms start, from the first to the last moment, both included. */
  starts(
    roomIds: readonly RoomId[],
    from: EpochMs,
    to: EpochMs,
  ): Promise<readonly Pick<PlannedSession, 'roomId' | 'startsAt'>[]>;
  /** The shifts of an exam at a venue that start within the span, each once, by start. */
  shifts(examId: string, venueId: string, from: EpochMs, to: EpochMs): Promise<readonly Shift[]>;
  /** Of those that there are, in any order. */
  seating(sessionIds: readonly SessionId[]): Promise<readonly Seating[]>;
  /** The sessions of the exam's latest start, by room; none when it has no session. */
  latestSessions(examId: string): Promise<readonly PlannedSession[]>;
  addVenues(venues: readonly VenueRow[]): Promise<void>;
  addRooms(rooms: readonly PlannedRoom[]): Promise<void>;
  addExam(exam: PlannedExam): Promise<void>;
  addSessions(sessions: readonly PlannedSession[]): Promise<void>;
  addAttempts(attempts: readonly PlannedAttempt[]): Promise<void>;
}
