import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { useKioskState } from '../kiosk-context.tsx';

/** What failed on the machine without anybody having asked for it (storage, the chain): what happened and whom to tell. */
export const HostProblem = () => (
  <ProblemText problem={useKioskState((state) => state.view?.problem ?? null)} />
);
