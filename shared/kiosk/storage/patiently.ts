import type { Scheduler } from '#shared/ports/clock.port.ts';
import { PATIENCE_MS } from './write-lane.ts';

/** Waits for a reading, but not for ever. @throws what it throws, or an Error when it does not answer in time. */
export const patiently = async <T>(scheduler: Scheduler, reading: Promise<T>): Promise<T> => {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = scheduler.after(PATIENCE_MS, () => reject(new Error('storage does not answer')));
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    cancel();
  }
};
