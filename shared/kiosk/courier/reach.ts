import { type ConnectionFault, connectionFault } from '#shared/kernel/connection-fault.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { LiveLink, ServerApi } from '#shared/ports/transport.port.ts';

/** What is known of the way to the server: nothing yet, it answers, or why it does not. */
export type ReachState = 'unknown' | 'up' | ConnectionFault;

/** Hears every answer on its way, so that whatever asked last is what the screens show. */
export interface Reach {
  readonly api: ServerApi;
  readonly live: LiveLink;
  state(): ReachState;
  /** Somebody looked closer than an answer's outcome: who answers is not the server. */
  tell(fault: ConnectionFault): void;
}

const faultOfProblem = ({ code, cause, detail }: Problem): ConnectionFault | null =>
  cause === undefined && code !== 'offline'
    ? null
    : connectionFault(cause ?? 'unknown', detail ?? '');

/** @param onChange the state is another one. */
export const createReach = (
  given: { readonly api: ServerApi; readonly live: LiveLink },
  onChange: () => void,
): Reach => {
  let state: ReachState = 'unknown';
  const become = (next: ReachState): void => {
    const same = JSON.stringify(next) === JSON.stringify(state);
    state = next;
    if (!same) onChange();
  };
  return {
    api: {
      request: async (...asked) => {
        const answer = await given.api.request(...asked);
        become(answer.ok ? 'up' : (faultOfProblem(answer.error) ?? 'up'));
        return answer;
      },
    },
    live: {
      open: (handlers) =>
        given.live.open({
          ...handlers,
          onMessage: (message) => {
            become('up');
            handlers.onMessage(message);
          },
          // What was known of it ends with it: whoever asks next tells the truth.
          onClose: () => {
            if (state === 'up') become('unknown');
            handlers.onClose();
          },
        }),
    },
    state: () => state,
    tell: become,
  };
};
