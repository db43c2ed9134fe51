import type { ExamTime } from '#shared/kernel/time.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import type { AttemptState, ReceivedMessage } from './attempt-state.ts';
import { dismiss } from './dismissal.ts';
import {
  askWho,
  pause,
  release,
  runAgain,
  running,
  withIdentity,
  withUnknown,
} from './transitions.ts';

/** Folds an answered command into the state. One that is known already, or was rejected, changes nothing else. */
export const applyCommand = (
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
      return seen.phase === 'paused'
        ? { ...runAgain(seen, t, 'resumed'), roomScanAsked: null }
        : seen;
    case 'dismiss':
      return dismiss(seen, command, issued.issuedBy.name, t);
    case 'identity': {
      const { decision, authorisedBy, reason } = command;
      if (seen.phase === 'closed') return seen;
      const by = issued.issuedBy.name;
      const decided = withIdentity(seen, { decision: { decision, by, authorisedBy, reason, t } });
      return askWho(decided, 'identity', t);
    }
    case 'room-scan': {
      if (seen.roomScanAsked !== null || !running(seen)) return seen;
      const { reason } = command;
      const asked = { commandId: issued.id, reason, from: issued.issuedBy.name, t };
      return { ...pause(seen, reason, t), roomScanAsked: asked };
    }
    case 'close':
      // The closing itself is its own entry, so that every closing looks alike; this keeps the reason.
      if (seen.phase === 'closed') return seen;
      return {
        ...seen,
        closeReason: command.reason,
        ...(command.ending === undefined ? {} : { closeEnding: command.ending }),
      };
    default:
      return withUnknown(seen, (command as { readonly type: string }).type);
  }
};
