import type { Accommodation } from '#shared/incident/accommodation.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Facts } from '#shared/incident/observation.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type {
  AttemptId,
  CommandId,
  DeviceId,
  ExamineeId,
  Hash,
  RoomId,
  SessionId,
  StaffId,
} from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { CommandState, IssuedCommand, Role } from '#shared/wire/command.ts';
import type { SeatMap } from '#shared/wire/dashboard.ts';

/** The server's wall clock, injected so that tests decide what time it is. */
export interface ServerClock {
  now(): EpochMs;
}

export interface ServerRandom {
  bytes(count: number): Uint8Array;
  uuid(): string;
}

/** Slow, salted password hashing. */
export interface Passwords {
  hash(plain: string): Promise<string>;
  /** False also for a hash that cannot be read. */
  verify(hash: string, plain: string): Promise<boolean>;
}

export type ChainState = 'ok' | 'gap' | 'broken';

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
  /** The address from which the kiosk was first heard. */
  readonly address: string | null;
  readonly examinee: { readonly id: ExamineeId; readonly name: string; readonly document: string };
  readonly room: { readonly id: RoomId; readonly name: string; readonly venueId: string };
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

export interface SessionPlace {
  readonly sessionId: SessionId;
  readonly roomId: RoomId;
  readonly venueId: string;
}

export interface RoomRow {
  readonly id: RoomId;
  readonly name: string;
  readonly venueId: string;
  readonly venue: string;
  readonly seatMap: SeatMap;
  readonly sessions: readonly {
    readonly id: SessionId;
    readonly examTitle: string;
    readonly startsAt: EpochMs;
    readonly endsAt: EpochMs;
    readonly expected: number;
  }[];
}

/** Sign-ins, tokens and devices. Tokens and codes are stored as SHA-256 only. */
export interface AccessStore {
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
  staffSession(
    tokenHash: Hash,
  ): Promise<{ readonly staffId: StaffId; readonly lastSeenAt: EpochMs } | null>;
  touchStaffSession(tokenHash: Hash, now: EpochMs): Promise<void>;
  closeStaffSession(tokenHash: Hash): Promise<void>;
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
  /** The exam's question bank (JSON) and the secret that seeds its forms. */
  bank(examId: string): Promise<{ readonly bank: unknown; readonly secret: string } | null>;
  /** Keeps the first reason. */
  markBroken(attemptId: AttemptId, reason: string): Promise<void>;
  setAddress(attemptId: AttemptId, address: string): Promise<void>;
}

export interface StoredCommand {
  readonly issued: IssuedCommand;
  readonly state: CommandState;
}

/** Something that the server itself noticed about an attempt, outside its ledger (S7: second log-in, second address). */
export interface Notice {
  readonly id: string;
  readonly attemptId: AttemptId;
  readonly kind: IncidentKind;
  readonly at: EpochMs;
  readonly facts: Facts;
}

export interface StoredStill {
  readonly hash: Hash;
  readonly mime: 'image/jpeg' | 'image/png';
  readonly bytes: number;
}

export interface AuditRow {
  readonly at: EpochMs;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** What is known about attempts besides their ledger. */
export interface RecordStore {
  /**
   * Stores the command and its audit row under the person's key.
   * @returns false when the person used the key before: then nothing is stored.
   */
  addCommand(issued: IssuedCommand, key: string, audit: AuditRow): Promise<boolean>;
  commandByKey(staffId: StaffId, key: string): Promise<IssuedCommand | null>;
  commandsOf(attemptId: AttemptId): Promise<readonly StoredCommand[]>;
  /** Only from `sent`; a later state stays. */
  markDelivered(commandId: CommandId, now: EpochMs): Promise<void>;
  addNotice(notice: Notice): Promise<void>;
  noticesOf(attemptId: AttemptId): Promise<readonly Notice[]>;
  addStill(attemptId: AttemptId, still: StoredStill, now: EpochMs): Promise<void>;
  still(attemptId: AttemptId, hash: Hash): Promise<StoredStill | null>;
  stillsOf(attemptId: AttemptId): Promise<readonly StoredStill[]>;
  audit(row: AuditRow): Promise<void>;
}

export interface CommandOutcome {
  readonly commandId: CommandId;
  readonly attemptId: AttemptId;
  readonly state: 'applied' | 'rejected';
}

/** An entry and its text, which is what is stored. */
export interface SealedEntry {
  readonly entry: LedgerEntry;
  readonly text: string;
}

/** The ledgers as the server keeps them. The only writer is the ingest. */
export interface EntryLog {
  /**
   * Stores entries of any number of attempts and settles the commands that they answer, in one
   * transaction; resolved means durable.
   * @throws when the storage fails: then nothing of it is stored.
   */
  append(
    entries: readonly SealedEntry[],
    outcomes: readonly CommandOutcome[],
    now: EpochMs,
  ): Promise<void>;
  /** Whether a write by another part of the server is half done: then wait a turn. */
  busy(): boolean;
  /** Entries with seq > `afterSeq`, in order. */
  read(attemptId: AttemptId, afterSeq: number): Promise<readonly LedgerEntry[]>;
  hashAt(attemptId: AttemptId, seq: number): Promise<Hash | null>;
  /** How far signatures and rules were checked. */
  saveVerified(
    marks: readonly { readonly attemptId: AttemptId; readonly seq: number }[],
  ): Promise<void>;
  /** Attempts with entries that were not checked yet (after a restart). */
  unverified(): Promise<readonly AttemptId[]>;
}

/** Evidence files by hash. */
export interface StillFiles {
  /**
   * Stores a body under its hash, durably, or refuses it: wrong hash, too many bytes, no JPEG or PNG.
   * Storing again changes nothing.
   */
  put(
    hash: Hash,
    mime: StoredStill['mime'],
    body: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ readonly bytes: number } | 'wrong-hash' | 'too-large' | 'not-an-image'>;
  read(hash: Hash, mime: StoredStill['mime']): Promise<Uint8Array | null>;
  /** Deletes the file, durably. One that is not there changes nothing. */
  remove(hash: Hash, mime: StoredStill['mime']): Promise<void>;
}
