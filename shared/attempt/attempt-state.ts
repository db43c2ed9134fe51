import { timeEndsAt } from '#shared/exam/shift.ts';
import {
  BY_HAND,
  type CheckOutcome,
  type IdentityDecision,
  type IdentitySettings,
} from '#shared/identity/identity-facts.ts';
import type { CoverageByKind } from '#shared/incident/coverage.ts';
import type { Evidence } from '#shared/incident/incident.ts';
import { isIncidentKind, type KindName } from '#shared/incident/kind.ts';
import type { Facts } from '#shared/incident/observation.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { CommandId, EpisodeId, IncidentId, QuestionId } from '#shared/kernel/ids.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { EndingKind } from '#shared/wire/command.ts';
import type { ClosedBy } from '#shared/wire/facts.ts';
import type { Gate } from './gate.ts';

/** Where the examinee is. `closed` covers submitted, out of time, voided and closed by the proctor. */
export type Phase =
  | 'device-check'
  | 'rules'
  | 'framing'
  | 'identity'
  | 'waiting'
  | 'in-progress'
  | 'paused'
  | 'closed';

export interface IncidentRecord {
  readonly id: IncidentId;
  readonly kind: KindName;
  readonly startedT: ExamTime;
  readonly openedT: ExamTime;
  /** null while it lasts. */
  readonly endedT: ExamTime | null;
  readonly counted: boolean;
  readonly episodeId: EpisodeId;
  readonly facts: Facts;
  readonly evidence: readonly Evidence[];
  /** 1-based number of the copy attempt that this incident opened; null when it opened none. */
  readonly copyAttempt: number | null;
  readonly acknowledged: boolean;
  readonly objection: string | null;
  /** Set when a person dismissed the copy attempt of this incident's episode. */
  readonly dismissed: { readonly by: string; readonly reason: string } | null;
}

export interface ReceivedMessage {
  readonly commandId: CommandId;
  readonly text: string;
  readonly from: string;
  readonly t: ExamTime;
  readonly read: boolean;
}

export interface IdentityCheckRecord {
  readonly t: ExamTime;
  readonly outcome: CheckOutcome;
  /** Median distance to the template; null when nothing was compared. */
  readonly distance: number | null;
  readonly challenge: 'passed' | 'failed' | 'off';
  readonly evidence: readonly Evidence[];
}

export interface IdentityRecord {
  readonly settings: IdentitySettings;
  readonly checks: readonly IdentityCheckRecord[];
  /** The examinee said that the document is not at hand (Art. 31). */
  readonly documentMissing: boolean;
  /** What a person decided last; null while nobody did. */
  readonly decision: {
    readonly decision: IdentityDecision;
    readonly by: string;
    readonly authorisedBy: string | null;
    readonly reason: string;
    readonly t: ExamTime;
  } | null;
}

/** Whether the examinee may go on, and who has to act if not. A person's decision stands above the camera's. */
export const identityStatus = ({
  settings,
  checks,
  documentMissing,
  decision,
}: IdentityRecord): 'by-hand' | 'pending' | 'needs-person' | 'verified' | 'refused' => {
  if (decision !== null) return decision.decision === 'refused' ? 'refused' : 'verified';
  if (settings.check === 'by-hand') return 'by-hand';
  if (documentMissing) return 'needs-person';
  const last = checks.at(-1);
  if (last === undefined) return 'pending';
  return last.outcome === 'verified' ? 'verified' : 'needs-person';
};

export interface RoomScanRecord {
  readonly commandId: string;
  readonly t: ExamTime;
  readonly outcome: 'shown' | 'refused' | 'timed-out';
  readonly evidence: readonly Evidence[];
}

