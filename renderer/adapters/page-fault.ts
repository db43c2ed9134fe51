import { type ConnectionFault, connectionFault } from '#shared/kernel/connection-fault.ts';

/**
 * What a page can know of a request that failed. Browsers keep names, refusals and certificates to themselves, so
 * that pages cannot look around in a network: only the machine's own state and the time that it took are told.
 * @param failure what `fetch` threw; a late answer is a `TimeoutError`.
 */
export const pageFault = (failure: unknown): ConnectionFault => {
  if (!navigator.onLine) return connectionFault('no-network');
  const name = failure instanceof Error ? failure.name : '';
  return connectionFault(name === 'TimeoutError' ? 'timeout' : 'unknown', String(failure));
};
