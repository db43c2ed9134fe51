import type { Phase } from '#shared/attempt/attempt-state.ts';
import type { AttemptId, CommandId, DeviceId } from '#shared/kernel/ids.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { Contradiction } from '#shared/wire/doubt.ts';
import type { LiveState, ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import type { Folded } from './attempt-fold.ts';
import type { Notice, StoredCommand } from './ports.ts';
import type { Full } from './quota.ts';
import type { Registration } from './registry-ports.ts';

/** The open socket of a kiosk, as the use cases see it. */
export interface KioskLink {
  send(message: ServerToKiosk): void;
  /** Ends the connection; `reason` is short ASCII. */
  close(code: number, reason: string): void;
}

/**
 * What no store tells of an attempt, and what lists of many attempts need. A fraction of the attempt itself, so
 * it stays when the attempt leaves memory.
 */
export interface Presence {
  readonly attemptId: AttemptId;
  readonly shiftEndsAt: EpochMs;
  deviceId: DeviceId | null;
  /** null while the ledger was not read: its kiosk came back, and nobody needed it yet. */
  phase: Phase | null;
  link: KioskLink | null;
  connectionSince: EpochMs | null;
  /** When the kiosk was last heard; null when never since this server started. */
  heardAt: EpochMs | null;
  /** The same by `ServerClock.steady`: who is on line, no clock that is set decides. */
  heardSteady: number | null;
  live: LiveState | null;
  /** Entries came out of order and some are still missing. */
  gap: boolean;
  /** What the kiosk sent more of than any exam has. */
  full: Full | null;
}

/**
 * One attempt in memory: its registration and its ledger folded. Read from the store when it is needed; the
 * ledger's part never differs from what is committed. There is never more than one of the same attempt, so that
 * whoever holds it may wait for something and go on with it.
 */
export interface LiveAttempt extends Readonly<Folded> {
  readonly registration: Registration;
  readonly presence: Presence;
  readonly commands: Map<CommandId, StoredCommand>;
  readonly notices: Notice[];
  brokenReason: string | null;
  /** The fold of it that is stored: up to which entry, and how many characters those are; zero without one. */
  kept: { readonly seq: number; readonly bytes: number };
  /** Characters of all its entries; null while nobody counted them. */
  bytes: number | null;
  /** What its ledger says against the server's own data. */
  contradictions: readonly Contradiction[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The attempt as the ledger's part of it. */
export const foldedOf = ({ state, wallOffset, build, runs }: LiveAttempt): Folded => ({
  state,
  wallOffset,
  build,
  runs,
});

/** Lets memory see what is committed. */
export const advance = (attempt: LiveAttempt, to: Folded): void => {
  const writable: Writable<LiveAttempt> = attempt;
  // One by one: every entry of every kiosk comes this way.
  writable.state = to.state;
  writable.wallOffset = to.wallOffset;
  writable.build = to.build;
  writable.runs = to.runs;
  attempt.presence.phase = to.state.phase;
};

/** Lets memory see what was registered meanwhile. */
export const register = (attempt: LiveAttempt, registration: Registration): void => {
  (attempt as Writable<LiveAttempt>).registration = registration;
  attempt.presence.deviceId = registration.device?.id ?? null;
};

/**
 * Commands that the kiosk's ledger has not answered yet, oldest first; what ended the attempt without it comes last, since a
 * dismissal of before that reopens the exam.
 */
export const openCommands = (commands: Iterable<StoredCommand>): readonly IssuedCommand[] =>
  [...commands]
    .filter(({ state }) => state === 'sent' || state === 'delivered')
    .sort((a, b) => Number(a.ended !== undefined) - Number(b.ended !== undefined))
    .map(({ issued }) => issued);
