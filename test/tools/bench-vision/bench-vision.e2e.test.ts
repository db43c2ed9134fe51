import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VisionPage } from '#test/support/vision-page.ts';
import { generatedClips } from '#tools/bench-vision/generated-clips.ts';
import { judgeSamples } from '#tools/bench-vision/judge-clip.ts';
import { VisionLab } from '#tools/bench-vision/measure.ts';
import { reportOf } from '#tools/bench-vision/report.ts';
import { resolveSet, type SetClip } from '#tools/bench-vision/vision-set.ts';
import { buildActClip } from '#tools/clip/acting/build-act-clip.ts';

const clipsOf = (clips: object[]): readonly SetClip[] =>
  resolveSet({ name: 'test', about: 'test', clips }, '.').clips;

describe('clips faster than real time', () => {
  let lab: VisionLab;
  let worker = 0;
  beforeAll(async () => {
    lab = await VisionLab.open();
    worker = await lab.worker();
  });
  afterAll(() => lab?.close());

  it('come out as in front of a camera', async () => {
    const parts = [
      { act: 'sitting', ms: 8_000, who: 'p06' },
      { act: 'gone', ms: 8_000 },
      { act: 'sitting', ms: 7_000 },
      { act: 'two-people', ms: 4_000 },
      { act: 'sitting', ms: 2_000 },
    ] as const;
    const [clip] = clipsOf([
      { acts: parts, seed: 3, person: 'p06', condition: 'mixed', expected: [] },
    ]);
    if (!clip) throw new Error('no clip');
    const quick = await lab.clip(worker, clip, null);

    const camera = await VisionPage.open('person', false, {
      film: (file) => buildActClip({ parts, seed: 3 }, file),
    });
    try {
      const page = await camera.watch();
      const { first, samples } = await page.evaluate(async (endMs) => {
        const { watch, samples: taken } = window.vision;
        const began = watch.firstFrameAt ?? 0;
        while (performance.now() < began + endMs) await new Promise((done) => setTimeout(done, 50));
        return { first: began, samples: taken };
      }, quick.durationMs);
      const timed = samples.map(({ at, sample }) => ({ t: Math.round(at - first), sample }));
      const live = judgeSamples(
        timed.filter(({ t }) => t <= quick.durationMs),
        quick.durationMs,
      );
      expect(quick.incidents.map(({ kind }) => kind)).toEqual(['no-face', 'several-faces']);
      expect(live.incidents.map(({ kind }) => kind)).toEqual(['no-face', 'several-faces']);
      for (const [i, incident] of live.incidents.entries()) {
        // Two looks a second when all is calm: each road knows an edge to within a look and its neighbour.
        const other = quick.incidents[i];
        expect(Math.abs(incident.startedMs - (other?.startedMs ?? 0))).toBeLessThan(1_200);
        expect(Math.abs((incident.endedMs ?? 0) - (other?.endedMs ?? 0))).toBeLessThan(1_200);
      }
    } finally {
      await camera.close();
    }
  });

  it('normal minutes bring nothing, and violations what they must, in time', async () => {
    const wanted = ['normal', 'turned-left', 'gone', 'two-people', 'covered', 'silent'];
    const all = clipsOf(generatedClips());
    const clips = wanted.flatMap((name) => all.find(({ condition }) => condition === name) ?? []);
    expect(clips).toHaveLength(wanted.length);
    const measured = [];
    for (const clip of clips) measured.push(await lab.clip(worker, clip, null));
    const report = reportOf({ name: 'test', about: 'test', generated: true }, measured, []);
    expect(report).toMatchObject({
      goalsReached: true,
      missed: [],
      late: [],
      wrong: [],
      normal: { copyAttempts: 0 },
      all: { found: 5, expected: 5, falseIncidents: 0 },
    });
    expect(report.all.looksWithFace?.value).toBeGreaterThan(0.97);
  });

  it('a label that is wrong is reported, as missed and as false', async () => {
    const [clip] = clipsOf([
      {
        acts: [
          { act: 'sitting', ms: 4_000 },
          { act: 'two-people', ms: 4_000 },
        ],
        person: 'p01',
        condition: 'mislabelled',
        expected: [{ kind: 'camera-covered', fromMs: 4_000, toMs: 8_000 }],
      },
    ]);
    if (!clip) throw new Error('no clip');
    const report = reportOf(
      { name: 'test', about: 'test', generated: false },
      [await lab.clip(worker, clip, null)],
      [],
    );
    expect(report.goalsReached).toBe(false);
    expect(report.missed).toEqual(['clip-1 (mislabelled, p01): no camera-covered at 4.0 s']);
    expect(report.wrong[0]).toContain('several-faces');
  });
});
