import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { VisionPage } from '#test/support/vision-page.ts';
import type { SceneName } from '#tools/clip/scenes.ts';

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

describe('what the real worker sees of each scene in a real browser', () => {
  let vision: VisionPage;
  let page: Page;
  beforeAll(async () => {
    vision = await VisionPage.open('person');
    page = await vision.watch();
  });
  afterAll(() => vision?.close());

  it.each(EXPECTED)('%s', async (scene, expected) => {
    await vision.show(scene);
    // The picture itself, its faces and the difference to the one before all belong to the scene.
    await page.waitForTimeout(900);
    const samples = await page.evaluate(async () => {
      const from = window.vision.samples.length;
      while (window.vision.samples.length < from + 6) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return window.vision.samples.slice(from).map(({ sample }) => sample);
    });
    for (const sample of samples) {
      expect(sample.status).toBe('ok');
      expect(sample.faces, JSON.stringify(sample)).toHaveLength(expected.faces);
      for (const [name, bounds] of Object.entries(expected.bounds)) {
        const value = MEASURES[name as keyof typeof MEASURES](sample);
        expect(value, `${name} of ${JSON.stringify(sample)}`).toBeGreaterThanOrEqual(bounds[0]);
        expect(value, `${name} of ${JSON.stringify(sample)}`).toBeLessThanOrEqual(bounds[1]);
      }
    }
  });

  it('needs nothing but its own origin, under a policy without eval', () => {
    expect(vision.requests.some((url) => url.endsWith('.wasm'))).toBe(true);
    expect(vision.requests.filter((url) => new URL(url).origin !== vision.origin)).toEqual([]);
    expect(vision.errors).toEqual([]);
  });
});
