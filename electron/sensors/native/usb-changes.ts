import { openNative } from './native-link.ts';
import type { ForkNative } from './native-process.ts';

/** Devices have to settle before the system's own listing has them, ms. */
const SETTLE_MS = 300;

/**
 * Has the USB library tell when something is plugged, for `peripheralSensor`. Where it cannot, the sensor's
 * own looking is what remains.
 */
export const usbChanges =
  (fork: ForkNative) =>
  (changed: () => void): (() => void) => {
    let timer: NodeJS.Timeout | undefined;
    const link = openNative(
      fork,
      'usb',
      (message) => {
        if (message.type !== 'plugged') return;
        clearTimeout(timer);
        timer = setTimeout(changed, SETTLE_MS);
      },
      () => undefined,
    );
    return () => {
      clearTimeout(timer);
      link.end();
    };
  };
