import type { CameraSample } from './camera-sample.ts';
import type { IncidentKind } from './kind.ts';
import type { Facts } from './observation.ts';
import type { HeadState } from './rules/head-turn.rule.ts';
import { framingOf, largestFace } from './rules/picture.rule.ts';

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** The numbers that a person needs to judge what the camera shows. */
export const cameraFacts = (kind: IncidentKind, sample: CameraSample, head: HeadState): Facts => {
  const face = largestFace(sample.faces);
  const { luma } = sample;
  switch (kind) {
    case 'device-failure':
      if (sample.status === 'vision-failed') return { part: 'vision' };
      return sample.status === 'unheard'
        ? { part: 'page' }
        : { part: 'camera', status: sample.status };
    case 'camera-off':
      return { status: sample.status };
    case 'several-faces':
      return { faces: sample.faces.length };
    case 'turned-away':
      return face === undefined
        ? {}
        : { yaw: rounded(face.yaw), neutral: rounded(head.neutral), score: rounded(face.score) };
    case 'off-frame':
      return face === undefined
        ? {}
        : { framing: framingOf(face), faceHeight: rounded(face.height) };
    case 'prohibited-object': {
      const surest = sample.objects?.toSorted((a, b) => b.score - a.score)[0];
      return surest === undefined
        ? {}
        : { object: `object-${surest.kind}`, score: rounded(surest.score) };
    }
    case 'camera-covered':
    case 'camera-frozen':
    case 'low-light':
    case 'no-face':
      return {
        faces: sample.faces.length,
        ...(luma === null ? {} : { mean: rounded(luma.mean), std: rounded(luma.std) }),
        ...(luma?.faceMean == null ? {} : { faceMean: rounded(luma.faceMean) }),
      };
    default:
      return {};
  }
};
