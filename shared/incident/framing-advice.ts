import type { CameraSample } from './camera-sample.ts';
import type { IncidentKind } from './kind.ts';
import { kindPolicy, type Policy } from './policy.ts';
import { isCovered, isDark, largestFace } from './rules/picture.rule.ts';

/** What the framing guide says: one thing at a time, the one that must be mended first. */
export type FramingAdvice =
  | 'ok'
  | 'no-camera'
  | 'nobody'
  | 'two-people'
  | 'move-closer'
  | 'move-back'
  | 'centre'
  | 'more-light'
  | 'look-ahead';

/** Face heights, as parts of the frame's, at which the face is large enough to know and the torso still shows. */
const SMALLEST_FACE = 0.15;
const LARGEST_FACE = 0.5;
/** The face's middle, as parts of the frame's width, and its lower edge: below it there must be room for shoulders. */
const CENTRE_FROM = 0.28;
const CENTRE_TO = 0.72;
const LOWEST_CHIN = 0.85;
/** The face is whole with hair and chin when its box keeps this distance from the top. */
const HIGHEST_BROW = 0.02;
/** Looking past the screen; stricter than the exam's own threshold, since nobody's neutral is known yet. */
const AHEAD = 0.25;

/**
 * Advice for sitting rightly in front of the camera: full face and part of the torso (Art. 25c), alone
 * (Art. 26e), in enough light (Art. 26b).
 * @param policy the examinee's, accommodations applied: who may have a helper in the picture, look away or
 * cover the face is not kept from starting by it. null while it is unknown.
 */
export const framingAdvice = (sample: CameraSample, policy: Policy | null): FramingAdvice => {
  const asked = (kind: IncidentKind): boolean =>
    policy === null || kindPolicy(policy, kind).effect === 'count';
  if (sample.status !== 'ok' || isCovered(sample)) return 'no-camera';
  const face = largestFace(sample.faces);
  if (isDark(sample)) return 'more-light';
  if (face === undefined) return asked('no-face') ? 'nobody' : 'ok';
  if (sample.faces.length > 1 && asked('several-faces')) return 'two-people';
  if (face.height > LARGEST_FACE) return 'move-back';
  if (face.height < SMALLEST_FACE) return 'move-closer';
  const middle = face.x + face.width / 2;
  const inside = face.x > 0 && face.x + face.width < 1 && face.y > HIGHEST_BROW;
  const room = face.y + face.height < LOWEST_CHIN;
  if (!inside || !room || middle < CENTRE_FROM || middle > CENTRE_TO) return 'centre';
  return Math.abs(face.yaw) > AHEAD && asked('turned-away') ? 'look-ahead' : 'ok';
};