/** Everything that is true of an attempt, folded from its ledger: the same on the kiosk, the server and in an appeal. */
export interface AttemptState {
  readonly phase: Phase;
  readonly policy: Policy | null;
  /** What the host enforces, detects and does not watch, as it said last. */
  readonly coverage: CoverageByKind;
  readonly identity: IdentityRecord;
  /** The view of the room that was asked for and not settled yet. */
  readonly roomScanAsked: {
    readonly commandId: string;
    readonly reason: string;
    readonly from: string;
    readonly t: ExamTime;
  } | null;
  readonly roomScans: readonly RoomScanRecord[];
  /** What stands between the examinee and counting; null when the camera counts in full, and while no exam runs. */
  readonly gate: Gate | null;
  readonly startedT: ExamTime | null;
  readonly durationMs: number;
  readonly shiftEndsT: ExamTime | null;
  readonly formHash: string | null;
  /** Exam time spent paused or closed-and-reopened, which the examinee gets back (never past the shift), ms. */
  readonly stoppedMs: number;
  /** Since when the clock stands still (paused or closed); null while it runs. */
  readonly stoppedSinceT: ExamTime | null;
  readonly pauseReason: string | null;
  /** Staff opened the locked machine and it was not locked again. */
  readonly released: boolean;
  readonly closedBy: ClosedBy | null;
  readonly closeReason: string | null;
  /** Staff had ended the attempt while this kiosk was gone, and how; absent otherwise. */
  readonly closeEnding?: EndingKind;
  readonly closedT: ExamTime | null;
  readonly questionId: QuestionId | null;
  readonly answers: Readonly<Record<string, readonly string[]>>;
  readonly flagged: Readonly<Record<string, boolean>>;
  readonly incidents: readonly IncidentRecord[];
  /** Copy attempts of this ledger that stand (not dismissed). */
  readonly copyAttempts: number;
  /** Those carried from another machine (`policy.carried`) that a person dismissed; absent while there are none. */
  readonly carriedDismissed?: readonly {
    readonly id: IncidentId;
    readonly by: string;
    readonly reason: string;
  }[];
  readonly messages: readonly ReceivedMessage[];
  readonly appliedCommands: readonly CommandId[];
  /** What a later version wrote and this build does not know: how many entries, and what they are called (the first few). */
  readonly unknown: { readonly entries: number; readonly names: readonly string[] };
  readonly seq: number;
  readonly hash: string;
  readonly t: ExamTime;
}

export const EMPTY_ATTEMPT: AttemptState = {
  phase: 'device-check',
  policy: null,
  coverage: {},
  identity: { settings: BY_HAND, checks: [], documentMissing: false, decision: null },
  roomScanAsked: null,
  roomScans: [],
  gate: null,
  startedT: null,
  durationMs: 0,
  shiftEndsT: null,
  formHash: null,
  stoppedMs: 0,
  stoppedSinceT: null,
  pauseReason: null,
  released: false,
  closedBy: null,
  closeReason: null,
  closedT: null,
  questionId: null,
  answers: {},
  flagged: {},
  incidents: [],
  copyAttempts: 0,
  messages: [],
  appliedCommands: [],
  unknown: { entries: 0, names: [] },
  seq: 0,
  hash: '0'.repeat(64),
  t: 0,
};

/**
 * When the examinee's time is over, in exam time: start + duration + time stopped, but never past the
 * shift's end (Art. 12b). null before the start. While stopped, it is what it would be if resumed at `t`.
 */
export const deadlineT = (state: AttemptState, t: ExamTime): ExamTime | null => {
  if (state.startedT === null || state.shiftEndsT === null) return null;
  const standing = state.stoppedSinceT === null ? 0 : Math.max(0, t - state.stoppedSinceT);
  return timeEndsAt({
    startedAt: state.startedT,
    durationMs: state.durationMs,
    stoppedMs: state.stoppedMs + standing,
    shiftEndsAt: state.shiftEndsT,
  });
};

/** Time left at `t`, ms; 0 when over; null before the start. */
export const remainingMs = (state: AttemptState, t: ExamTime): number | null => {
  const end = deadlineT(state, t);
  return end === null ? null : Math.max(0, end - t);
};

/** The highest number that a copy attempt of these has, dismissed ones too; 0 when there is none. */
export const highestCopyAttempt = (incidents: readonly IncidentRecord[]): number =>
  Math.max(0, ...incidents.map((incident) => incident.copyAttempt ?? 0));

/**
 * Counts the copy attempts that stand: one per counted episode, dismissed ones left out (Art. 70). What this build does
 * not know counts against nobody: a person sees it and decides.
 */
export const standingCopyAttempts = (incidents: readonly IncidentRecord[]): number =>
  new Set(
    incidents
      .filter((i) => i.copyAttempt !== null && i.dismissed === null && isIncidentKind(i.kind))
      .map((i) => i.episodeId),
  ).size;
