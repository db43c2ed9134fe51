import { timeEndsAt } from '#shared/exam/shift.ts';
import {
  BY_HAND,
  type CheckOutcome,
  type IdentityDecision,
  type IdentitySettings,
} from '#shared/identity/identity-facts.ts';
import type { CoverageByKind } from '#shared/incident/coverage.ts';
import type { Evidence } from '#shared/incident/incident.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Facts } from '#shared/incident/observation.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { CommandId, EpisodeId, IncidentId, QuestionId } from '#shared/kernel/ids.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { ClosedBy, Fact } from '#shared/wire/facts.ts';

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
  readonly kind: IncidentKind;
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
  readonly closedT: ExamTime | null;
  readonly questionId: QuestionId | null;
  readonly answers: Readonly<Record<string, readonly string[]>>;
  readonly flagged: Readonly<Record<string, boolean>>;
  readonly incidents: readonly IncidentRecord[];
  /** Copy attempts that stand (not dismissed). */
  readonly copyAttempts: number;
  readonly messages: readonly ReceivedMessage[];
  readonly appliedCommands: readonly CommandId[];
  readonly seq: number;
  readonly hash: string;
  readonly t: ExamTime;
}

/** The fact that a ledger entry tells. The caller has checked `entry.data` against `FACTS[entry.type]`. */
export const factOf = (entry: LedgerEntry): Fact =>
  ({ type: entry.type, data: entry.data }) as unknown as Fact;

