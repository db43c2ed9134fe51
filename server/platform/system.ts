import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerClock, ServerRandom } from './ports.ts';

export const systemClock: ServerClock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  sleep: (ms) => sleep(ms),
};

export const systemRandom: ServerRandom = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
};
