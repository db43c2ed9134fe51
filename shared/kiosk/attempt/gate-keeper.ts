import { gateTimes, type Policy } from '#shared/incident/policy.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { FactData } from '#shared/wire/facts.ts';
import type { AttemptCore } from './attempt-core.ts';

/** Lets the examinee in after a start, a pause, a closing (`shared/attempt/gate.ts`). */
export interface GateKeeper {
  /** "It is I." @returns `not-in-this-stage` while no exam runs; again: nothing. */
  press(): Promise<Result<null, Problem>>;
  /** When the camera begins to count; null while that depends on somebody or on the camera. */
  countsAtT(): ExamTime | null;
  /** To be called some times a second. */
  tick(t: ExamTime): void;
}

export const createGateKeeper = (core: AttemptCore, policy: Policy): GateKeeper => {
  const { graceMs, pictureMs } = gateTimes(policy) ?? { graceMs: 0, pictureMs: 0 };
  let opening = false;

  /** The first good picture since a press: later ones do not make the grace longer. */
  let first: { readonly pressedT: ExamTime; readonly t: ExamTime } | null = null;

  const countsAtT = (): ExamTime | null => {
    const pressedT = core.state().gate?.pressedT ?? null;
    const goodT = core.camera.goodT();
    if (pressedT === null || goodT === null) return null;
    if (first?.pressedT !== pressedT) {
      if (goodT < pressedT) return null;
      first = { pressedT, t: goodT };
    }
    return first.t + graceMs;
  };

  const due = (t: ExamTime): FactData<'watch-began'>['judged'] | null => {
    const { gate } = core.state();
    if (gate === null || gate.pressedT === null) return null;
    const countsT = countsAtT();
    if (countsT !== null) return t >= countsT ? 'counts' : null;
    return !gate.review && t >= gate.pressedT + pictureMs ? 'review' : null;
  };

  return {
    press: () =>
      core.turn(async () => {
        await core.settle();
        const { phase, gate } = core.state();
        if (phase !== 'in-progress') return fail({ code: 'not-in-this-stage' });
        if (gate !== null && gate.pressedT === null) await core.writer.write('gate-passed', {});
        return ok(null);
      }),
    countsAtT,
    tick: (t) => {
      if (opening || due(t) === null) return;
      opening = true;
      core.spawn(async () => {
        try {
          await core.settle();
          const judged = core.state().phase === 'in-progress' ? due(core.clock.now()) : null;
          if (judged !== null) await core.beginWatch(judged);
        } finally {
          opening = false;
        }
      });
    },
  };
};
