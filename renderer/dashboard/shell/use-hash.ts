import { useSyncExternalStore } from 'react';

const subscribe = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

/** The address after `#`, as it is now. */
export const useHash = (): string => useSyncExternalStore(subscribe, () => location.hash);

/** The address of the table of devices, after `#`. */
export const DEVICES_HASH = '#/devices';
/** The address of identity and data, after `#`. */
export const PRIVACY_HASH = '#/identity';
