import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import { kindPolicy, type Policy } from '#shared/incident/policy.ts';
import { isCovered } from './picture.rule.ts';

/**
 * Whether the camera shows somebody by whom counting may begin: one face in a picture that nothing covers.
 * @param policy the examinee's, accommodations applied: what does not count is not asked for.
 */
export const isGoodPicture = (sample: CameraSample, policy: Policy): boolean => {
  const asked = (kind: IncidentKind): boolean => kindPolicy(policy, kind).effect === 'count';
  if (sample.status !== 'ok' || sample.luma === null || isCovered(sample)) return false;
  if (sample.faces.length === 0) return !asked('no-face');
  return sample.faces.length === 1 || !asked('several-faces');
};
