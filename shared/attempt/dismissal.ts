import type { ExamTime } from '#shared/kernel/time.ts';
import type { DismissCommand } from '#shared/wire/command.ts';
import { type AttemptState, remainingMs, standingCopyAttempts } from './attempt-state.ts';
import { atLimit, carriedStanding } from './copy-count.ts';
import { runAgain } from './transitions.ts';

/** @returns null when there is nothing of that name. */
const withDismissal = (
  state: AttemptState,
  { incidentId, reason }: DismissCommand,
  by: string,
): AttemptState | null => {
  const episode = state.incidents.find(({ id }) => id === incidentId)?.episodeId;
  if (episode !== undefined) {
    const incidents = state.incidents.map((i) =>
      i.episodeId === episode && i.dismissed === null ? { ...i, dismissed: { by, reason } } : i,
    );
    return { ...state, incidents, copyAttempts: standingCopyAttempts(incidents) };
  }
  if (carriedStanding(state).every(({ id }) => id !== incidentId)) return null;
  const dismissed = { id: incidentId, by, reason };
  return { ...state, carriedDismissed: [...(state.carriedDismissed ?? []), dismissed] };
};

/**
 * A person dismissed a copy attempt (Art. 70), of this ledger or one that counts on from another machine. An exam that it
 * had closed reopens with the time that was left, unless staff ended it on this machine.
 */
export const dismiss = (
  state: AttemptState,
  command: DismissCommand,
  by: string,
  t: ExamTime,
): AttemptState => {
  const next = withDismissal(state, command, by);
  if (next === null) return state;
  // All that it stood closed is given back anyway (`runAgain`).
  const given = { ...next, stoppedMs: next.stoppedMs + (command.extraMs ?? 0) };
  const reopens =
    command.reopens !== false &&
    next.closedBy === 'copy-attempts' &&
    !atLimit(next) &&
    (remainingMs(given, t) ?? 0) > 0;
  return reopens ? runAgain({ ...given, closedBy: null, closedT: null }, t, 'reopened') : next;
};
