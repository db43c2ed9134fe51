import type { Problem } from '#shared/kernel/problem.ts';
import { Note } from './note.tsx';
import { SignInAgain } from './sign-in-again.tsx';

/** A problem on a screen of somebody who is signed in; where it says that the session is over, the way back in is there. */
export const ProblemNote = ({
  problem,
  more = null,
}: {
  problem: Problem | null;
  /** A sentence that only holds here, behind the problem's own. */
  more?: string | null;
}) => (
  <Note
    problem={problem}
    more={
      <>
        {more !== null && <div>{more}</div>}
        {problem?.code === 'unauthorised' && <SignInAgain />}
      </>
    }
  />
);
