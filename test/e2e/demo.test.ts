import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { ActCamera } from '#tools/clip/acting/act-camera.ts';
import type { ActName } from '#tools/clip/acting/acts.ts';
import { buildActClip } from '#tools/clip/acting/build-act-clip.ts';
import type { PersonName } from '#tools/clip/acting/people.ts';
import { buildClip } from '#tools/clip/build-clip.ts';
import { FRAME } from '#tools/clip/scenes.ts';
import type { Summary } from '#tools/demo/run-summary.ts';

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

/** A picture of an act as a file. */
const pictureOf = async (act: ActName, who: PersonName, at = 2_000): Promise<string> => {
  const camera = await ActCamera.open({ parts: [{ act, ms: 60_000, who }], seed: 77 });
  const file = join(folder, `${act}-${who}-${at}.jpg`);
  await sharp(camera.picture(at), { raw: { ...FRAME, channels: 3 } })
    .jpeg({ quality: 90 })
    .toFile(file);
  return file;
};

const picturesOf = (who: PersonName, count: number): Promise<readonly string[]> =>
  Promise.all(
    Array.from({ length: count }, (_, i) => pictureOf('sitting', who, 2_000 + i * 18_000)),
  );

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
    ['p06', 'the same person: nothing', []],
    ['p08', 'another one: a review, no copy attempt', [['identity-mismatch', false]]],
  ] as const)(
    'enrolled from pictures, the clip shows %s, %s',
    async (who, _, expected) => {
      const pictures = await picturesOf('p06', 2);
      // Who sits there is judged by the median over a minute and a half.
      const clip = join(folder, `${who}.y4m`);
      await buildActClip({ parts: [{ act: 'sitting', ms: 112_000, who }], seed: 4 }, clip, 5);
      const { incidents, ...summary } = await demo(['--clip', clip, '--enrol', pictures.join(',')]);
      rmSync(clip);
      expect(incidents.map(({ kind, counted }) => [kind, counted])).toEqual(expected);
      expect(summary).toMatchObject({
        copyAttempts: 0,
        attemptState: 'in-progress',
        ledger: { valid: true, serverHasAll: true },
        externalRequests: 0,
      });
    },
    280_000,
  );

  it('refuses pictures that show nobody, two people, or are none, with a sentence', async () => {
    const clip = join(folder, 'short.y4m');
    await buildActClip({ parts: [{ act: 'sitting', ms: 2_000 }], seed: 4 }, clip, 5);
    const nobody = await pictureOf('gone', 'p01');
    const two = await pictureOf('two-people', 'p01');
    const [good = ''] = await picturesOf('p01', 1);
    const refused: readonly (readonly [readonly string[], string])[] = [
      [['--clip', clip, '--enrol', nobody], 'no se ve ningún rostro'],
      [['--clip', clip, '--enrol', `${good},${two}`], 'se ve más de un rostro'],
      [['--clip', clip, '--enrol', join(folder, 'missing.jpg')], 'No se puede leer la foto'],
      [['--enrol', good], '--enrol necesita --clip'],
    ];
    for (const [args, sentence] of refused) {
      const { code, output } = await runTool('demo.ts', ['--out', folder, ...args]);
      expect(code).toBe(1);
      expect(output).toContain(sentence);
      expect(output).not.toContain('    at ');
    }
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
