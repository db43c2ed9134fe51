import type { Problem } from '#shared/kernel/problem.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { ReachState } from './courier/reach.ts';
import type { ServerClock } from './courier/server-clock.ts';
import type { Standing } from './standing.ts';
import { buildView, sameView } from './view.ts';

/** Where something is wrong, the most pressing first: one problem is shown. */
const SOURCES = ['fork', 'storage', 'courier', 'identity'] as const;
export type ProblemSource = (typeof SOURCES)[number];

/** What the screens are shown. */
export interface ViewFeed {
  /** Tells the listeners when something to be seen has changed. */
  publish(): void;
  /** Shows a problem, or that it is over (null). */
  tell(source: ProblemSource, problem: Problem | null): void;
  /** Forgets every problem without a word: whoever does publishes. */
  clearProblems(): void;
  /** Tells the current view at once. @returns what ends the subscription. */
  subscribe(listener: (view: KioskView) => void): () => void;
  end(): void;
}

/** @param reach whether the server answers, as far as the requests tell. */
export const createViewFeed = (
  standing: Standing,
  serverClock: ServerClock,
  reach: () => ReachState,
): ViewFeed => {
  const listeners = new Set<(view: KioskView) => void>();
  const problems = new Map<ProblemSource, Problem>();

  const currentView = (before: KioskView | null): KioskView => {
    const pressing = SOURCES.find((source) => problems.has(source));
    const { started, device, institution, session } = standing;
    return buildView(
      {
        started,
        device,
        institution,
        session,
        serverClock,
        reach: reach(),
        problem: pressing === undefined ? null : (problems.get(pressing) ?? null),
      },
      before,
    );
  };
  let view = currentView(null);

  const publish = (): void => {
    if (standing.stopped) return;
    const next = currentView(view);
    if (sameView(next, view)) return;
    view = next;
    for (const listener of [...listeners]) listener(view);
  };

  return {
    publish,
    tell: (source, problem) => {
      if (problem === null) problems.delete(source);
      else problems.set(source, problem);
      publish();
    },
    clearProblems: () => problems.clear(),
    subscribe: (listener) => {
      listeners.add(listener);
      listener(view);
      return () => listeners.delete(listener);
    },
    end: () => listeners.clear(),
  };
};
