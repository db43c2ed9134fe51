import { describe, expect, it } from 'vitest';
import { copyCount } from '#shared/attempt/copy-count.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { AttemptId, IncidentId } from '#shared/kernel/ids.ts';
import { type PlayedWorld, playedWorld } from '#test/ledgers/played.ts';
import { expectArrived, expectSound } from './world.ts';

// What another machine counted counts on here (Art. 70), and can be dismissed one by one.

/** As a server gives it out to who goes on with so many copy attempts. */
const carrying =
  (count: number) =>
  (policy: Policy): Policy => ({
    ...policy,
    copyAttemptLimit: policy.copyAttemptLimit - count,
    carried: {
      highest: count,
      attempts: Array.from({ length: count }, (_, index) => ({
        id: `carried-${index + 1}` as IncidentId,
        attemptId: 'attempt-before' as AttemptId,
        incidentId: `clipboard:${index}` as IncidentId,
        kind: 'clipboard',
        at: 1_700_000_000_000,
      })),
    },
  });

const dismiss = async (world: PlayedWorld, id: string, more = {}) => {
  world.order({ type: 'dismiss', incidentId: id as IncidentId, reason: 'Fue un error', ...more });
  await world.time.advance(1_000);
  return world.entries.findLast(({ type }) => type === 'command-applied')?.data;
};
const standing = (world: PlayedWorld) => {
  const { attempt } = world.view;
  return attempt === null ? null : copyCount(attempt);
};
const phase = (world: PlayedWorld) => world.view.attempt?.phase;

describe.each(['electron', 'web'] as const)('on %s', (host) => {
  it('one that is dismissed goes down, and the exam goes on to the limit of three', async () => {
    const world = playedWorld(host, {}, carrying(2));
    await world.toExam();
    expect(standing(world)).toEqual({ standing: 2, limit: 3 });
    expect(await dismiss(world, 'carried-1')).toMatchObject({ outcome: 'applied' });
    expect(standing(world)).toEqual({ standing: 1, limit: 3 });
    await world.copyAttempt();
    expect(phase(world)).toBe('in-progress');
    await world.copyAttempt();
    expect([phase(world), standing(world)]).toEqual(['closed', { standing: 3, limit: 3 }]);
    await expectArrived(world);
  });

  it('an exam that closed by it reopens, with the time that was left', async () => {
    const world = playedWorld(host, {}, carrying(2));
    await world.toExam();
    await world.copyAttempt();
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'copy-attempts' });
    const left = world.view.frozenRemainingMs;
    await world.time.advance(120_000);
    await dismiss(world, 'carried-2');
    expect([phase(world), standing(world)]).toEqual(['in-progress', { standing: 2, limit: 3 }]);
    await dismiss(world, 'carried-1');
    expect(standing(world)).toEqual({ standing: 1, limit: 3 });
    expect((world.view.endsAt ?? 0) - world.time.clock.wallMs()).toBeGreaterThan(
      (left ?? 0) - 3_000,
    );
    await expectArrived(world);
  });

  it('the order waits while the machine is off line, and is known after a crash', async () => {
    const world = playedWorld(host, {}, carrying(1));
    await world.toExam();
    world.server.cut();
    await world.copyAttempt();
    await world.copyAttempt();
    expect(phase(world)).toBe('closed');
    world.order({ type: 'dismiss', incidentId: 'carried-1' as IncidentId, reason: 'Fue un error' });
    await world.time.advance(5_000);
    expect(phase(world)).toBe('closed');
    world.server.restore();
    await world.time.advance(60_000);
    expect([phase(world), standing(world)]).toEqual(['in-progress', { standing: 2, limit: 3 }]);
    await world.crash(2_000);
    await world.time.advance(2_000);
    expect([phase(world), standing(world)]).toEqual(['in-progress', { standing: 2, limit: 3 }]);
    await expectSound(world);
  });

  it('nothing is dismissed twice, nor what nobody carried', async () => {
    const world = playedWorld(host, {}, carrying(1));
    await world.toExam();
    await dismiss(world, 'carried-1');
    expect(await dismiss(world, 'carried-1')).toMatchObject({
      outcome: 'rejected',
      code: 'conflict',
    });
    expect(await dismiss(world, 'carried-2')).toMatchObject({
      outcome: 'rejected',
      code: 'not-found',
    });
    expect(standing(world)).toEqual({ standing: 0, limit: 3 });
    await expectArrived(world);
  });

  it('what staff ended on this machine stays closed here', async () => {
    const world = playedWorld(host, {}, carrying(2));
    await world.toExam();
    await world.copyAttempt();
    await dismiss(world, 'carried-1', { reopens: false });
    expect([phase(world), standing(world)]).toEqual(['closed', { standing: 2, limit: 3 }]);
    await expectArrived(world);
  });
});
