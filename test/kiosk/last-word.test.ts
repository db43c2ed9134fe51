import { describe, expect, it } from 'vitest';
import type { Command } from '#shared/wire/command.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

// A sensor waits a while whether a sleep explains an absence. An exam that stops hears it out first.

const CODE = '12345678';

const away = (world: FakeWorld, forMs: number): void => {
  world.sensor.heldBack = {
    kind: 'focus-lost',
    phase: 'began',
    ageMs: forMs,
    facts: { hidden: true },
  };
};
const order = (command: Command) => async (world: FakeWorld) => {
  world.server.command(world.attemptId, command);
  await world.time.advance(1_000);
};

const STOPS: readonly (readonly [string, (world: FakeWorld) => Promise<unknown>])[] = [
  ['the proctor pauses it', order({ type: 'pause', reason: 'corte de luz' })],
  ['the proctor closes it', order({ type: 'close', reason: 'fin del turno' })],
  ['the machine is opened', order({ type: 'release', reason: 'revisión' })],
  ['the room is to be shown', order({ type: 'room-scan', reason: 'revisión' })],
  [
    'staff open the machine',
    (world) => world.must({ type: 'staff-exit', code: CODE, reason: 'revisión' }),
  ],
  ['it is handed in', (world) => world.must({ type: 'submit' })],
];

describe('an absence that nothing has explained yet', () => {
  it.each(STOPS)('is told, dated back, when %s', async (_how, stop) => {
    const world = new FakeWorld({ exitCode: CODE });
    await world.toExam();
    await world.time.advance(20_000);
    away(world, 3_000);
    await stop(world);
    await world.time.advance(1_000);
    const { incidents = [], copyAttempts } = world.view.attempt ?? {};
    expect(incidents).toMatchObject([{ kind: 'focus-lost', counted: true, copyAttempt: 1 }]);
    expect(copyAttempts).toBe(1);
    const [opened] = world.entries.filter(({ type }) => type === 'incident-opened');
    const [seen] = world.entries.filter(
      ({ type, data }) => type === 'observation' && data.kind === 'focus-lost',
    );
    // Dated back: it was an incident before anything stopped.
    expect((seen?.t ?? 0) - (seen?.data.t as number)).toBeGreaterThanOrEqual(2_900);
    const stopped = world.entries.findIndex(({ type }) =>
      ['attempt-closed', 'command-applied', 'staff-exit'].includes(type),
    );
    expect(world.entries.indexOf(opened as never)).toBeLessThan(stopped);
    await expectArrived(world);
  });

  it('that is too short to be one is none', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(20_000);
    away(world, 200);
    await order({ type: 'pause', reason: 'corte de luz' })(world);
    expect(world.view.attempt?.incidents).toEqual([]);
    await expectArrived(world);
  });

  it.each<readonly [string, Command]>([
    ['a message', { type: 'message', text: 'Quedan diez minutos' }],
    ['what is no order to an exam that runs', { type: 'resume', reason: 'sigue' }],
  ])('is not asked for by %s', async (_what, command) => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(20_000);
    away(world, 3_000);
    await order(command)(world);
    expect(world.sensor.heldBack).not.toBeNull();
    expect(world.view.attempt?.incidents).toEqual([]);
    await expectArrived(world);
  });

  it('as the third one closes the exam, and the pause comes too late', async () => {
    const world = new FakeWorld();
    await world.toExam();
    for (let i = 0; i < 2; i += 1) {
      await world.time.advance(60_000);
      world.sensor.begin('focus-lost');
      await world.time.advance(1_000);
      world.sensor.end('focus-lost');
    }
    await world.time.advance(60_000);
    away(world, 3_000);
    await order({ type: 'pause', reason: 'corte de luz' })(world);
    expect(world.view.attempt).toMatchObject({
      phase: 'closed',
      closedBy: 'copy-attempts',
      copyAttempts: 3,
    });
    expect(world.types().filter((type) => type === 'attempt-closed')).toHaveLength(1);
    await expectArrived(world);
  });

  it('is told when the time is over, and not by a machine that slept through its end', async () => {
    for (const [sleptMs, counted] of [
      [0, 1],
      [4 * 3_600_000, 0],
    ] as const) {
      const world = new FakeWorld();
      await world.toExam();
      await world.time.advance((world.view.endsAt ?? 0) - world.time.now() - 2_000);
      if (sleptMs === 0) await world.time.advance(1_000);
      away(world, 500);
      if (sleptMs > 0) world.time.sleep(sleptMs);
      await world.time.advance(3_000);
      expect(world.view.attempt?.phase).toBe('closed');
      expect(world.view.attempt?.copyAttempts).toBe(counted);
      await expectArrived(world);
    }
  });
});
