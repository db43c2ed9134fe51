import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { VisionPage } from '#test/support/vision-page.ts';
import { SCENES } from '#tools/clip/scenes.ts';

/**
 * What the camera watch typically states of each test scene, printed as the Markdown table of
 * docs/vision.md: `node test/bench/vision-scenes.ts`. Medians of about three seconds.
 */

const vision = await VisionPage.open('person', false, { asUsed: true });
try {
  const page = await vision.watch();
  console.log(
    '| scene | faces | x | y | width | height | score | yaw | face luma | luma | std | flat | difference |',
  );
  console.log(`|${' --- |'.repeat(13)}`);
  for (const scene of SCENES) {
    await vision.show(scene);
    await page.waitForTimeout(1_200);
    const samples = await page.evaluate(async () => {
      const from = window.vision.samples.length;
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return window.vision.samples.slice(from).map(({ sample }) => sample);
    });
    const column = (of: (sample: CameraSample) => number | null | undefined, digits = 2) => {
      const values = samples.map(of).filter((value) => typeof value === 'number');
      const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
      return middle === undefined ? '-' : middle.toFixed(digits);
    };
    const counts = [...new Set(samples.map(({ faces }) => faces.length))].join('/');
    const cells = [
      scene,
      counts,
      column((s) => s.faces[0]?.x),
      column((s) => s.faces[0]?.y),
      column((s) => s.faces[0]?.width),
      column((s) => s.faces[0]?.height),
      column((s) => s.faces[0]?.score),
      column((s) => s.faces[0]?.yaw),
      column((s) => s.luma?.faceMean, 0),
      column((s) => s.luma?.mean, 0),
      column((s) => s.luma?.std, 1),
      column((s) => s.luma?.flatFraction),
      column((s) => s.luma?.difference),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  await vision.close();
}
