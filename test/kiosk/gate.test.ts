import { describe, expect, it } from 'vitest';
import { replayIncidents } from '#shared/attempt/replay.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { Command } from '#shared/wire/command.ts';
import { cameraSample } from '#test/support/fake/camera-sample.ts';
import type { FakeExam } from '#test/support/fake/fake-exam.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

const reason = 'Revisión del aplicador';
const CODE = 'K7M2-0XQ1';
const MINUTE = 60_000;

const gated = (exam: FakeExam = {}): FakeWorld =>
  new FakeWorld({ exitCode: CODE, gate: DEFAULT_POLICY.gate ?? null, ...exam });
const press = (world: FakeWorld) => world.must({ type: 'pass-gate' });
const order = async (world: FakeWorld, command: Command) => {
  world.server.command(world.attemptId, command);
  await world.time.advance(1_000);
};
/** Through the gate, with the camera counting. */
const inside = async (world: FakeWorld) => {
  await press(world);
  await world.until(({ attempt }) => attempt?.gate === null, 'counting', 2 * MINUTE);
};
const copyAttempts = (world: FakeWorld) => world.view.attempt?.copyAttempts;

/** Every way into a running exam, up to the moment in which it runs. */
const WAYS: readonly (readonly [
  name: string,
  cause: string,
  (world: FakeWorld) => Promise<void>,
])[] = [
  ['a start', 'start', async () => undefined],
  [
    'a pause',
    'resumed',
    async (world) => {
      await inside(world);
      await order(world, { type: 'pause', reason });
      await order(world, { type: 'resume', reason });
    },
  ],
  [
    'an opened machine',
    'resumed',
    async (world) => {
      await inside(world);
      await world.must({ type: 'staff-exit', code: CODE, reason });
      await order(world, { type: 'resume', reason });
    },
  ],
  [
    'a closing that was dismissed',
    'reopened',
    async (world) => {
      await inside(world);
      for (let n = 0; n < 3; n += 1) await world.copyAttempt();
      expect(world.view.attempt?.closedBy).toBe('copy-attempts');
      const incidentId = world.view.attempt?.incidents[0]?.id;
      if (incidentId === undefined) throw new Error('no incident');
      await order(world, { type: 'dismiss', incidentId, reason });
    },
  ],
  [
    'a view of the room',
    'room-view',
    async (world) => {
      await inside(world);
      await order(world, { type: 'room-scan', reason });
      await world.must({ type: 'begin-room-scan' });
      await world.until(({ attempt }) => attempt?.phase === 'in-progress', 'over', 2 * MINUTE);
    },
  ],
  [
    'a decision from the desk about who sits there',
    'identity',
    async (world) => {
      await inside(world);
      await order(world, {
        type: 'identity',
        decision: 'verified-in-person',
        authorisedBy: null,
        reason,
      });
    },
  ],
  [
    'a decision at the seat',
    'identity',
    async (world) => {
      await inside(world);
      await world.must({
        type: 'staff-identity',
        code: CODE,
        decision: 'verified-in-person',
        authorisedBy: null,
        reason,
      });
    },
  ],
  [
    'a crash',
    'restart',
    async (world) => {
      await inside(world);
      await world.crash();
    },
  ],
  [
    'a machine that slept',
    'restart',
    async (world) => {
      await inside(world);
      world.time.suspend(MINUTE);
      await world.time.advance(500);
    },
  ],
];

describe.each(WAYS)('after %s', (_, cause, way) => {
  const arrived = async (exam: FakeExam = {}) => {
    const world = gated(exam);
    await world.toExam();
    await way(world);
    expect(world.view.attempt).toMatchObject({
      phase: 'in-progress',
      gate: { cause, pressedT: null, review: false },
    });
    return world;
  };

  it('an empty chair, a second face and a covered lens count nothing, and nobody answers', async () => {
    const world = await arrived();
    const before = copyAttempts(world);
    const ends = world.view.endsAt;
    world.faces = 0;
    await world.time.advance(MINUTE);
    world.faces = 2;
    await world.time.advance(MINUTE);
    expect(world.view).toMatchObject({ form: null, warnings: [], cameraCountsAt: null });
    expect(await world.do({ type: 'visit', questionId: 'q1' as never })).toMatchObject({
      ok: false,
      error: { code: 'not-in-this-stage' },
    });
    expect(await world.do({ type: 'submit' })).toMatchObject({ ok: false });
    expect(copyAttempts(world)).toBe(before);
    // Time runs: who waits gains nothing.
    expect(world.view.endsAt).toBe(ends);
    await expectArrived(world);
  });

  it('counts from the press, a good picture and the grace on, and not a moment before', async () => {
    const world = await arrived();
    const before = copyAttempts(world) ?? 0;
    world.faces = 2;
    await press(world);
    await world.time.advance(30_000);
    expect(world.view.attempt?.gate).toMatchObject({ review: false });
    expect(world.view.form?.questions).toHaveLength(3);
    world.faces = 1;
    await world.time.advance(1_000);
    const at = world.view.cameraCountsAt ?? 0;
    expect(at - world.time.clock.wallMs()).toBeGreaterThan(8_000);
    expect(at - world.time.clock.wallMs()).toBeLessThanOrEqual(10_000);
    world.faces = 0;
    await world.time.advance(at - world.time.clock.wallMs() - 200);
    expect(world.view.attempt?.gate).not.toBeNull();
    await world.time.advance(3_000);
    expect(world.view.attempt?.gate).toBeNull();
    expect(copyAttempts(world)).toBe(before);
    await world.time.advance(6_000);
    expect(copyAttempts(world)).toBe(before + 1);
    await expectArrived(world);
  });
});

