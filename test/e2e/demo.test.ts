import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { demoFolder, runTool } from '#test/support/run-demo.ts';
import { buildClip } from '#tools/clip/build-clip.ts';

const folder = demoFolder();
afterAll(folder.remove);

describe('the whole road', () => {
  // Under the rules and in the time of a real exam: the one run in which nothing is shortened.
  it('ends a scripted exam with three counted copy attempts, closed, all on record', async () => {
    const summary = await folder.demo([]);
    expect(summary.incidents.map(({ kind, counted }) => [kind, counted])).toEqual([
      ['no-face', true],
      ['clipboard', true],
      ['focus-lost', true],
    ]);
    expect(summary).toMatchObject({
      copyAttempts: 3,
      attemptState: 'closed',
      closedBy: 'copy-attempts',
      ledger: { valid: true, serverHasAll: true },
      externalRequests: 0,
    });
    expect(summary.latencyMs.p95).not.toBeNull();
    const verdict = await runTool('verify.ts', [join(folder.path, 'intento.json')]);
    expect(verdict.code, verdict.output).toBe(0);
  }, 240_000);

  it('judges a clip by its own clock', async () => {
    const clip = join(folder.path, 'clip.y4m');
    await buildClip({
      out: clip,
      scenes: [
        { scene: 'person', ms: 3_000 },
        { scene: 'nobody', ms: 7_000 },
        { scene: 'person', ms: 3_000 },
        // Too short to count, and in the time that makes the next act another one.
        { scene: 'turned', ms: 2_000 },
        { scene: 'person', ms: 3_000 },
        { scene: 'two-people', ms: 4_000 },
        { scene: 'person', ms: 2_000 },
      ],
    });
    const { incidents, ...summary } = await folder.demo(['--clip', clip]);
    expect(incidents.map(({ kind, counted }) => [kind, counted])).toEqual([
      ['no-face', true],
      ['several-faces', true],
    ]);
    // Two looks a second when all is calm: an edge is known to within a look and its neighbour.
    const near = (actual: number | undefined, expected: number) =>
      expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThan(1_500);
    near(incidents[0]?.startedMs, 3_000);
    near(incidents[0]?.endedMs, 10_000);
    near(incidents[1]?.startedMs, 18_000);
    near(incidents[1]?.endedMs, 22_000);
    expect(summary).toMatchObject({
      copyAttempts: 2,
      attemptState: 'in-progress',
      closedBy: null,
      externalRequests: 0,
    });
  }, 240_000);

  // Which clips are refused: test/tools/demo/y4m-length.test.ts.
  it('refuses a clip that it cannot play with a sentence', async () => {
    const { code, output } = await runTool('demo.ts', ['--clip', join(folder.path, 'none.y4m')]);
    expect(code).toBe(1);
    expect(output).toContain('none.y4m');
    expect(output).not.toContain('    at ');
  });
});
