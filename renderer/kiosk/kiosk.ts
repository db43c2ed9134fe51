import type { KioskHost } from '#shared/ports/kiosk-host.port.ts';
import { startCameraDuty } from './camera-duty.ts';
import type { CameraFeed } from './camera-feed.ts';
import type { Kiosk } from './kiosk-context.tsx';
import { createKioskStore } from './store.ts';

/** Ties screens, host and camera together. The product gives it real ones, tests scripted ones. */
export const createKiosk = (host: KioskHost, feed: CameraFeed): Kiosk => {
  const store = createKioskStore(host);
  return { host, store, feed, duty: startCameraDuty(host, feed, store) };
};
