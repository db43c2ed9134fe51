import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeSamples } from '#tools/bench-vision/judge-clip.ts';
import { buildShapedClip, type Shape } from '#tools/clip/acting/shaped-clip.ts';
import { fileClip, type SharedLab, sharedLab } from './shared-lab.ts';

const sitting = (ms: number) => ({ parts: [{ act: 'sitting', ms, who: 'p06' }], seed: 6 }) as const;

// Upright ones come from a real camera: test/renderer/vision/machines.suite.ts.
describe('cameras of all shapes', () => {
  let lab: SharedLab;
  let folder: string;
  beforeAll(async () => {
    lab = await sharedLab();
    folder = await mkdtemp(join(tmpdir(), 'atalaya-shapes-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const look = async (name: string, shape: Shape, ms: number) => {
    const file = `${name}.y4m`;
    await buildShapedClip(sitting(ms), shape, join(folder, file));
    const samples = await lab.look(fileClip(folder, file));
    const { incidents, copyAttempts } = judgeSamples(samples, ms);
    return { samples, judged: { kinds: incidents.map(({ kind }) => kind), copyAttempts } };
  };

  it.each<readonly [string, Shape]>([
    ['small', { width: 320, height: 240, fps: 10 }],
    ['wide', { width: 1280, height: 720, fps: 5 }],
    ['upright', { width: 480, height: 640, fps: 5 }],
    ['slow', { width: 640, height: 480, fps: 5 }],
  ])('%s: the person is seen and nothing comes of it', async (name, shape) => {
    const { samples, judged } = await look(name, shape, 8_000);
    expect(judged).toEqual({ kinds: [], copyAttempts: 0 });
    const seen = samples.filter(({ sample }) => sample.faces.length === 1);
    expect(seen.length / samples.length).toBeGreaterThan(0.9);
    for (const { sample } of seen) {
      const [face] = sample.faces;
      expect(face?.height, JSON.stringify(face)).toBeGreaterThan(0.12);
      expect(face?.height, JSON.stringify(face)).toBeLessThan(0.72);
    }
  });

  it('nine tenths dark: guidance and a review, never a copy attempt', async () => {
    const { judged } = await look('dark', { width: 640, height: 480, fps: 5, light: 0.1 }, 12_500);
    expect(judged).toEqual({ kinds: ['low-light'], copyAttempts: 0 });
  });
});
