import { randomUUID } from 'node:crypto';
import type { Clock, Random, Scheduler } from '#shared/ports/clock.port.ts';

export const nodeClock: Clock = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };

export const nodeScheduler: Scheduler = {
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  every: (ms, task) => {
    const timer = setInterval(task, ms);
    return () => clearInterval(timer);
  },
};

export const nodeRandom: Random = { uuid: () => randomUUID() };
