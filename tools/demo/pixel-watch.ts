import type { Page } from '@playwright/test';

interface PixelWindow {
  readonly atalayaPixels?: Record<string, number>;
}

/** Notes in the dashboard's page when each incident was painted. Before the page loads. */
export const watchPixels = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    const painted: Record<string, number> = {};
    Object.assign(globalThis, { atalayaPixels: painted });
    const look = () => {
      for (const element of document.querySelectorAll('[data-incident-id]')) {
        const id = element.getAttribute('data-incident-id') ?? '';
        if (id in painted) continue;
        painted[id] = Number.NaN;
        // The frame that holds it is on the screen when the next one begins.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            painted[id] = performance.timeOrigin + performance.now();
          }),
        );
      }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
};

/** When each incident was painted, ms since 1970, by incident id. */
export const paintedAt = (page: Page): Promise<Readonly<Record<string, number>>> =>
  page.evaluate(() => ({ ...(globalThis as PixelWindow).atalayaPixels }));
