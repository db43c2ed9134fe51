import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import type { FaceCapture, Template } from '#shared/identity/face-capture.ts';
import { INITIAL_WATCH, type Reference, watchIdentity } from '#shared/identity/identity-watch.ts';
import { INITIAL_STILLNESS, watchStillness } from '#shared/identity/stillness.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { thresholdsOf } from '#shared/incident/identity-thresholds.ts';
import type { Observation } from '#shared/incident/observation.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { Saved, SavedAnchor } from '#shared/kiosk/saved.ts';

/** Who sits there while the exam runs. Not asked where the room checks by hand: then no face is compared at all. */
export interface IdentityWatch {
  capture(capture: FaceCapture, t: ExamTime): readonly Observation[];
  /** A sample of the running exam. */
  sample(sample: CameraSample, t: ExamTime): readonly Observation[];
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

/** Whom the face is compared with, as the ledger tells it; null when nobody may be. */
const referenceOf = (
  { identity, startedT }: AttemptState,
  template: Template | null,
  anchor: SavedAnchor | null,
): Reference | null => {
  const { settings, checks, decision } = identity;
  if (settings.check !== 'face') return null;
  const byFace = checks.at(-1)?.outcome === 'verified';
  // A decision during the exam is about whoever sits there then, whatever the template says.
  const overruled = decision !== null && startedT !== null && decision.t >= startedT;
  if (template !== null && byFace && !overruled)
    return { by: 'template', descriptor: template.descriptor };
  if (decision === null || decision.decision === 'refused') return null;
  const known = anchor?.decidedT === decision.t ? anchor.descriptor : null;
  return { by: 'anchor', decidedT: decision.t, descriptor: known };
};

export const createIdentityWatch = (options: {
  readonly attemptId: AttemptId;
  readonly state: () => AttemptState;
  readonly template: Template | null;
  readonly saved: Saved;
  /** As it was made before a restart. */
  readonly anchor: SavedAnchor | null;
}): IdentityWatch => {
  const { attemptId, saved } = options;
  let anchor = options.anchor?.attemptId === attemptId ? options.anchor : null;
  let watch = INITIAL_WATCH;
  let stillness = INITIAL_STILLNESS;
  const reference = () => referenceOf(options.state(), options.template, anchor);

  const keep = (descriptor: readonly number[], decidedT: ExamTime): void => {
    anchor = { attemptId, decidedT, descriptor: [...descriptor] };
    // Not kept, it is made anew after a restart.
    saved.saveAnchor(anchor).catch(() => undefined);
  };

  return {
    capture: (capture, t) => {
      const against = reference();
      const outcome = watchIdentity(
        watch,
        capture,
        t,
        against,
        thresholdsOf(options.state().policy),
      );
      watch = outcome.state;
      if (outcome.anchor !== null && against?.by === 'anchor')
        keep(outcome.anchor, against.decidedT);
      return outcome.observations;
    },
    sample: (sample, t) => {
      if (options.state().identity.settings.check !== 'face') return [];
      const outcome = watchStillness(stillness, sample, t);
      stillness = outcome.state;
      if (outcome.sign === null) return [];
      const { place, yaw } = outcome.sign.spread;
      const facts = { sign: 'photograph', spread: rounded(yaw), moved: rounded(place) };
      return [{ kind: 'identity-mismatch', phase: 'happened', t, facts }];
    },
  };
};
