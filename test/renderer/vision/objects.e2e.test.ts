import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VisionPage } from '#test/support/vision-page.ts';

// No object model is part of the project, so none runs here: what one finds is tested on its recorded form
// (object-choice.test.ts), and here only that a bad one harms nothing. Without one: camera.e2e.test.ts.
describe('an object model that is no model', () => {
  let page: VisionPage;
  beforeAll(async () => {
    page = await VisionPage.open('person', false, {
      objectModel: new TextEncoder().encode('this is not a model'.repeat(100)),
    });
  });
  afterAll(() => page?.close());

  it('is told once, objects are not looked for, and faces go on being watched', async () => {
    const opened = await page.watch();
    await expect
      .poll(() => page.errors.filter((one) => one.includes('object model')).length, {
        timeout: 30_000,
      })
      .toBe(1);
    const seen = await opened.evaluate(() => window.vision.samples.length);
    await opened.waitForFunction((n) => window.vision.samples.length > n + 3, seen);
    const last = await opened.evaluate(() => window.vision.samples.at(-1)?.sample);
    expect(last).toMatchObject({ status: 'ok' });
    expect(last?.faces).toHaveLength(1);
    expect(last).not.toHaveProperty('objects');
    expect(await opened.evaluate(() => window.vision.states.map(({ state }) => state))).toEqual([
      'loading',
      'ready',
    ]);
  });
});
