import { describe, expect, it } from 'vitest';
import type { QuestionId } from '#shared/kernel/ids.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived, HOUR_MS } from './world.ts';

const MINUTE = 60_000;
/** Time left as a screen shows it, by the device's wall clock. */
const left = (world: FakeWorld): number => (world.view.endsAt ?? 0) - world.time.clock.wallMs();

const order = async (world: FakeWorld, type: 'pause' | 'resume') => {
  world.server.command(world.attemptId, { type, reason: 'corte de luz' });
  await world.time.advance(1_000);
};

describe('the time', () => {
  it('is over at its end, whatever the examinee does', async () => {
    const world = new FakeWorld({ durationMs: 2 * MINUTE });
    await world.toExam();
    await world.must({ type: 'answer', questionId: 'q1' as QuestionId, optionIds: ['a'] });
    await world.time.advance(2 * MINUTE + 200);
    expect(world.view.attempt).toMatchObject({
      phase: 'closed',
      closedBy: 'time',
      answers: { q1: ['a'] },
    });
    const closed = world.entries.find(({ type }) => type === 'attempt-closed');
    expect(closed?.data).toMatchObject({ by: 'time', remainingMs: 0 });
    await world.time.advance(1_000);
    await expectArrived(world);
  });

  it('that ran out while the kiosk was down closes when it is back', async () => {
    const world = new FakeWorld({ durationMs: 10 * MINUTE });
    await world.toExam();
    await world.crash(30 * MINUTE);
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'time' });
    expect(world.types().slice(-2)).toEqual(['host-restarted', 'attempt-closed']);
    await world.time.advance(2_000);
    await expectArrived(world);
  });

  it('that passed while the kiosk was down has passed', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(MINUTE);
    const before = left(world);
    await world.crash(5 * MINUTE);
    expect(Math.abs(before - left(world) - 5 * MINUTE)).toBeLessThan(1_000);
    const restarted = world.entries.find(({ type }) => type === 'host-restarted');
    expect(restarted?.data.downMs).toBeGreaterThanOrEqual(5 * MINUTE);
  });

  it('never runs backwards when the clock was set back while the kiosk was down', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(MINUTE);
    const last = world.entries.at(-1)?.t ?? 0;
    world.kill();
    world.time.moveWallClock(-3 * HOUR_MS);
    await world.revive();
    await world.time.advance(2_000);
    expect(world.view.attempt?.phase).toBe('in-progress');
    expect(world.entries.every((entry, i, all) => entry.t >= (all[i - 1]?.t ?? 0))).toBe(true);
    expect(world.entries.at(-1)?.t).toBeGreaterThanOrEqual(last);
    const before = world.view.frozenRemainingMs ?? left(world);
    await world.time.advance(MINUTE);
    expect(Math.abs(before - left(world) - MINUTE)).toBeLessThan(1_000);
  });

  it.each([-3 * HOUR_MS, -5 * MINUTE, 5 * MINUTE, 3 * HOUR_MS])(
    'does not care when somebody moves the wall clock by %d ms',
    async (moveMs) => {
      const world = new FakeWorld();
      await world.toExam();
      await world.time.advance(MINUTE);
      const before = left(world);
      world.time.moveWallClock(moveMs);
      await world.time.advance(MINUTE);
      expect(Math.abs(before - left(world) - MINUTE)).toBeLessThan(1_000);
      await world.copyAttempt();
      expect(world.view.attempt?.phase).toBe('in-progress');
      expect(world.count('host-restarted')).toBe(0);
      const wall = world.entries.at(-1)?.wall ?? 0;
      expect(Math.abs(wall - world.time.now())).toBeLessThan(3_000);
      expect(Math.abs((world.view.clockOffsetMs ?? 0) + moveMs)).toBeLessThan(1_000);
      await expectArrived(world);
    },
  );

  it('goes on while the machine sleeps, and what slept is nobody’s act', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(MINUTE);
    const before = left(world);
    world.faces = 0;
    await world.time.advance(1_500);
    world.time.sleep(10 * MINUTE);
    world.faces = 1;
    await world.time.advance(30_000);
    expect(Math.abs(before - left(world) - 10 * MINUTE - 31_500)).toBeLessThan(2_000);
    expect(world.count('host-restarted')).toBe(1);
    expect(world.view.attempt?.copyAttempts).toBe(0);
    await expectArrived(world);
  });

  it('of a suspended process is not held against anybody', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(MINUTE);
    world.faces = 0;
    await world.time.advance(1_500);
    world.time.suspend(10 * MINUTE);
    // The page needs a moment until its camera is back.
    world.faces = null;
    await world.time.advance(2_000);
    world.faces = 1;
    await world.time.advance(30_000);
    expect(world.count('host-restarted')).toBe(1);
    expect(world.view.attempt?.copyAttempts).toBe(0);
    // The silence of the camera was the machine's, not a failure of the program.
    const kinds = world.entries.map(({ data }) => data.kind);
    expect(kinds).not.toContain('device-failure');
    await expectArrived(world);
  });

  it('does not jump because the server’s clock was set', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(MINUTE);
    const before = left(world);
    // Seen from the kiosk: only the server's idea of the time moves.
    world.time.sleep(HOUR_MS);
    world.time.moveWallClock(-HOUR_MS);
    await world.time.advance(MINUTE);
    expect(Math.abs(before - left(world) - MINUTE)).toBeLessThan(2_000);
    expect(world.view.attempt?.phase).toBe('in-progress');
  });
});

