import { describe, expect, it } from 'vitest';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

const trouble = (status: CameraSample['status'], worked?: boolean): CameraSample => ({
  ageMs: 0,
  status,
  ...(worked === undefined ? {} : { worked }),
  faces: [],
  luma: null,
});
/** What the page says instead of pictures, for a while. */
const says = async (world: FakeWorld, sample: CameraSample, ms: number) => {
  world.film = [sample];
  await world.time.advance(ms);
  world.film = null;
};
const kinds = (world: FakeWorld) => world.view.attempt?.incidents.map(({ kind }) => kind);

describe('a camera', () => {
  it('whose first picture comes late after the page was loaded again is not one that is off', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(20_000);
    // The page goes and comes back; its camera needs 6 s for the first frame.
    world.faces = null;
    await world.time.advance(2_500);
    world.faces = 1;
    await says(world, trouble('no-frames', false), 6_000);
    await world.time.advance(20_000);
    expect(world.view.attempt).toMatchObject({ copyAttempts: 0, phase: 'in-progress' });
    expect(kinds(world)).toEqual(['device-failure']);
    await expectArrived(world);
  });

  it.each(['no-frames', 'ended', 'muted'] as const)(
    'that never came (%s) is a matter of the machine for the room, and no count',
    async (status) => {
      const world = new FakeWorld();
      await world.toExam();
      world.faces = null;
      await world.crash();
      world.faces = 1;
      await says(world, trouble(status), 60_000);
      expect(world.view.attempt?.copyAttempts).toBe(0);
      expect(world.view.attempt?.incidents).toMatchObject([
        { kind: 'device-failure', counted: false, facts: { part: 'camera' } },
      ]);
      await expectArrived(world);
    },
  );

  it('that worked and is pulled out counts, as its page says and as the engine remembers', async () => {
    for (const worked of [true, undefined]) {
      const world = new FakeWorld();
      await world.toExam();
      await world.time.advance(20_000);
      await says(world, trouble('ended', worked), 6_000);
      expect(kinds(world)).toEqual(['camera-off']);
      expect(world.view.attempt?.copyAttempts).toBe(1);
    }
  });

  /** What a starved capture process looks like: frames stop on a live track, and come back by themselves. */
  it.each([
    ['for a moment', [4_000], [], 0],
    ['for seconds', [6_500], ['device-failure'], 0],
    ['for nearly ten seconds', [9_000], ['device-failure'], 0],
    ['twice, with a while between', [4_500, 3_000], [], 0],
    ['for good', [40_000], ['device-failure', 'camera-off'], 1],
    ['again and again', [6_000, 6_000], ['device-failure', 'camera-off'], 1],
  ] as const)('whose frames stop %s', async (_what, stops, found, copyAttempts) => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(20_000);
    for (const ms of stops) {
      await says(world, trouble('no-frames', true), ms);
      await world.time.advance(10_000);
    }
    expect(kinds(world)).toEqual(found);
    expect(world.view.attempt?.copyAttempts).toBe(copyAttempts);
    await expectArrived(world);
  });

  it.each(
    (['no-frames', 'ended', 'muted'] as const).flatMap((after) =>
      (['page', 'machine'] as const).map((stalls) => [after, stalls] as const),
    ),
  )(
    'that is away (%s) after its frames stopped and the %s stood still is off',
    async (after, stalls) => {
      const world = new FakeWorld();
      await world.toExam();
      await world.time.advance(20_000);
      await says(world, trouble('no-frames', true), 3_000);
      if (stalls === 'machine') world.time.suspend(1_800);
      else {
        world.faces = null;
        await world.time.advance(1_800);
        world.faces = 1;
      }
      await says(world, trouble(after, true), 12_000);
      await world.time.advance(10_000);
      expect(kinds(world)).toContain('camera-off');
      expect(world.view.attempt?.copyAttempts).toBe(1);
      await expectArrived(world);
    },
  );

  it('that nobody watches, because the page hardly runs, is told to the room and never counts', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(20_000);
    await says(world, trouble('unheard', true), 300_000);
    expect(world.view.attempt?.incidents).toMatchObject([
      { kind: 'device-failure', counted: false, endedT: null, facts: { part: 'page' } },
    ]);
    expect(world.view.attempt?.coverage['no-face']).toEqual({
      level: 'not-watched',
      reason: 'sensor-failed',
    });
    await world.time.advance(20_000);
    expect(world.view.attempt).toMatchObject({ copyAttempts: 0, phase: 'in-progress' });
    expect(world.view.attempt?.coverage['no-face']).toEqual({ level: 'detected' });
    await expectArrived(world);
  });

  it('that comes late at the gate only makes the grace begin later', async () => {
    const world = new FakeWorld({ gate: DEFAULT_POLICY.gate ?? null });
    await world.toExam();
    await world.must({ type: 'pass-gate' });
    await says(world, trouble('no-frames', false), 15_000);
    expect(world.view.cameraCountsAt).toBeNull();
    await world.until(({ attempt }) => attempt?.gate === null, 'counting', 15_000);
    expect(world.view.attempt?.copyAttempts).toBe(0);
    await expectArrived(world);
  });
});
