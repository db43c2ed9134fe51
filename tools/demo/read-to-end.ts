import { expect, type Locator } from '@playwright/test';

/** How long one press of the key may take until the end is shown, and how long it is tried, ms. */
const PATIENCE_MS = { press: 3_000, all: 45_000 } as const;

/**
 * Reads a text to its end by keyboard. Chromium drops a key that comes before what it scrolls has been drawn: whoever sees
 * nothing move presses again. Waits until the end is shown: what comes next must not meet the scrolling.
 *
 * @param region what scrolls; it has the focus.
 * @param pressEnd presses the End key once.
 * @throws Error when the end is not shown after 45 s.
 */
export const readToEnd = (region: Locator, pressEnd: () => Promise<void>): Promise<void> =>
  expect(async () => {
    await pressEnd();
    const isAtEnd = () =>
      region.evaluate((box) => box.scrollTop + box.clientHeight >= box.scrollHeight - 2);
    await expect.poll(isAtEnd, { timeout: PATIENCE_MS.press }).toBe(true);
  }).toPass({ timeout: PATIENCE_MS.all });
