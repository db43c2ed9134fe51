import type { CameraSample, Face } from '#shared/incident/camera-sample.ts';

const FACE: Face = { x: 0.35, y: 0.25, width: 0.28, height: 0.38, score: 0.95, yaw: 0 };

let frames = 0;

/**
 * A sample of a camera that sees so many people, sitting straight in good light.
 * @param sway how far they moved to a side, as a part of the frame.
 * @param yaw how they hold their heads.
 */
export const cameraSample = (faces: number, noise = 0, sway = 0, yaw = 0): CameraSample => ({
  ageMs: 50,
  status: 'ok',
  faces: Array.from({ length: faces }, (_, i) => ({
    ...FACE,
    x: FACE.x + i * 0.3 - (i > 0 ? 0.3 : 0) + sway,
    yaw,
  })),
  luma: {
    // A sensor's noise: no two frames are exactly alike.
    mean: 120 + ++frames / 19_200,
    std: 50,
    flatFraction: 0.1,
    faceMean: faces > 0 ? 120 : null,
    difference: 2 + noise,
  },
});
