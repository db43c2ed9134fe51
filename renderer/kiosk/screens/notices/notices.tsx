import { useState } from 'react';
import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import { pendingNotice, unreadMessage } from '../../selectors.ts';
import { CopyAttemptDialog } from './copy-attempt-dialog.tsx';
import { MessageDialog } from './message-dialog.tsx';

/**
 * Which notice lies over the screen. A notice that was seen but could not be stored as seen does not
 * come back in this sitting: it must not lock the person out of the exam.
 */
export const useNotices = (attempt: AttemptState | null) => {
  const [seen, setSeen] = useState<readonly string[]>([]);
  if (attempt === null) return { element: null, covered: false };
  const unseen = {
    ...attempt,
    incidents: attempt.incidents.filter((incident) => !seen.includes(incident.id)),
    messages: attempt.messages.filter((message) => !seen.includes(message.commandId)),
  };
  const incident = pendingNotice(unseen);
  const message = incident === null ? unreadMessage(unseen) : null;
  const see = (id: string) => () => setSeen((ids) => [...ids, id]);
  return {
    covered: incident !== null || message !== null,
    element: (
      <>
        {incident !== null && (
          <CopyAttemptDialog key={incident.id} incident={incident} onSeen={see(incident.id)} />
        )}
        {message !== null && (
          <MessageDialog
            key={message.commandId}
            message={message}
            onSeen={see(message.commandId)}
          />
        )}
      </>
    ),
  };
};
