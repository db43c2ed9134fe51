import { describe, expect, it } from 'vitest';
import { badHour, plainCamera } from '#test/support/bad-hour.ts';
import { expectArrived } from './world.ts';

describe('an hour of an exam in a bad room', () => {
  it.each([1, 2, 3, 4])('counts nothing (%i)', async (seed) => {
    const world = await badHour(seed, plainCamera, ({ view }, happening) => {
      expect(view.attempt, happening).toMatchObject({ phase: 'in-progress', copyAttempts: 0 });
    });
    await expectArrived(world);
  });
});
