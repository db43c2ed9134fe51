import { describe, expect, it } from 'vitest';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Command } from '#shared/wire/command.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

// An hour of an honest exam in a bad room: everything that stops and starts it, and nothing that anybody did.

const MINUTE = 60_000;
const reason = 'Corte de luz en el bloque';
/** The lights are out: the room is there, only faint, and no face is found in it. */
const DARK: CameraSample = {
  ageMs: 50,
  status: 'ok',
  faces: [],
  luma: { mean: 8, std: 3, flatFraction: 0.97, faceMean: null, difference: 0.02, likeness: 0.7 },
};
const LATE: CameraSample = { ageMs: 0, status: 'no-frames', worked: false, faces: [], luma: null };

/** Whole numbers under `most`, the same in every run. */
const drawFrom = (seed: number) => {
  let state = seed;
  return (most: number): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * most);
  };
};

const during = async (world: FakeWorld, film: CameraSample, ms: number) => {
  world.film = [film];
  await world.time.advance(ms);
  world.film = null;
};
const order = async (world: FakeWorld, command: Command) => {
  world.server.command(world.attemptId, command);
  await world.time.advance(1_000);
};
/** Nobody, or somebody beside: whoever may stand up or is spoken to. */
const away = async (world: FakeWorld, faces: number, ms: number) => {
  world.faces = faces;
  await world.time.advance(ms);
  world.faces = 1;
};
const comeBack = async (world: FakeWorld, draw: (most: number) => number) => {
  await away(world, draw(3), draw(40_000));
  await world.must({ type: 'pass-gate' });
  // Still moving the chair: not well in the picture for some seconds.
  await away(world, draw(3), draw(8_000));
  await world.time.advance(20_000);
};

const HAPPENINGS: Readonly<
  Record<string, (world: FakeWorld, draw: (most: number) => number) => Promise<void>>
> = {
  pause: async (world, draw) => {
    await order(world, { type: 'pause', reason });
    await away(world, draw(3), 20_000);
    await order(world, { type: 'resume', reason });
    await comeBack(world, draw);
  },
  'view of the room': async (world, draw) => {
    await order(world, { type: 'room-scan', reason });
    await world.must({ type: 'begin-room-scan' });
    world.faces = 0;
    await world.until(({ attempt }) => attempt?.phase === 'in-progress', 'over', 2 * MINUTE);
    await comeBack(world, draw);
  },
  'decision at the desk': async (world, draw) => {
    const decision = 'verified-in-person';
    await order(world, { type: 'identity', decision, authorisedBy: null, reason });
    await comeBack(world, draw);
  },
  crash: async (world, draw) => {
    await world.crash(1_000 + draw(20_000));
    await during(world, LATE, draw(9_000));
    await comeBack(world, draw);
  },
  'slow camera': async (world, draw) => {
    // The page is loaded again: silence, then a camera that takes its time.
    world.faces = null;
    await world.time.advance(2_200 + draw(3_000));
    world.faces = 1;
    await during(world, LATE, draw(12_000));
    await world.time.advance(10_000);
  },
  'lights out': (world, draw) => during(world, DARK, 5_000 + draw(MINUTE)),
  sleep: async (world, draw) => {
    world.time.suspend(15_000 + draw(MINUTE));
    await world.time.advance(1_000);
    await comeBack(world, draw);
  },
  glance: async (world) => {
    world.yaw = 0.5;
    await world.time.advance(2_500);
    world.yaw = 0;
  },
  reopening: async (world, draw) => {
    for (let n = 0; n < 3; n += 1) await world.copyAttempt();
    for (const { id } of world.view.attempt?.incidents.filter((i) => i.copyAttempt !== null) ?? [])
      await order(world, { type: 'dismiss', incidentId: id, reason });
    await comeBack(world, draw);
  },
};

describe('an hour of an exam in a bad room', () => {
  it.each([1, 2, 3, 4])('counts nothing (%i)', async (seed) => {
    const draw = drawFrom(seed);
    const world = new FakeWorld({
      gate: DEFAULT_POLICY.gate ?? null,
      durationMs: 110 * MINUTE,
      shiftMs: 120 * MINUTE,
    });
    await world.toExam();
    await comeBack(world, draw);
    const names = Object.keys(HAPPENINGS);
    const until = world.time.now() + 60 * MINUTE;
    for (let turn = 0; world.time.now() < until; turn += 1) {
      const name = names[turn < names.length ? (turn + seed) % names.length : draw(names.length)];
      await HAPPENINGS[name ?? '']?.(world, draw);
      await world.time.advance(15_000 + draw(MINUTE));
      expect(world.view.attempt, name).toMatchObject({ phase: 'in-progress', copyAttempts: 0 });
    }
    await expectArrived(world);
  });
});