describe('at the gate', () => {
  it('one press is one entry, and a press before or after is none', async () => {
    const world = gated();
    await world.toWaiting();
    expect(await world.do({ type: 'pass-gate' })).toMatchObject({ ok: false });
    await world.must({ type: 'start-exam' });
    await press(world);
    await press(world);
    await inside(world);
    expect(world.count('gate-passed')).toBe(1);
    expect(world.count('watch-began')).toBe(1);
    await expectArrived(world);
  });

  it('off line is the same', async () => {
    const world = gated();
    await world.toExam();
    world.server.cut();
    world.faces = 0;
    await world.time.advance(2 * MINUTE);
    world.faces = 1;
    await inside(world);
    expect(copyAttempts(world)).toBe(0);
    world.server.restore();
    await world.time.advance(MINUTE);
    await expectArrived(world);
  });

  it('who presses and hides from the camera is for people to judge, never a count', async () => {
    const world = gated();
    await world.toExam();
    world.film = [{ ...cameraSample(0), luma: dark() }];
    await press(world);
    await world.time.advance(3 * MINUTE);
    expect(world.view.attempt).toMatchObject({ gate: { review: true }, copyAttempts: 0 });
    expect(world.view.attempt?.incidents).toMatchObject([
      { kind: 'camera-covered', counted: false },
    ]);
    world.film = null;
    await world.until(({ attempt }) => attempt?.gate === null, 'counting');
    world.faces = 0;
    await world.time.advance(10_000);
    expect(copyAttempts(world)).toBe(1);
    await expectArrived(world);
  });

  it('a camera that never comes is a state, with nothing in the record but that', async () => {
    const world = gated();
    await world.toExam();
    world.faces = null;
    await press(world);
    await world.time.advance(5 * MINUTE);
    expect(world.view.attempt).toMatchObject({ gate: { review: true }, copyAttempts: 0 });
    expect(world.view.attempt?.incidents.filter(({ counted }) => counted)).toEqual([]);
  });

  it('machines are judged as ever, and the exempt have nothing to wait for', async () => {
    const world = gated({ cameraExempt: true });
    await world.toExam();
    world.sensor.happen('clipboard');
    await world.time.advance(1_000);
    expect(copyAttempts(world)).toBe(1);
    await press(world);
    expect(world.view.attempt?.gate).toBeNull();
    await expectArrived(world);
  });

  it('time is over also for who never pressed', async () => {
    const world = gated({ durationMs: 5 * MINUTE });
    await world.toExam();
    world.faces = 0;
    await world.time.advance(6 * MINUTE);
    expect(world.view.attempt).toMatchObject({
      phase: 'closed',
      closedBy: 'time',
      copyAttempts: 0,
      gate: null,
    });
    await expectArrived(world);
  });

  it('a process that dies in the grace asks anew', async () => {
    const world = gated();
    await world.toExam();
    await press(world);
    await world.time.advance(5_000);
    await world.crash();
    await world.time.advance(MINUTE);
    expect(world.view.attempt?.gate).toMatchObject({ cause: 'restart', pressedT: null });
    await inside(world);
    await expectArrived(world);
  });
});

function dark() {
  return { mean: 4, std: 2, flatFraction: 1, faceMean: null, difference: 2 };
}

describe('a kiosk that goes past the gate', () => {
  const told = async () => {
    const world = gated();
    await world.toExam();
    await inside(world);
    await world.must({ type: 'visit', questionId: 'q1' as never });
    world.faces = 0;
    await world.time.advance(10_000);
    return world.entries;
  };

  it('does not stand', async () => {
    const entries = await told();
    expect(replayIncidents(entries)).toEqual({ ok: true });
    const without = (...types: string[]) => entries.filter(({ type }) => !types.includes(type));
    expect(replayIncidents(without('gate-passed'))).toMatchObject({ reason: 'before-the-gate' });
    expect(replayIncidents(without('watch-began'))).toMatchObject({ reason: 'incident-unfounded' });
    expect(replayIncidents(without('gate-passed', 'watch-began'))).toMatchObject({
      reason: 'before-the-gate',
    });
    const began = entries.find(({ type }) => type === 'watch-began');
    const pressed = entries.find(({ type }) => type === 'gate-passed');
    const hasty = entries.map((entry) =>
      entry === pressed ? { ...entry, t: (began?.t ?? 0) - 9_000 } : entry,
    );
    expect(replayIncidents(hasty)).toMatchObject({ reason: 'before-the-gate' });
  });
});
