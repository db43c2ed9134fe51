import { describe, expect, it } from 'vitest';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

const kinds = (world: FakeWorld) => (world.view.attempt?.incidents ?? []).map(({ kind }) => kind);

/** Looked at the proctor for two minutes, then sits at a screen whose camera stands beside it. */
const seated = async (): Promise<FakeWorld> => {
  const world = new FakeWorld();
  world.yaw = -0.14;
  await world.toWaiting();
  await world.time.advance(120_000);
  await world.must({ type: 'start-exam' });
  world.yaw = 0.14;
  await world.time.advance(31_000);
  return world;
};

describe('how the head is held', () => {
  it('is learnt from the first 30 s of the exam, not from before it', async () => {
    const world = await seated();
    await world.time.advance(600_000);
    world.yaw = 0.35;
    await world.time.advance(20_000);
    expect(kinds(world)).toEqual([]);
    world.yaw = -0.18;
    await world.time.advance(8_000);
    expect(kinds(world)).toEqual(['turned-away']);
    await expectArrived(world);
  });

  it('is learnt anew after a pause: the machine may stand elsewhere', async () => {
    const world = await seated();
    world.server.command(world.attemptId, { type: 'pause', reason: 'cambio de puesto' });
    await world.time.advance(5_000);
    world.server.command(world.attemptId, { type: 'resume', reason: 'listo' });
    world.yaw = -0.13;
    await world.time.advance(40_000);
    world.yaw = -0.35;
    await world.time.advance(20_000);
    expect(kinds(world)).toEqual([]);
  });
});
