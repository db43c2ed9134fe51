import { connectionStanding } from './selectors.ts';
import type { KioskState } from './store.ts';

/** What the examinee is told about the safety of the answers. */
export type SavedState = 'none' | 'saving' | 'device' | 'server' | 'later' | 'failed';

/**
 * Where the answers are: being stored, on the device, on the server, or on the device until the
 * network is back. Follows the entries that hold answers, so that other entries do not make it flicker.
 */
export const savedState = (
  state: Pick<KioskState, 'view' | 'drafts' | 'saving' | 'answersSeq' | 'answerProblem'>,
): SavedState => {
  const { view, drafts, saving, answersSeq, answerProblem } = state;
  if (answerProblem !== null) return 'failed';
  if (saving > 0) return 'saving';
  if (view?.attempt == null) return 'none';
  const unseen = Object.keys(drafts).length > 0;
  if (!unseen && Object.keys(view.attempt.answers).length === 0) return 'none';
  if (!unseen && view.sentSeq >= (answersSeq ?? view.attempt.seq)) return 'server';
  return connectionStanding(view.connection) === 'offline' ? 'later' : 'device';
};
