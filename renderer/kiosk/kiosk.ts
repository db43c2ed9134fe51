import type { KioskHost } from '#shared/ports/kiosk-host.port.ts';
import type { MachineNetwork } from '#shared/ports/machine-network.port.ts';
import { startCameraDuty } from './camera-duty.ts';
import type { CameraFeed } from './camera-feed.ts';
import type { Kiosk } from './kiosk-context.tsx';
import { createKioskStore } from './store.ts';

/**
 * Ties screens, host and camera together. The product gives it real ones, tests scripted ones.
 * @param network the machine's own, where the screens may see it; a browser keeps it to itself.
 */
export const createKiosk = (
  host: KioskHost,
  feed: CameraFeed,
  network: MachineNetwork | null = null,
): Kiosk => {
  const store = createKioskStore(host);
  return { host, store, feed, network, duty: startCameraDuty(host, feed, store) };
};
