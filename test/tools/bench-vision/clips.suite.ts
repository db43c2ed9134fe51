import { beforeAll, describe, expect, it } from 'vitest';
import { VisionPage } from '#test/support/vision-page.ts';
import { judgeSamples, leastMs } from '#tools/bench-vision/judge-clip.ts';
import { reportOf } from '#tools/bench-vision/report.ts';
import { kindOf } from '#tools/clip/acting/acts.ts';
import { buildActClip } from '#tools/clip/acting/build-act-clip.ts';
import { clipsOf, type SharedLab, sharedLab } from './shared-lab.ts';

describe('clips faster than real time', () => {
  let lab: SharedLab;
  beforeAll(async () => {
    lab = await sharedLab();
  });

  it('come out as in front of a camera', async () => {
    const parts = [
      { act: 'sitting', ms: 3_000, who: 'p06' },
      { act: 'gone', ms: 6_500 },
      { act: 'sitting', ms: 4_000 },
      { act: 'two-people', ms: 3_500 },
      { act: 'sitting', ms: 2_500 },
    ] as const;
    const [clip] = clipsOf([
      { acts: parts, seed: 3, person: 'p06', condition: 'mixed', expected: [] },
    ]);
    if (!clip) throw new Error('no clip');
    const quick = await lab.measure(clip);

    const camera = await VisionPage.open('person', false, {
      film: (file) => buildActClip({ parts, seed: 3 }, file),
    });
    try {
      const page = await camera.visit();
      // What is shown before the models are there is not seen, and on a busy machine that would be half of the clip.
      await page.evaluate(() => window.vision.watch.preload());
      await page.waitForFunction(() => window.vision.states.at(-1)?.state === 'ready');
      const { first, samples } = await page.evaluate(async (endMs) => {
        const { watch, samples: taken } = window.vision;
        await watch.start();
        while (watch.firstFrameAt === null) await new Promise((done) => setTimeout(done, 5));
        const began = watch.firstFrameAt;
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

  /** How the head is held is known after so long, ms; what needs no such thing comes sooner. */
  const BEFORE_MS: Readonly<Record<string, number>> = { 'turned-left': 14_000 };

  it('normal behaviour brings nothing, and violations what they must, in time', async () => {
    const normal = [
      { act: 'sitting', ms: 6_000, who: 'p03' },
      { act: 'glance-left', ms: 2_000 },
      { act: 'nodding', ms: 2_500 },
      { act: 'sitting', ms: 3_000 },
      { act: 'looking-down', ms: 3_500 },
      { act: 'drinking', ms: 3_600 },
      { act: 'sitting', ms: 3_000 },
      { act: 'glance-right', ms: 2_000 },
      { act: 'reading-aloud', ms: 5_000 },
      { act: 'sitting', ms: 3_000 },
    ];
    const violations = (['turned-left', 'gone', 'two-people', 'covered', 'silent'] as const).map(
      (act) => {
        const kind = kindOf(act);
        if (kind === null) throw new Error(`${act} is no violation`);
        const before = BEFORE_MS[act] ?? 3_000;
        const ms = leastMs(kind) + 3_000;
        return {
          acts: [
            { act: 'sitting', ms: before, who: 'p03' },
            { act, ms },
            { act: 'sitting', ms: 3_000 },
          ],
          person: 'p03',
          condition: act,
          expected: [{ kind, fromMs: before, toMs: before + ms }],
        };
      },
    );
    const clips = clipsOf([
      { acts: normal, seed: 7, person: 'p03', condition: 'normal', expected: [] },
      ...violations,
    ]);
    const measured = [];
    for (const clip of clips) measured.push(await lab.measure(clip));
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

  it('lights that go out are poor light and no cover, whoever sits there', async () => {
    const clips = clipsOf(
      (['p01', 'p06'] as const).map((who) => ({
        acts: [
          { act: 'sitting', ms: 3_000, who },
          { act: 'lights-out', ms: 13_000 },
          { act: 'sitting', ms: 2_000 },
        ],
        person: who,
        condition: 'lights-out',
        expected: [],
      })),
    );
    for (const clip of clips) {
      const { incidents, copyAttempts } = await lab.measure(clip);
      expect(incidents.map(({ kind }) => kind)).toEqual(['low-light']);
      expect(copyAttempts).toBe(0);
    }
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
      [await lab.measure(clip)],
      [],
    );
    expect(report.goalsReached).toBe(false);
    expect(report.missed).toEqual(['clip-1 (mislabelled, p01): no camera-covered at 4.0 s']);
    expect(report.wrong[0]).toContain('several-faces');
  });
});
