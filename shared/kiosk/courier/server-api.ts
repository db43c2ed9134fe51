import type { ServerApi } from '#shared/ports/transport.port.ts';
import { type Carry, exchange } from '#shared/wire/ask.ts';

/** A request that takes longer is given up as `offline`: the exam goes on and the courier tries again. */
export const REQUEST_TIMEOUT_MS = 15_000;

/**
 * The engine's requests to the central server. Only our server's own word may end a matter: whatever stands
 * in between and refuses (a proxy, a hotel's sign-in) is a failure after which the courier tries again.
 */
export const createServerApi = (carry: Carry): ServerApi => ({
  request: (method, path, options) =>
    exchange(
      carry,
      path,
      { ...options, method },
      { timeoutMs: REQUEST_TIMEOUT_MS, foreign: () => 'server-failed' },
    ),
});
