import { DESCRIPTOR_LENGTH, type FaceCapture } from '#shared/identity/face-capture.ts';

const face: NonNullable<FaceCapture['face']> = {
  x: 0.38,
  y: 0.29,
  width: 0.22,
  height: 0.29,
  score: 0.9,
  yaw: -0.09,
};

/** A good frame; another number is another moment of the same person. */
export const capture = (moment: number, change: Partial<FaceCapture> = {}): FaceCapture => ({
  ageMs: 40,
  faces: 1,
  face,
  facePixels: 140,
  faceMean: 120,
  sharpness: 100,
  descriptor: Array.from({ length: DESCRIPTOR_LENGTH }, (_, i) => ((i * 7 + moment) % 13) / 100),
  ...change,
});
