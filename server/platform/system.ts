import { randomBytes, randomUUID } from 'node:crypto';
import type { ServerClock, ServerRandom } from './ports.ts';

export const systemClock: ServerClock = {
  now: () => Date.now(),
  steady: () => performance.now(),
};

export const systemRandom: ServerRandom = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
};
