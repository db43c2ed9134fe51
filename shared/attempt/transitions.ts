import type { ExamTime } from '#shared/kernel/time.ts';
import { type AttemptState, type IdentityRecord, identityStatus } from './attempt-state.ts';
import { type GateCause, gateAt } from './gate.ts';

/** On to the waiting room, as soon as nothing about the identity is open any more. */
export const letThrough = (state: AttemptState): AttemptState => {
  const status = identityStatus(state.identity);
  const through = status === 'verified' || status === 'by-hand';
  return state.phase === 'identity' && through ? { ...state, phase: 'waiting' } : state;
};

export const withIdentity = (state: AttemptState, change: Partial<IdentityRecord>): AttemptState =>
  letThrough({ ...state, identity: { ...state.identity, ...change } });

export const running = (state: AttemptState): boolean => state.phase === 'in-progress';

export const pause = (state: AttemptState, reason: string, t: ExamTime): AttemptState =>
  running(state)
    ? { ...state, phase: 'paused', stoppedSinceT: t, pauseReason: reason, gate: null }
    : state;

export const release = (state: AttemptState, reason: string, t: ExamTime): AttemptState =>
  state.phase === 'closed'
    ? state
    : // Staff is at the machine: nobody has to show anything to the camera.
      { ...pause(state, reason, t), released: true, roomScanAsked: null };

export const runAgain = (state: AttemptState, t: ExamTime, cause: GateCause): AttemptState => ({
  ...state,
  phase: 'in-progress',
  gate: gateAt(state.policy, cause, t),
  pauseReason: null,
  released: false,
  stoppedMs:
    state.stoppedMs + (state.stoppedSinceT === null ? 0 : Math.max(0, t - state.stoppedSinceT)),
  stoppedSinceT: null,
});

/** While the exam runs, whoever sits there is asked anew. */
export const askWho = (state: AttemptState, cause: GateCause, t: ExamTime): AttemptState =>
  running(state) ? { ...state, gate: gateAt(state.policy, cause, t) } : state;

/** So many names of what is unknown are kept: a person wants to know what it is, not how often each. */
const NAMED = 8;

/** Notes that an entry says something that this build does not know. */
export const withUnknown = (state: AttemptState, name: string): AttemptState => {
  const { entries, names } = state.unknown;
  const named = names.includes(name) || names.length >= NAMED ? names : [...names, name];
  return { ...state, unknown: { entries: entries + 1, names: named } };
};
