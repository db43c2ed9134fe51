import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { demoFolder, runTool } from '#test/support/run-demo.ts';
import { ActCamera } from '#tools/clip/acting/act-camera.ts';
import type { ActName } from '#tools/clip/acting/acts.ts';
import { buildActClip } from '#tools/clip/acting/build-act-clip.ts';
import type { PersonName } from '#tools/clip/acting/people.ts';
import { FRAME } from '#tools/clip/scenes.ts';

const folder = demoFolder();
afterAll(folder.remove);

/** A picture of an act as a file. */
const pictureOf = async (act: ActName, who: PersonName, at = 2_000): Promise<string> => {
  const camera = await ActCamera.open({ parts: [{ act, ms: 60_000, who }], seed: 77 });
  const file = join(folder.path, `${act}-${who}-${at}.jpg`);
  await sharp(camera.picture(at), { raw: { ...FRAME, channels: 3 } })
    .jpeg({ quality: 90 })
    .toFile(file);
  return file;
};

// The same person for minutes: test/kiosk/identity-watch.test.ts, in virtual time; how far apart the pictures of one
// person are by the real model: test/e2e/identity.test.ts.
it('enrolled from pictures, the clip shows another one: a review, no copy attempt', async () => {
  const pictures = [await pictureOf('sitting', 'p06'), await pictureOf('sitting', 'p06', 20_000)];
  // Who sits there is judged by the median over a minute and a half.
  const clip = join(folder.path, 'another.y4m');
  await buildActClip({ parts: [{ act: 'sitting', ms: 122_000, who: 'p08' }], seed: 4 }, clip, 2);
  const { incidents, ...summary } = await folder.demo([
    '--clip',
    clip,
    '--enrol',
    pictures.join(','),
  ]);
  expect(incidents.map(({ kind, counted }) => [kind, counted])).toEqual([
    ['identity-mismatch', false],
  ]);
  expect(summary).toMatchObject({
    copyAttempts: 0,
    attemptState: 'in-progress',
    ledger: { valid: true, serverHasAll: true },
    externalRequests: 0,
  });
}, 280_000);

// What makes a picture good enough: test/renderer/vision/identity.e2e.test.ts.
it('refuses pictures that show two people, or are none, with a sentence', async () => {
  const clip = join(folder.path, 'short.y4m');
  await buildActClip({ parts: [{ act: 'sitting', ms: 2_000 }], seed: 4 }, clip, 5);
  const good = await pictureOf('sitting', 'p01');
  const two = await pictureOf('two-people', 'p01');
  const refused: readonly (readonly [readonly string[], string])[] = [
    [['--clip', clip, '--enrol', `${good},${two}`], 'se ve más de un rostro'],
    [['--clip', clip, '--enrol', join(folder.path, 'missing.jpg')], 'No se puede leer la foto'],
    [['--enrol', good], '--enrol necesita --clip'],
  ];
  for (const [args, sentence] of refused) {
    const { code, output } = await runTool('demo.ts', ['--out', folder.path, ...args]);
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toContain('    at ');
  }
}, 240_000);
