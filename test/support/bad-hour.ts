import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Command } from '#shared/wire/command.ts';
import { FakeWorld } from './fake/fake-host.ts';

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

/** What the camera shows meanwhile; the drawn camera of the bench shows it by pictures. */
export interface BadRoomCamera {
  /** Nobody, one or two people before it. */
  people(count: number): void;
  lights(on: boolean): void;
  /** The head to the side for a moment, where it does not turn by itself. */
  turn(aside: boolean): void;
}

/** A camera of numbers. */
export const plainCamera = (world: FakeWorld): BadRoomCamera => ({
  people: (count) => {
    world.faces = count;
  },
  lights: (on) => {
    world.film = on ? null : [DARK];
  },
  turn: (aside) => {
    world.yaw = aside ? 0.5 : 0;
  },
});

interface Room {
  readonly world: FakeWorld;
  readonly camera: BadRoomCamera;
  readonly draw: (most: number) => number;
}

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
const away = async ({ world, camera }: Room, people: number, ms: number) => {
  camera.people(people);
  await world.time.advance(ms);
  camera.people(1);
};
const comeBack = async (room: Room) => {
  const { world, draw } = room;
  await away(room, draw(3), draw(40_000));
  await world.must({ type: 'pass-gate' });
  // Still moving the chair: not well in the picture for some seconds.
  await away(room, draw(3), draw(8_000));
  await world.time.advance(20_000);
};

const HAPPENINGS: Readonly<Record<string, (room: Room) => Promise<void>>> = {
  pause: async (room) => {
    const { world, draw } = room;
    await order(world, { type: 'pause', reason });
    await away(room, draw(3), 20_000);
    await order(world, { type: 'resume', reason });
    await comeBack(room);
  },
  'view of the room': async (room) => {
    const { world, camera } = room;
    await order(world, { type: 'room-scan', reason });
    await world.must({ type: 'begin-room-scan' });
    camera.people(0);
    await world.until(({ attempt }) => attempt?.phase === 'in-progress', 'over', 2 * MINUTE);
    await comeBack(room);
  },
  'decision at the desk': async (room) => {
    const decision = 'verified-in-person';
    await order(room.world, { type: 'identity', decision, authorisedBy: null, reason });
    await comeBack(room);
  },
  crash: async (room) => {
    const { world, draw } = room;
    await world.crash(1_000 + draw(20_000));
    await during(world, LATE, draw(9_000));
    await comeBack(room);
  },
  'slow camera': async ({ world, camera, draw }) => {
    // The page is loaded again: silence, then a camera that takes its time.
    world.faces = null;
    await world.time.advance(2_200 + draw(3_000));
    world.faces = 1;
    camera.people(1);
    await during(world, LATE, draw(12_000));
    await world.time.advance(10_000);
  },
  'lights out': async ({ world, camera, draw }) => {
    camera.lights(false);
    await world.time.advance(5_000 + draw(MINUTE));
    camera.lights(true);
  },
  sleep: async (room) => {
    room.world.time.suspend(15_000 + room.draw(MINUTE));
    await room.world.time.advance(1_000);
    await comeBack(room);
  },
  glance: async ({ world, camera }) => {
    camera.turn(true);
    await world.time.advance(2_500);
    camera.turn(false);
  },
  reopening: async (room) => {
    const { world } = room;
    for (let n = 0; n < 3; n += 1) await world.copyAttempt();
    for (const { id } of world.view.attempt?.incidents.filter((i) => i.copyAttempt !== null) ?? [])
      await order(world, { type: 'dismiss', incidentId: id, reason });
    await comeBack(room);
  },
};

/**
 * One hour of it, each happening at least once.
 * @param after called after each happening with its name; copy attempts that stand are counts that nobody earned.
 */
export const badHour = async (
  seed: number,
  cameraOf: (world: FakeWorld) => BadRoomCamera,
  after: (world: FakeWorld, happening: string) => void,
): Promise<FakeWorld> => {
  const draw = drawFrom(seed);
  const world = new FakeWorld({
    gate: DEFAULT_POLICY.gate ?? null,
    durationMs: 110 * MINUTE,
    shiftMs: 120 * MINUTE,
  });
  const room: Room = { world, camera: cameraOf(world), draw };
  await world.toExam();
  await comeBack(room);
  const names = Object.keys(HAPPENINGS);
  const until = world.time.now() + 60 * MINUTE;
  for (let turn = 0; world.time.now() < until; turn += 1) {
    const name = names[turn < names.length ? (turn + seed) % names.length : draw(names.length)];
    await HAPPENINGS[name ?? '']?.(room);
    await world.time.advance(15_000 + draw(MINUTE));
    after(world, name ?? '');
  }
  return world;
};
