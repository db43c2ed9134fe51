import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { buildClip } from '#tools/clip/build-clip.ts';
import type { SceneName } from '#tools/clip/scenes.ts';
import { fileClip, type SharedLab, sharedLab } from './shared-lab.ts';

interface Expected {
  readonly faces: number;
  /** Bounds of a number of each sample, both inclusive. */
  readonly bounds: Partial<Record<keyof typeof MEASURES, readonly [number, number]>>;
}

const MEASURES = {
  left: (s: CameraSample) => s.faces[0]?.x,
  height: (s: CameraSample) => s.faces[0]?.height,
  yaw: (s: CameraSample) => s.faces[0]?.yaw,
  faceMean: (s: CameraSample) => s.luma?.faceMean ?? undefined,
  std: (s: CameraSample) => s.luma?.std,
  flatFraction: (s: CameraSample) => s.luma?.flatFraction,
  difference: (s: CameraSample) => s.luma?.difference ?? undefined,
} as const;

const MOVING = [0.1, 20] as const;
const WELL_SEEN: Expected = {
  faces: 1,
  bounds: {
    left: [0.3, 0.5],
    height: [0.25, 0.35],
    yaw: [-0.2, 0.2],
    faceMean: [80, 200],
    flatFraction: [0, 0.5],
    difference: MOVING,
  },
};

const EXPECTED: readonly (readonly [SceneName, Expected])[] = [
  ['person', WELL_SEEN],
  ['nobody', { faces: 0, bounds: { flatFraction: [0, 0.5], std: [30, 90], difference: MOVING } }],
  ['person-b', WELL_SEEN],
  ['two-people', { faces: 2, bounds: { difference: MOVING } }],
  ['turned', { faces: 1, bounds: { yaw: [0.35, 1], difference: MOVING } }],
  ['cut', { faces: 1, bounds: { left: [-0.2, -0.03], difference: MOVING } }],
  ['far', { faces: 1, bounds: { height: [0.05, 0.13], difference: MOVING } }],
  ['near', { faces: 1, bounds: { height: [0.65, 1], difference: MOVING } }],
  ['dark', { faces: 1, bounds: { faceMean: [5, 25], difference: MOVING } }],
  [
    'covered',
    { faces: 0, bounds: { flatFraction: [0.95, 1], std: [0, 5], difference: [0.01, 5] } },
  ],
  ['frozen', { faces: 1, bounds: { difference: [0, 0] } }],
];

describe('what the real worker sees of each scene', () => {
  let lab: SharedLab;
  let folder: string;
  beforeAll(async () => {
    lab = await sharedLab();
    folder = await mkdtemp(join(tmpdir(), 'atalaya-scenes-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(EXPECTED)('%s', async (scene, expected) => {
    const file = `${scene}.y4m`;
    await buildClip({ scenes: [{ scene, ms: 2_000 }], out: join(folder, file) });
    const [first, ...samples] = await lab.look(fileClip(folder, file));
    // Compared with nothing, since another clip was before it.
    expect(first?.sample.luma?.difference).toBeNull();
    expect(samples.length).toBeGreaterThan(2);
    for (const { sample } of samples) {
      expect(sample.status).toBe('ok');
      expect(sample.faces, JSON.stringify(sample)).toHaveLength(expected.faces);
      for (const [name, bounds] of Object.entries(expected.bounds)) {
        const value = MEASURES[name as keyof typeof MEASURES](sample);
        expect(value, `${name} of ${JSON.stringify(sample)}`).toBeGreaterThanOrEqual(bounds[0]);
        expect(value, `${name} of ${JSON.stringify(sample)}`).toBeLessThanOrEqual(bounds[1]);
      }
    }
  });
});