describe('a pause', () => {
  it('stops the time and gives it back', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(MINUTE);
    const before = left(world);
    await order(world, 'pause');
    expect(world.view.attempt).toMatchObject({ phase: 'paused', pauseReason: 'corte de luz' });
    expect(world.view.endsAt).toBeNull();
    const frozen = world.view.frozenRemainingMs ?? 0;
    expect(Math.abs(frozen - before)).toBeLessThan(1_500);
    await world.time.advance(5 * MINUTE);
    expect(world.view.frozenRemainingMs).toBe(frozen);
    await order(world, 'resume');
    expect(Math.abs(left(world) - frozen)).toBeLessThan(1_500);
    await expectArrived(world);
  });

  it('judges nothing that happens meanwhile, and answers wait', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(10_000);
    await order(world, 'pause');
    const answer = { type: 'answer', questionId: 'q1' as QuestionId, optionIds: ['a'] } as const;
    expect(await world.do({ ...answer, optionIds: ['a'] })).toMatchObject({
      error: { code: 'not-in-this-stage' },
    });
    world.sensor.happen('clipboard');
    world.faces = 0;
    await world.time.advance(MINUTE);
    expect(world.count('observation')).toBe(0);
    await order(world, 'resume');
    // Still nobody there: that counts from the resumption on, not from the pause.
    expect(world.view.attempt?.copyAttempts).toBe(0);
    await world.time.advance(8_000);
    expect(world.view.attempt?.copyAttempts).toBe(1);
    await expectArrived(world);
  });

  it('ends with the shift', async () => {
    const world = new FakeWorld({ startsInMs: -HOUR_MS, shiftMs: 75 * MINUTE });
    await world.toExam();
    await order(world, 'pause');
    await world.time.advance(20 * MINUTE);
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'time' });
    await world.time.advance(1_000);
    await expectArrived(world);
  });

  it('survives a crash', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await order(world, 'pause');
    const frozen = world.view.frozenRemainingMs;
    await world.crash(MINUTE);
    expect(world.view.attempt?.phase).toBe('paused');
    expect(world.view.frozenRemainingMs).toBe(frozen);
    expect(world.lockdown.locked).toBe(true);
    await order(world, 'resume');
    expect(world.view.attempt?.phase).toBe('in-progress');
    await expectArrived(world);
  });

  it.each([
    ['resume', 'in-progress', 'not-in-this-stage'],
    ['pause', 'closed', 'attempt-closed'],
    ['close', 'closed', 'attempt-closed'],
  ] as const)('%s in %s is rejected with %s', async (type, phase, code) => {
    const world = new FakeWorld();
    await world.toExam();
    if (phase === 'closed') await world.must({ type: 'submit' });
    const id = world.server.command(world.attemptId, { type, reason: 'por error' });
    await world.time.advance(1_000);
    expect(world.server.stateOf(id)).toBe('rejected');
    expect(world.entries.at(-1)?.data).toMatchObject({ outcome: 'rejected', code });
    expect(world.view.attempt?.phase).toBe(phase);
    await expectArrived(world);
  });
});
