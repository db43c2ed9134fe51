import { describe, expect, it } from 'vitest';
import { notWatchedIn } from '#shared/incident/coverage.ts';
import type { FakeWorld as World } from '#test/support/fake/fake-host.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';

const notWatched = (world: World) => notWatchedIn(world.view.attempt?.coverage ?? {});

/** The page's models are broken for `ms`; the camera itself runs. */
const breakModels = async (world: World, ms: number): Promise<void> => {
  world.faces = null;
  for (let waited = 0; waited < ms; waited += 500) {
    world.engine.reportCamera({ ageMs: 0, status: 'vision-failed', faces: [], luma: null });
    await world.time.advance(500);
  }
};

describe('what the camera is good for, on record', () => {
  it('models that fail for long are told to the room, and so is their return', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(3_000);
    expect(notWatched(world)).not.toContain('no-face');
    await breakModels(world, 8_000);
    expect(notWatched(world)).toContain('no-face');
    expect(world.view.attempt?.coverage['no-face']).toEqual({
      level: 'not-watched',
      reason: 'sensor-failed',
    });
    world.faces = 1;
    await world.time.advance(2_000);
    expect(notWatched(world)).not.toContain('no-face');
    expect(world.count('copy-attempt')).toBe(0);
  });

  it('a worker that is started again within seconds is no news', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(3_000);
    await breakModels(world, 2_500);
    world.faces = 1;
    await world.time.advance(3_000);
    expect(world.count('coverage-changed')).toBe(0);
  });

  it('looks for objects are told as soon as a model makes them', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(1_000);
    expect(world.view.attempt?.coverage['prohibited-object']?.reason).toBe('no-model');
    world.engine.reportCamera({ ageMs: 0, status: 'ok', faces: [], luma: null, objects: [] });
    await world.time.advance(1_000);
    expect(world.view.attempt?.coverage['prohibited-object']).toEqual({ level: 'detected' });
    await world.time.advance(20_000);
    expect(world.view.attempt?.coverage['prohibited-object']?.reason).toBe('no-model');
  });
});
