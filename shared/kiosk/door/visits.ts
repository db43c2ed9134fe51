import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { AttemptSession } from '../attempt/attempt-session.ts';
import { readLedger } from '../attempt/read-ledger.ts';
import type { Drain } from '../courier/drain.ts';
import type { ServerClock } from '../courier/server-clock.ts';
import type { EngineDeps } from '../engine-deps.ts';
import type { Saved, SavedSession } from '../saved.ts';
import type { Standing } from '../standing.ts';
import type { ViewFeed } from '../view-feed.ts';
import { enrol, signIn } from './door.ts';

type Outcome = Result<null, Problem>;

export interface VisitsDeps {
  readonly deps: EngineDeps;
  readonly standing: Standing;
  readonly saved: Saved;
  readonly serverClock: ServerClock;
  readonly drain: Drain;
  readonly feed: ViewFeed;
  /** Nobody is signed in any more. */
  readonly onLeft: () => void;
  /** Opens the attempt of who came in. */
  readonly open: (session: SavedSession, ackedSeq: number) => Promise<void>;
}

/** Who comes and goes at this machine. One person at one door: one of them at a time, else `conflict`. */
export interface Visits {
  enrol(code: string): Promise<Outcome>;
  signIn(document: string, secret: string): Promise<Outcome>;
  signOut(leaving: AttemptSession): Promise<Outcome>;
}

export const createVisits = (visit: VisitsDeps): Visits => {
  const { deps, standing, saved, serverClock, drain, feed, open } = visit;
  let busy = false;

  const alone = async (task: () => Promise<Outcome>): Promise<Outcome> => {
    if (busy) return fail({ code: 'conflict' });
    busy = true;
    try {
      return await task();
    } finally {
      busy = false;
    }
  };

  const doEnrol = async (code: string): Promise<Outcome> => {
    if (standing.device !== null) return fail({ code: 'not-in-this-stage' });
    const enrolled = await enrol(deps, code);
    if (!enrolled.ok) return enrolled;
    await saved.saveDevice(enrolled.value);
    standing.device = enrolled.value;
    feed.tell('identity', null);
    return ok(null);
  };

  const doSignIn = async (document: string, secret: string): Promise<Outcome> => {
    if (standing.device === null) return fail({ code: 'device-not-enrolled' });
    if (standing.session !== null) return fail({ code: 'not-in-this-stage' });
    const signedIn = await signIn(
      deps,
      serverClock,
      standing.device.deviceToken,
      { document, secret },
      async (attemptId) => (await readLedger(deps.ledger, attemptId)).length,
    );
    if (!signedIn.ok) {
      // Revoked. Only in memory: a wrong server must not make a device forget the right one's token.
      if (signedIn.error.code === 'device-not-enrolled') {
        standing.device = null;
        feed.tell('identity', signedIn.error);
      }
      return signedIn;
    }
    if (standing.stopped) return fail({ code: 'not-in-this-stage' });
    const { token, ticket, template, lastSeq } = signedIn.value;
    await drain.remove(ticket.attemptId);
    await saved.saveSession({ token, ticket, template });
    await open({ token, ticket, template }, lastSeq);
    return ok(null);
  };

  const doSignOut = async (leaving: AttemptSession): Promise<Outcome> => {
    const { phase } = leaving.state();
    if (phase === 'in-progress' || phase === 'paused') return fail({ code: 'not-in-this-stage' });
    const { token, ticket } = leaving.saved;
    const { ackedSeq } = leaving.courier();
    // In this order, so that a crash in between loses neither the entries nor the way back.
    await drain.add({ attemptId: ticket.attemptId, token, ackedSeq });
    await saved.forgetSession();
    if (phase === 'closed') await saved.forgetForm(ticket.attemptId);
    standing.session = null;
    feed.clearProblems();
    visit.onLeft();
    await leaving.stop();
    drain.start();
    try {
      await deps.lockdown.leave();
    } catch (failure) {
      deps.log('error', 'lockdown could not be left', { detail: String(failure) });
    }
    return ok(null);
  };

  return {
    enrol: (code) => alone(() => doEnrol(code)),
    signIn: (document, secret) => alone(() => doSignIn(document, secret)),
    signOut: (leaving) => alone(() => doSignOut(leaving)),
  };
};
