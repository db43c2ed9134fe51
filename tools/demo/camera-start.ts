import type { Page } from '@playwright/test';

interface CameraWindow {
  atalayaCameraAt?: number;
}

/** Notes in the kiosk's page when its camera first opened. Before the page loads. */
export const watchCameraStart = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    const devices = navigator.mediaDevices;
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      (globalThis as CameraWindow).atalayaCameraAt ??= Date.now();
      return stream;
    };
  });
};

/** When the camera first opened, ms since 1970. @throws when it never did. */
export const cameraStart = async (page: Page): Promise<number> => {
  const at = await page.evaluate(() => (globalThis as CameraWindow).atalayaCameraAt);
  if (at === undefined) throw new Error('The camera did not open.');
  return at;
};