export const EMPTY_ATTEMPT: AttemptState = {
  phase: 'device-check',
  policy: null,
  coverage: {},
  identity: { settings: BY_HAND, checks: [], documentMissing: false, decision: null },
  roomScanAsked: null,
  roomScans: [],
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

/** Counts the copy attempts that stand: one per counted episode, dismissed ones left out (Art. 70). */
const standingCopyAttempts = (incidents: readonly IncidentRecord[]): number =>
  new Set(
    incidents.filter((i) => i.copyAttempt !== null && i.dismissed === null).map((i) => i.episodeId),
  ).size;

/**
 * Folds one ledger entry into the state. Pure and total: an entry that makes no sense in the state
 * (a second start, an answer after closing) changes nothing but `seq`, `hash` and `t`.
 */
export const applyEntry = (state: AttemptState, entry: LedgerEntry): AttemptState => ({
  ...applyFact(state, factOf(entry), entry.t),
  seq: entry.seq,
  hash: entry.hash,
  t: Math.max(state.t, entry.t),
});

/** On to the waiting room, as soon as nothing about the identity is open any more. */
const letThrough = (state: AttemptState): AttemptState => {
  const status = identityStatus(state.identity);
  const through = status === 'verified' || status === 'by-hand';
  return state.phase === 'identity' && through ? { ...state, phase: 'waiting' } : state;
};

const withIdentity = (state: AttemptState, change: Partial<IdentityRecord>): AttemptState =>
  letThrough({ ...state, identity: { ...state.identity, ...change } });

const running = (state: AttemptState): boolean => state.phase === 'in-progress';

const applyFact = (state: AttemptState, fact: Fact, t: ExamTime): AttemptState => {
  switch (fact.type) {
    case 'attempt-opened':
      // The first one stands: rules do not change in the middle of an exam.
      if (state.policy !== null) return state;
      return {
        ...state,
        policy: fact.data.policy,
        coverage: fact.data.coverage,
        identity: { ...state.identity, settings: fact.data.identity ?? BY_HAND },
      };
    case 'coverage-changed':
      return { ...state, coverage: { ...state.coverage, ...fact.data.coverage } };
    case 'device-checked':
      return state.phase === 'device-check' ? { ...state, phase: 'rules' } : state;
    case 'rules-accepted':
      if (state.phase !== 'rules') return state;
      return { ...state, phase: state.policy?.cameraExempt ? 'waiting' : 'framing' };
    case 'framing-confirmed':
      if (state.phase !== 'framing') return state;
      return letThrough({ ...state, phase: 'identity' });
    case 'identity-checked': {
      if (state.phase !== 'identity') return state;
      const { outcome, distance, challenge, evidence } = fact.data;
      const found = { t, outcome, distance, challenge, evidence };
      return withIdentity(state, { checks: [...state.identity.checks, found] });
    }
    case 'document-missing':
      return state.phase === 'identity' ? withIdentity(state, { documentMissing: true }) : state;
    case 'staff-identity': {
      const { outcome, decision, authorisedBy, reason } = fact.data;
      if (outcome === 'refused' || state.phase === 'closed') return state;
      return withIdentity(state, { decision: { decision, by: '', authorisedBy, reason, t } });
    }
    case 'room-scanned': {
      const { commandId, outcome, evidence } = fact.data;
      if (state.roomScanAsked?.commandId !== commandId) return state;
      const record: RoomScanRecord = { commandId, t, outcome, evidence };
      const seen = { ...state, roomScanAsked: null, roomScans: [...state.roomScans, record] };
      return seen.phase === 'paused' ? runAgain(seen, t) : seen;
    }
    case 'exam-started':
      if (state.startedT !== null || state.phase === 'closed') return state;
      return {
        ...state,
        phase: 'in-progress',
        startedT: t,
        durationMs: fact.data.durationMs,
        shiftEndsT: fact.data.shiftEndsT,
        formHash: fact.data.formHash,
      };
    case 'question-visited':
      return running(state) ? { ...state, questionId: fact.data.questionId } : state;
    case 'answer-saved':
      if (!running(state)) return state;
      return {
        ...state,
        answers: { ...state.answers, [fact.data.questionId]: fact.data.optionIds },
      };
    case 'question-flagged':
      if (!running(state)) return state;
      return {
        ...state,
        flagged: { ...state.flagged, [fact.data.questionId]: fact.data.flagged },
      };
    case 'incident-opened': {
      const { incident, evidence } = fact.data;
      if (state.incidents.some((i) => i.id === incident.id)) return state;
      const record: IncidentRecord = {
        ...incident,
        endedT: null,
        evidence,
        copyAttempt: null,
        acknowledged: false,
        objection: null,
        dismissed: null,
      };
      return { ...state, incidents: [...state.incidents, record] };
    }
    case 'incident-closed':
      return updateIncident(state, fact.data.incidentId, (i) =>
        i.endedT === null ? { ...i, endedT: fact.data.endedT } : i,
      );
    case 'copy-attempt': {
      const known = state.incidents.some(
        (i) => i.episodeId === fact.data.episodeId && i.copyAttempt !== null,
      );
      if (known) return state;
      const next = updateIncident(state, fact.data.incidentId, (i) => ({
        ...i,
        copyAttempt: fact.data.number,
      }));
      return { ...next, copyAttempts: standingCopyAttempts(next.incidents) };
    }
    case 'notice-acknowledged':
      return updateIncident(state, fact.data.incidentId, (i) => ({ ...i, acknowledged: true }));
    case 'objection':
      return updateIncident(state, fact.data.incidentId, (i) => ({
        ...i,
        objection: i.objection ?? fact.data.text,
      }));
    case 'message-read':
      return {
        ...state,
        messages: state.messages.map((m) =>
          m.commandId === fact.data.commandId ? { ...m, read: true } : m,
        ),
      };
    case 'command-applied':
      return applyCommand(state, fact.data.issued, fact.data.outcome, t);
    case 'staff-exit':
      return fact.data.outcome === 'opened' ? release(state, fact.data.reason, t) : state;
    case 'attempt-closed':
      if (state.phase === 'closed') return state;
      return {
        ...state,
        phase: 'closed',
        closedBy: fact.data.by,
        closedT: t,
        stoppedSinceT: state.stoppedSinceT ?? t,
        pauseReason: null,
        roomScanAsked: null,
      };
    case 'host-restarted':
    case 'observation':
    case 'warning-shown':
    case 'checkpoint':
      return state;
  }
};

const updateIncident = (
  state: AttemptState,
  id: IncidentId,
  change: (incident: IncidentRecord) => IncidentRecord,
): AttemptState => ({
  ...state,
  incidents: state.incidents.map((i) => (i.id === id ? change(i) : i)),
});

const applyCommand = (
  state: AttemptState,
  issued: IssuedCommand,
  outcome: 'applied' | 'rejected',
  t: ExamTime,
): AttemptState => {
  if (state.appliedCommands.includes(issued.id)) return state;
  const seen = { ...state, appliedCommands: [...state.appliedCommands, issued.id] };
  if (outcome === 'rejected') return seen;
  const { command } = issued;
  switch (command.type) {
    case 'message': {
      const message: ReceivedMessage = {
        commandId: issued.id,
        text: command.text,
        from: issued.issuedBy.name,
        t,
        read: false,
      };
      return { ...seen, messages: [...seen.messages, message] };
    }
    case 'pause':
      return pause(seen, command.reason, t);
    case 'release':
      return release(seen, command.reason, t);
    case 'resume':
      // Who lets the exam go on does not wait for the view of the room any longer.
      return seen.phase === 'paused' ? { ...runAgain(seen, t), roomScanAsked: null } : seen;
    case 'dismiss': {
      const episode = seen.incidents.find((i) => i.id === command.incidentId)?.episodeId;
      if (episode === undefined) return seen;
      const incidents = seen.incidents.map((i) =>
        i.episodeId === episode && i.dismissed === null
          ? { ...i, dismissed: { by: issued.issuedBy.name, reason: command.reason } }
          : i,
      );
      const next = { ...seen, incidents, copyAttempts: standingCopyAttempts(incidents) };
      const reopens =
        next.closedBy === 'copy-attempts' &&
        next.copyAttempts < (next.policy?.copyAttemptLimit ?? 3) &&
        (remainingMs(next, t) ?? 0) > 0;
      return reopens ? runAgain({ ...next, closedBy: null, closedT: null }, t) : next;
    }
    case 'identity': {
      const { decision, authorisedBy, reason } = command;
      if (seen.phase === 'closed') return seen;
      const by = issued.issuedBy.name;
      return withIdentity(seen, { decision: { decision, by, authorisedBy, reason, t } });
    }
    case 'room-scan': {
      if (seen.roomScanAsked !== null || !running(seen)) return seen;
      const { reason } = command;
      const asked = { commandId: issued.id, reason, from: issued.issuedBy.name, t };
      return { ...pause(seen, reason, t), roomScanAsked: asked };
    }
    case 'close':
      // The closing itself is its own entry, so that every closing looks alike; this keeps the reason.
      return seen.phase === 'closed' ? seen : { ...seen, closeReason: command.reason };
  }
};

const pause = (state: AttemptState, reason: string, t: ExamTime): AttemptState =>
  running(state) ? { ...state, phase: 'paused', stoppedSinceT: t, pauseReason: reason } : state;

const release = (state: AttemptState, reason: string, t: ExamTime): AttemptState =>
  state.phase === 'closed'
    ? state
    : // Staff is at the machine: nobody has to show anything to the camera.
      { ...pause(state, reason, t), released: true, roomScanAsked: null };

const runAgain = (state: AttemptState, t: ExamTime): AttemptState => ({
  ...state,
  phase: 'in-progress',
  pauseReason: null,
  released: false,
  stoppedMs:
    state.stoppedMs + (state.stoppedSinceT === null ? 0 : Math.max(0, t - state.stoppedSinceT)),
  stoppedSinceT: null,
});
