import { describe, expect, it } from 'vitest';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { cameraSample } from '#test/support/fake/camera-sample.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

// A machine that hardly runs: whatever was last seen, nobody is held to time in which nobody looked.

const trouble = (status: CameraSample['status']): CameraSample => ({
  ageMs: 0,
  status,
  worked: true,
  faces: [],
  luma: null,
});
const luma = { mean: 110, std: 50, flatFraction: 0.3, faceMean: 120, difference: 1.5 };
const SHOWN: readonly (readonly [string, CameraSample])[] = [
  ['camera-off', trouble('no-frames')],
  ['camera-off', trouble('unheard')],
  ['camera-off', trouble('muted')],
  ['no-face', cameraSample(0)],
  ['several-faces', cameraSample(2)],
  ['camera-frozen', { ...cameraSample(1), luma: { ...luma, difference: 0 } }],
  ['turned-away', cameraSample(1, 0, 0, 0.6)],
];

/** Two or three looks: too short for anything that counts. */
const SEEN_MS = 700;

const inExam = async () => {
  const world = new FakeWorld();
  await world.toExam();
  await world.time.advance(40_000);
  return world;
};
const show = async (world: FakeWorld, one: CameraSample, ms: number) => {
  world.film = [one];
  await world.time.advance(ms);
  world.film = null;
};
const counted = (world: FakeWorld) =>
  world.view.attempt?.incidents.flatMap(({ kind, counted }) => (counted ? [kind] : []));

describe('a starved machine', () => {
  it.each(SHOWN)(
    'whose page stands still after it said %s for a moment counts nothing',
    async (_, one) => {
      const world = await inExam();
      await show(world, one, SEEN_MS);
      world.faces = null;
      await world.time.advance(9_000);
      world.faces = 1;
      await world.time.advance(20_000);
      expect(counted(world)).toEqual([]);
      await expectArrived(world);
    },
  );

  it.each(SHOWN)(
    'that stands still as a whole after %s, and goes on well, counts nothing',
    async (_, one) => {
      for (const ms of [2_500, 5_000, 9_000, 15_000]) {
        const world = await inExam();
        await show(world, one, SEEN_MS);
        world.time.suspend(ms);
        await world.time.advance(20_000);
        expect(counted(world), `${ms} ms`).toEqual([]);
        await expectArrived(world);
      }
    },
  );

  it.each(SHOWN)('on which %s goes on afterwards counts it, once', async (kind, one) => {
    const world = await inExam();
    await show(world, one, SEEN_MS);
    world.time.suspend(4_000);
    // A camera that is opened anew needs some seconds: slow-camera.test.ts has what is no longer that.
    await show(world, one, kind === 'camera-off' ? 6_000 : 12_000);
    await world.time.advance(20_000);
    expect(counted(world)).toEqual(kind === 'camera-off' ? [] : [kind]);
    await expectArrived(world);
  });

  it.each(SHOWN.filter(([kind]) => kind !== 'camera-off'))(
    'is no second act of one that goes on: %s',
    async (kind, one) => {
      for (const stall of ['page', 'machine'] as const) {
        for (const ms of [2_500, 4_000, 7_000, 9_000]) {
          const world = await inExam();
          await show(world, one, 8_000);
          if (stall === 'machine') world.time.suspend(ms);
          else {
            world.faces = null;
            await world.time.advance(ms);
            world.faces = 1;
          }
          await show(world, one, 8_000);
          await world.time.advance(20_000);
          expect([counted(world), world.view.attempt?.copyAttempts], `${stall} ${ms} ms`).toEqual([
            [kind],
            1,
          ]);
          await expectArrived(world);
        }
      }
    },
  );
});
