import type { IdentityDecision } from '#shared/identity/identity-facts.ts';
import type { ProblemCode } from '#shared/kernel/problem.ts';
import type { Command } from '#shared/wire/command.ts';
import type { AttemptState } from './attempt-state.ts';
import { carriedStanding, isCarried } from './copy-count.ts';

/** An alternative to the identity document names who authorised it (Art. 31); nothing else does. */
export const authorisationFits = (
  decision: IdentityDecision,
  authorisedBy: string | null,
): boolean => (decision === 'authorised-alternative') === (authorisedBy !== null);

/**
 * Whether a command makes sense in this state.
 * @returns null when it does, else why it is rejected: the code goes on record and back to its sender.
 */
export const objectionTo = (command: Command, state: AttemptState): ProblemCode | null => {
  switch (command.type) {
    case 'message':
      return null;
    case 'pause':
      if (state.phase === 'in-progress') return null;
      return state.phase === 'closed' ? 'attempt-closed' : 'not-in-this-stage';
    case 'release':
      if (state.phase === 'closed') return 'attempt-closed';
      return state.released ? 'conflict' : null;
    case 'resume':
      if (state.phase === 'paused') return null;
      return state.phase === 'closed' ? 'attempt-closed' : 'not-in-this-stage';
    case 'dismiss': {
      const incident = state.incidents.find(({ id }) => id === command.incidentId);
      if (incident !== undefined) return incident.dismissed === null ? null : 'conflict';
      if (!isCarried(command, state)) return 'not-found';
      return carriedStanding(state).some(({ id }) => id === command.incidentId) ? null : 'conflict';
    }
    case 'identity':
      if (state.phase === 'closed') return 'attempt-closed';
      return authorisationFits(command.decision, command.authorisedBy) ? null : 'bad-request';
    case 'room-scan':
      if (state.phase === 'closed') return 'attempt-closed';
      if (state.phase !== 'in-progress' || state.policy?.cameraExempt) return 'not-in-this-stage';
      return null;
    case 'close':
      return state.phase === 'closed' ? 'attempt-closed' : null;
  }
};
