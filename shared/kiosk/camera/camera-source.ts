import { virtualCamera } from '#shared/incident/camera-name.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { Facts, Observation } from '#shared/incident/observation.ts';
import {
  INITIAL_REPEATS,
  repeatedShare,
  withPicture,
} from '#shared/incident/rules/synthetic-picture.rule.ts';
import type { ExamTime } from '#shared/kernel/time.ts';

/** As much of a camera's name as a requirement and a proctor see. */
const NAME_LENGTH = 80;

/** Whether the pictures come from a camera or from a program: by the camera's name and by frames that come again. */
export interface CameraSource {
  /** @param t exam time at which the frame was taken. */
  sample(sample: CameraSample, t: ExamTime): readonly Observation[];
}

export const createCameraSource = (): CameraSource => {
  let label: string | undefined;
  let program: string | null = null;
  let repeats = INITIAL_REPEATS;
  let on = false;

  const facts = (): Facts => {
    if (program === null) {
      return { sign: 'repeats', share: Math.round(repeatedShare(repeats) * 100) / 100 };
    }
    return { sign: 'name', program, device: (label ?? '').toWellFormed().slice(0, NAME_LENGTH) };
  };

  return {
    sample: (sample, t) => {
      if (sample.label !== undefined && sample.label !== label) {
        label = sample.label;
        program = virtualCamera(sample.label);
        // Another camera: what the one before showed says nothing about it.
        repeats = INITIAL_REPEATS;
      }
      repeats = withPicture(repeats, sample, t);
      const is = program !== null || repeats.on;
      if (is === on) return [];
      on = is;
      const phase = is ? 'began' : 'ended';
      return [{ kind: 'virtual-camera', phase, t, facts: is ? facts() : {} }];
    },
  };
};
