import { classifyCamera, silence } from '#shared/incident/camera-conditions.ts';
import type { CameraSample, Face } from '#shared/incident/camera-sample.ts';
import { type CameraState, INITIAL_CAMERA } from '#shared/incident/camera-state.ts';
import type { Place } from '#shared/incident/incident.ts';
import type { Observation } from '#shared/incident/observation.ts';
import type { Policy } from '#shared/incident/policy.ts';
import { isGoodPicture } from '#shared/incident/rules/good-picture.ts';
import { learnAgain } from '#shared/incident/rules/head-turn.rule.ts';
import { largestFace } from '#shared/incident/rules/picture.rule.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import { createCameraSource } from './camera-source.ts';

/** A camera is taken as giving a picture when its last good sample is at most this old, ms. */
const FRESH_MS = 3_000;

/** Turns camera samples into facts. Silence of the camera is a fact too. */
export interface CameraWatch {
  /** @param t exam time of the report; the sample's own age is taken off. */
  sample(sample: CameraSample, t: ExamTime): readonly Observation[];
  /** To be called some times a second: notices that no samples come any more. */
  tick(t: ExamTime): readonly Observation[];
  /** When the camera last gave a picture by which the policy could judge somebody; null when it never did. */
  goodT(): ExamTime | null;
  /** Whether there is a live picture now. */
  picture(t: ExamTime): 'ok' | 'none' | 'failed';
  /** Faces of the last sample that are not the largest, which is taken for the examinee's. */
  others(): readonly Place[];
  /** The exam begins or goes on: how the head is held when looking at the screen is learnt from here. */
  learnNeutral(): void;
  /** Begins anew at `t`: what was seen before is forgotten. */
  restart(t: ExamTime): void;
}

export const createCameraWatch = (startT: ExamTime, policy: Policy): CameraWatch => {
  let state: CameraState = INITIAL_CAMERA;
  let last: {
    readonly t: ExamTime;
    readonly good: boolean;
    readonly faces: readonly Face[];
  } | null = null;
  let goodT: ExamTime | null = null;
  let since = startT;
  let source = createCameraSource();

  return {
    sample: (sample, t) => {
      last = { t, good: sample.status === 'ok', faces: sample.faces };
      const takenT = Math.max(0, Math.round(t - sample.ageMs));
      if (isGoodPicture(sample, policy)) goodT = takenT;
      const outcome = classifyCamera(state, sample, takenT);
      state = outcome.state;
      return [...outcome.observations, ...source.sample(sample, takenT)];
    },
    tick: (t) => {
      // The page needs a moment to open the camera: silence counts from the restart at the earliest.
      if (last === null && t - since < FRESH_MS) return [];
      const outcome = silence(state, t, last?.t ?? null);
      state = outcome.state;
      return outcome.observations;
    },
    goodT: () => goodT,
    picture: (t) => {
      if (last === null || t - last.t > FRESH_MS) return 'none';
      return last.good ? 'ok' : 'failed';
    },
    others: () => {
      const faces = last?.faces ?? [];
      const own = largestFace(faces);
      return faces
        .filter((face) => face !== own)
        .map(({ x, y, width, height }) => ({ x, y, width, height }));
    },
    learnNeutral: () => {
      state = { ...state, head: learnAgain(state.head) };
    },
    restart: (t) => {
      state = INITIAL_CAMERA;
      source = createCameraSource();
      last = null;
      goodT = null;
      since = t;
    },
  };
};
