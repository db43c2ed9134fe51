import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildClip } from '#test/support/clip/build-clip.ts';
import type { Summary } from '#tools/demo/summary.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'atalaya-demo-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a tool as a person would. */
const runTool = (
  script: string,
  args: readonly string[],
): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'tools', script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('close', (code) => resolve({ code, output }));
  });

const demo = async (args: readonly string[]): Promise<Summary> => {
  const json = join(folder, 'summary.json');
  const { code, output } = await runTool('demo.ts', ['--json', json, '--out', folder, ...args]);
  expect(code, output).toBe(0);
  return JSON.parse(readFileSync(json, 'utf8'));
};

describe('the whole road', () => {
  it('ends a scripted exam with three counted copy attempts, closed, all on record', async () => {
    const summary = await demo([]);
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
    const verdict = await runTool('verify.ts', [join(folder, 'intento.json')]);
    expect(verdict.code, verdict.output).toBe(0);
  }, 240_000);

  it('judges a clip by its own clock', async () => {
    const clip = join(folder, 'clip.y4m');
    await buildClip({
      out: clip,
      scenes: [
        { scene: 'person', ms: 4_000 },
        { scene: 'nobody', ms: 8_000 },
        { scene: 'person', ms: 7_000 },
        { scene: 'turned', ms: 2_000 },
        { scene: 'person', ms: 6_000 },
        { scene: 'two-people', ms: 4_000 },
        { scene: 'person', ms: 3_000 },
      ],
    });
    const { incidents, ...summary } = await demo(['--clip', clip]);
    expect(incidents.map(({ kind, counted }) => [kind, counted])).toEqual([
      ['no-face', true],
      ['several-faces', true],
    ]);
    // Two looks a second when all is calm: an edge is known to within a look and its neighbour.
    const near = (actual: number | undefined, expected: number) =>
      expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThan(1_500);
    near(incidents[0]?.startedMs, 4_000);
    near(incidents[0]?.endedMs, 12_000);
    near(incidents[1]?.startedMs, 27_000);
    near(incidents[1]?.endedMs, 31_000);
    expect(summary).toMatchObject({
      copyAttempts: 2,
      attemptState: 'in-progress',
      closedBy: null,
      externalRequests: 0,
    });
  }, 240_000);

  it.each([
    ['missing.y4m', null],
    ['text.y4m', 'not a clip'],
    ['odd.y4m', `YUV4MPEG2 W641 H480 F10:1 C420jpeg\nFRAME\n${'x'.repeat(500_000)}`],
    ['wide.y4m', `YUV4MPEG2 W640 H480 F10:1 C444\nFRAME\n${'x'.repeat(1_000_000)}`],
    ['empty.y4m', 'YUV4MPEG2 W640 H480 F10:1 C420jpeg\n'],
  ])('refuses %s with a sentence', async (name, content) => {
    const file = join(folder, name);
    if (content !== null) writeFileSync(file, content);
    const { code, output } = await runTool('demo.ts', ['--clip', file]);
    expect(code).toBe(1);
    expect(output).toContain(name);
    expect(output).not.toContain('    at ');
  });
});
