import type { Page } from '@playwright/test';
import { expect } from 'vitest';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { judgeSamples } from '#tools/bench-vision/judge-clip.ts';

/** What the rules make of samples, with the page's clock as exam time. */
export const judged = (
  samples: readonly { readonly at: number; readonly sample: CameraSample }[],
) => {
  const start = samples[0]?.at ?? 0;
  const timed = samples.map(({ at, sample }) => ({ t: Math.round(at - start), sample }));
  const { incidents, copyAttempts } = judgeSamples(timed, timed.at(-1)?.t ?? 0);
  return { kinds: incidents.map(({ kind }) => kind), copyAttempts };
};

/**
 * Waits until the rules make an incident of the page's samples. A clock would not do: a page that a busy machine runs
 * seldom says late that something lasts.
 */
export const untilIncident = (page: Page): Promise<void> =>
  expect
    .poll(async () => judged(await page.evaluate(() => window.vision.samples)).kinds, {
      interval: 500,
    })
    .not.toEqual([]);
