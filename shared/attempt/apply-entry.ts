import { BY_HAND } from '#shared/identity/identity-facts.ts';
import type { Evidence } from '#shared/incident/incident.ts';
import type { IncidentId } from '#shared/kernel/ids.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { type Fact, isFactType } from '#shared/wire/facts.ts';
import { applyCommand } from './apply-command.ts';
import {
  type AttemptState,
  type IncidentRecord,
  type RoomScanRecord,
  standingCopyAttempts,
} from './attempt-state.ts';
import { asksWho, gateAt, passGate } from './gate.ts';
import {
  askWho,
  letThrough,
  release,
  runAgain,
  running,
  withIdentity,
  withUnknown,
} from './transitions.ts';

/**
 * The fact that a ledger entry tells; null for a type that this build does not know. The caller has checked
 * `entry.data` against `FACTS[entry.type]`.
 */
export const factOf = (entry: LedgerEntry): Fact | null =>
  isFactType(entry.type) ? ({ type: entry.type, data: entry.data } as unknown as Fact) : null;

/** The pictures that an entry names. */
export const evidenceOf = (entry: LedgerEntry): readonly Evidence[] => {
  const fact = factOf(entry);
  return fact !== null && 'evidence' in fact.data ? fact.data.evidence : [];
};

/**
 * Folds one ledger entry into the state. Pure and total: an entry that makes no sense in the state
 * (a second start, an answer after closing) changes nothing but `seq`, `hash` and `t`; one of a type that this build
 * does not know is counted as such besides.
 */
export const applyEntry = (state: AttemptState, entry: LedgerEntry): AttemptState => {
  const fact = factOf(entry);
  const after = fact === null ? withUnknown(state, entry.type) : applyFact(state, fact, entry.t);
  return { ...after, seq: entry.seq, hash: entry.hash, t: Math.max(state.t, entry.t) };
};

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
      const decided = withIdentity(state, {
        decision: { decision, by: '', authorisedBy, reason, t },
      });
      return askWho(decided, 'identity', t);
    }
    case 'room-scanned': {
      const { commandId, outcome, evidence } = fact.data;
      if (state.roomScanAsked?.commandId !== commandId) return state;
      const record: RoomScanRecord = { commandId, t, outcome, evidence };
      const seen = { ...state, roomScanAsked: null, roomScans: [...state.roomScans, record] };
      return seen.phase === 'paused' ? runAgain(seen, t, 'room-view') : seen;
    }
    case 'exam-started':
      if (state.startedT !== null || state.phase === 'closed') return state;
      return {
        ...state,
        phase: 'in-progress',
        gate: gateAt(state.policy, 'start', t),
        startedT: t,
        durationMs: fact.data.durationMs,
        shiftEndsT: fact.data.shiftEndsT,
        formHash: fact.data.formHash,
      };
    case 'gate-passed':
      return { ...state, gate: passGate(state.gate, state.policy, t) };
    case 'watch-began':
      if (state.gate === null || asksWho(state.gate)) return state;
      return {
        ...state,
        gate: fact.data.judged === 'counts' ? null : { ...state.gate, review: true },
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
        gate: null,
      };
    case 'host-restarted':
      return askWho(state, 'restart', t);
    case 'observation':
    case 'warning-shown':
    case 'checkpoint':
    case 'storage-failed':
    case 'storage-recovered':
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
