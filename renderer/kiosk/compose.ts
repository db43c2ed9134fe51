import {
  createElectronHost,
  createElectronNetwork,
  type KioskBridge,
} from '#renderer/adapters/kiosk-host.electron.ts';
import { createWebHost } from '#renderer/adapters/kiosk-host.web.ts';
import { keepForOfflineStart } from '#renderer/adapters/offline-start.ts';
import { takeCode } from '#renderer/ui/take-code.ts';
import { createKiosk } from './kiosk.ts';
import type { Kiosk } from './kiosk-context.tsx';
import { createVisionCameraFeed } from './vision-camera-feed.ts';

declare global {
  interface Window {
    /** Put there by Electron's preload; absent in a plain browser page. */
    readonly atalaya?: KioskBridge;
  }
  /** The product's version, written in by the build. */
  const __ATALAYA_VERSION__: string;
}

/** The only place of the kiosk's page that picks adapters. */
export const compose = async (): Promise<Kiosk> => {
  const enrolCode = takeCode(window, 'enrol');
  const host =
    window.atalaya === undefined
      ? await createWebHost(__ATALAYA_VERSION__)
      : createElectronHost(window.atalaya);
  // The desktop program brings its pages along.
  if (window.atalaya === undefined) keepForOfflineStart(host);
  const network = window.atalaya === undefined ? null : createElectronNetwork(window.atalaya);
  const kiosk = createKiosk(host, createVisionCameraFeed('../vision/'), network);
  if (enrolCode !== null) kiosk.store.enrolWith(enrolCode);
  return kiosk;
};
