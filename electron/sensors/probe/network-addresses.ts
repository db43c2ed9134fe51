import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { EMPTY, failed, partial, type Reading, told } from '#shared/incident/reading.ts';
import type { Address } from './network-change.ts';

/**
 * The machine's addresses now. Every machine has one for itself: a system that names none at all keeps them to itself
 * (`empty`). In part where it does not say how large an address's network is: then nobody knows which one it is.
 */
export const readAddresses = (
  list: () => NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces,
): Reading<readonly Address[]> => {
  try {
    const all = Object.entries(list()).flatMap(([name, addresses]) =>
      (addresses ?? []).map(
        ({ family, address, cidr, internal }): Address => ({
          name,
          family,
          address,
          cidr,
          internal,
        }),
      ),
    );
    if (all.length === 0) return EMPTY;
    const placed = all.filter(({ cidr }) => cidr !== null);
    return partial(placed, placed.length < all.length ? 'tool-unread' : null);
  } catch {
    return failed('tool-failed');
  }
};

/** By which way the server is reached, in the browser's words: `DIRECT`, `PROXY proxy:3128`. */
export const readProxy = async (resolve: () => Promise<string>): Promise<Reading<string>> => {
  try {
    const route = await resolve();
    return route.trim() === '' ? EMPTY : told(route);
  } catch {
    return failed('tool-failed');
  }
};
