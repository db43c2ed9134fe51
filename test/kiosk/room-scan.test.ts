import { describe, expect, it } from 'vitest';
import type { Evidence } from '#shared/incident/incident.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

const reason = 'Se oye otra voz en la habitación';

/** In an exam whose room was just asked to be shown. */
const asked = async (): Promise<FakeWorld> => {
  const world = new FakeWorld({ exitCode: 'K7M2-0XQ1' });
  await world.toExam();
  await world.time.advance(30_000);
  world.server.command(world.attemptId, { type: 'room-scan', reason });
  await world.until(({ roomScan }) => roomScan !== null, 'asked');
  return world;
};

const scans = (world: FakeWorld) =>
  world.entries
    .filter(({ type }) => type === 'room-scanned')
    .map(({ data }) => [data.outcome, (data.evidence as Evidence[]).length]);
const refusals = (world: FakeWorld) =>
  world.entries.filter(
    ({ type, data }) => type === 'observation' && data.kind === 'room-scan-refused',
  );
const settled = (world: FakeWorld) =>
  world.until(({ attempt }) => attempt?.phase === 'in-progress', 'going on', 200_000);
const timeLeft = ({ view }: FakeWorld) => view.frozenRemainingMs;

describe('a view of the room', () => {
  it('stops the exam, takes pictures of a slow turn, and lets it go on with all its time', async () => {
    const world = await asked();
    expect(world.view).toMatchObject({
      attempt: { phase: 'paused', pauseReason: reason },
      roomScan: { stage: 'asked', reason, from: 'Rosa Cedeño', taken: 0, wanted: 12 },
      captureEveryMs: null,
    });
    const left = timeLeft(world);
    // The camera is turned around: nobody is to be seen, and that is nobody's act.
    world.faces = 0;
    await world.time.advance(20_000);
    await world.must({ type: 'begin-room-scan' });
    await world.must({ type: 'begin-room-scan' });
    await world.time.advance(12_000);
    expect(world.view.roomScan).toMatchObject({ stage: 'running', taken: 6 });
    expect(timeLeft(world)).toBe(left);
    await world.until(({ roomScan }) => roomScan?.taken === 12, 'all taken');
    world.faces = 1;
    await settled(world);
    expect(scans(world)).toEqual([['shown', 12]]);
    expect(world.view.roomScan).toBeNull();
    expect((world.view.endsAt ?? 0) - world.time.now()).toBeGreaterThan((left ?? 0) - 2_000);
    await world.time.advance(20_000);
    expect(world.view.attempt?.incidents).toEqual([]);
    expect(refusals(world)).toEqual([]);
    await expectArrived(world);
    // ... and the one of the framing.
    expect(world.server.evidence.size).toBe(13);
  });

  it('that is refused is for people to judge, once the exam goes on', async () => {
    const world = await asked();
    await world.must({ type: 'refuse-room-scan' });
    expect(world.view.attempt?.phase).toBe('in-progress');
    expect(scans(world)).toEqual([['refused', 0]]);
    expect(world.view.attempt).toMatchObject({
      copyAttempts: 0,
      incidents: [{ kind: 'room-scan-refused', counted: false, facts: { outcome: 'refused' } }],
    });
    await world.time.advance(10_000);
    await expectArrived(world);
  });

  it('hides nothing: what lasts when the exam goes on is stated anew, and counts from there', async () => {
    const world = await asked();
    world.sensor.begin('extra-display');
    await world.time.advance(10_000);
    expect(world.view.attempt?.incidents).toEqual([]);
    await world.must({ type: 'begin-room-scan' });
    await settled(world);
    const wentOnT = world.entries.findLast(({ type }) => type === 'room-scanned')?.t;
    await world.time.advance(3_000);
    expect(world.view.attempt?.incidents).toMatchObject([
      { kind: 'extra-display', startedT: wentOnT, copyAttempt: 1 },
    ]);
    await expectArrived(world);
  });

  it('to which nobody answers counts as not shown after two minutes', async () => {
    const world = await asked();
    await world.time.advance(115_000);
    expect(world.view.attempt?.phase).toBe('paused');
    await world.time.advance(8_000);
    expect(scans(world)).toEqual([['timed-out', 0]]);
    expect(refusals(world)).toHaveLength(1);
    await world.time.advance(10_000);
    await expectArrived(world);
  });

  it('of which the camera gave nothing is asked for again', async () => {
    const world = await asked();
    world.faces = null;
    await world.must({ type: 'begin-room-scan' });
    await world.time.advance(37_000);
    expect(world.view.roomScan).toMatchObject({ stage: 'asked', taken: 0 });
    world.faces = 1;
    await world.must({ type: 'begin-room-scan' });
    await settled(world);
    expect(scans(world)).toEqual([['shown', 12]]);
  });

  it.each([
    ['asked', 0],
    ['asked for long', 110_000],
    ['running', null],
  ] as const)('that was %s when the program died is taken up again', async (_, waitedMs) => {
    const world = await asked();
    if (waitedMs === null) {
      await world.must({ type: 'begin-room-scan' });
      await world.time.advance(9_000);
    } else await world.time.advance(waitedMs);
    await world.crash(30_000);
    expect(world.view).toMatchObject({
      roomScan: { stage: 'asked' },
      attempt: { phase: 'paused' },
    });
    await world.time.advance(100_000);
    await world.must({ type: 'begin-room-scan' });
    await settled(world);
    expect(scans(world)).toEqual([['shown', 12]]);
    await world.time.advance(10_000);
    await expectArrived(world);
  });

  it('that was refused leads to its incident also when the program dies at any write', async () => {
    for (let write = 1; write <= 4; write += 1) {
      const world = await asked();
      world.ledger.powerOffAfter(world.ledger.appends + write);
      void world.engine.perform({ type: 'refuse-room-scan' });
      await world.time.advance(1_000);
      await world.crash();
      if (world.view.roomScan !== null) await world.must({ type: 'refuse-room-scan' });
      await world.time.advance(10_000);
      expect(scans(world), `write ${write}`).toEqual([['refused', 0]]);
      expect(refusals(world), `write ${write}`).toHaveLength(1);
      const kinds = world.view.attempt?.incidents.map(({ kind }) => kind);
      expect(kinds, `write ${write}`).toEqual(['room-scan-refused']);
      await expectArrived(world);
    }
  });

  it.each([
    ['resume', 'in-progress'],
    ['release', 'paused'],
    ['close', 'closed'],
  ] as const)('is no longer asked for after %s', async (type, phase) => {
    const world = await asked();
    await world.must({ type: 'begin-room-scan' });
    await world.time.advance(5_000);
    world.server.command(world.attemptId, { type, reason: 'Ya no hace falta' });
    await world.time.advance(3_000);
    expect(world.view.attempt?.phase).toBe(phase);
    expect(world.view.roomScan).toBeNull();
    for (const action of ['begin-room-scan', 'refuse-room-scan'] as const)
      expect(await world.do({ type: action })).toMatchObject({
        error: { code: 'not-in-this-stage' },
      });
    await world.time.advance(130_000);
    expect(scans(world)).toEqual([]);
    expect(refusals(world)).toEqual([]);
    expect(world.view.attempt?.phase).toBe(phase);
    await expectArrived(world);
  });

  it('is no longer asked for when staff opens the machine', async () => {
    const world = await asked();
    await world.must({ type: 'staff-exit', code: 'K7M2-0XQ1', reason: 'Se cambia el equipo' });
    await world.time.advance(130_000);
    expect(world.view).toMatchObject({
      roomScan: null,
      attempt: { phase: 'paused', released: true },
    });
    expect(refusals(world)).toEqual([]);
  });

  it('ends with the shift like everything', async () => {
    const world = new FakeWorld({ shiftMs: 90_000 });
    await world.toExam();
    world.server.command(world.attemptId, { type: 'room-scan', reason });
    await world.time.advance(100_000);
    expect(world.view).toMatchObject({
      roomScan: null,
      attempt: { phase: 'closed', closedBy: 'time' },
    });
    await world.time.advance(60_000);
    await expectArrived(world);
  });

  it.each([
    ['before the start', {}, 'waiting'],
    ['of somebody without a camera', { cameraExempt: true }, 'exam'],
  ] as const)('%s is rejected', async (_, exam, where) => {
    const world = new FakeWorld(exam);
    await (where === 'exam' ? world.toExam() : world.toWaiting());
    const id = world.server.command(world.attemptId, { type: 'room-scan', reason });
    await world.time.advance(3_000);
    expect(world.server.stateOf(id)).toBe('rejected');
  });
});
