import { type AppStore, SIGNED_OUT } from '#renderer/dashboard/shell/app-store.ts';
import { goTo } from '#renderer/dashboard/shell/navigation.ts';
import type { Shell } from '#renderer/dashboard/shell/shell-context.tsx';
import type { Problem } from '#shared/kernel/problem.ts';
import type { PeopleApi } from './api.ts';

/** Whose session this is. The address stays over a log-in, so that a link leads where it says. */
export interface Session extends Pick<Shell, 'start' | 'signIn' | 'signOut'> {
  /** The server knows the person no more. */
  ended(problem: Problem): void;
}

export const createSession = (api: PeopleApi, app: AppStore): Session => ({
  start: async () => {
    app.setState({ stage: 'starting', notice: null });
    const me = await api.me();
    if (me.ok) app.setState({ ...SIGNED_OUT, stage: 'signed-in', me: me.value });
    else if (me.error.code === 'unauthorised') app.setState(SIGNED_OUT);
    else app.setState({ stage: 'unreachable', notice: me.error });
  },
  signIn: async (user, password) => {
    const answer = await api.signIn(user, password);
    if (!answer.ok) return answer.error;
    app.setState({ ...SIGNED_OUT, stage: 'signed-in', me: answer.value });
    return null;
  },
  signOut: async (everywhere = false) => {
    const answer = await api.signOut(everywhere);
    if (!answer.ok && answer.error.code !== 'unauthorised') {
      // The cookie is http-only: without the server nobody can take it away, and saying otherwise would be a lie.
      app.setState({ notice: answer.error });
      return;
    }
    app.setState(SIGNED_OUT);
    // Whoever signs in next begins at the beginning.
    goTo('rooms', {}, { replace: true });
  },
  ended: (notice) => app.setState({ ...SIGNED_OUT, notice }),
});
