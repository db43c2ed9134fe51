import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { IdentitySettings } from '#shared/identity/identity-facts.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { CameraSight } from './camera-coverage.ts';

/** A worker that is started again is back within a second or two; only a longer failure is told to the room, ms. */
const FAILED_AFTER_MS = 5_000;
/** Objects are looked for every 2 s: without such a look for this long, nobody looks any more, ms. */
const OBJECTS_FRESH_MS = 15_000;
/** So many captures of a face in a row without a descriptor, and the model is broken. */
const BLIND_CAPTURES = 3;

/** Follows what the camera is good for, from what the page sends. */
export interface CameraSightWatch {
  sample(sample: CameraSample, t: ExamTime): void;
  capture(capture: FaceCapture): void;
  sight(t: ExamTime): CameraSight;
}

export const createCameraSight = (settings: IdentitySettings): CameraSightWatch => {
  let failedSinceT: ExamTime | null = null;
  let objectsT: ExamTime | null = null;
  let blind = 0;
  return {
    sample: (sample, t) => {
      if (sample.status !== 'vision-failed' && sample.status !== 'unheard') failedSinceT = null;
      else failedSinceT ??= t;
      if (sample.objects !== undefined) objectsT = t;
    },
    capture: ({ face, descriptor }) => {
      if (descriptor !== null) blind = 0;
      else if (face !== null) blind += 1;
    },
    sight: (t) => ({
      faces: failedSinceT !== null && t - failedSinceT >= FAILED_AFTER_MS ? 'failed' : 'ok',
      objects: objectsT !== null && t - objectsT < OBJECTS_FRESH_MS,
      identity:
        settings.check === 'by-hand' ? 'by-hand' : blind >= BLIND_CAPTURES ? 'failed' : 'ok',
    }),
  };
};
