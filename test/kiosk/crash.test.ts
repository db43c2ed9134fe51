import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

const answer = (question: string, option: string): KioskAction => ({
  type: 'answer',
  questionId: question as QuestionId,
  optionIds: [option],
});
const visit = (question: string): KioskAction => ({
  type: 'visit',
  questionId: question as QuestionId,
});

/** An exam with everything that writes: answers, two copy attempts, a pause, a message, a lost connection. */
const exam: readonly ((world: FakeWorld) => Promise<unknown> | unknown)[] = [
  (world) => world.do(visit('q1')),
  (world) => world.do(answer('q1', 'a')),
  (world) => world.copyAttempt(),
  (world) => world.server.cut(),
  (world) => world.do(visit('q2')),
  (world) => world.do(answer('q2', 'b')),
  (world) => world.server.restore(),
  (world) => world.time.advance(10_000),
  (world) => world.server.command(world.attemptId, { type: 'pause', reason: 'simulacro' }),
  (world) => world.time.advance(5_000),
  (world) => world.server.command(world.attemptId, { type: 'resume', reason: 'simulacro' }),
  (world) => world.time.advance(5_000),
  (world) => world.copyAttempt(),
  (world) => world.server.command(world.attemptId, { type: 'message', text: 'Quedan 10 min' }),
  (world) => world.time.advance(2_000),
  (world) => world.do(answer('q1', 'c')),
];

describe('a crash', () => {
  it('at any append loses nothing that was stored and doubles nothing', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 60_000 }),
        async (gaps, downMs) => {
          const world = new FakeWorld();
          await world.toExam();
          const waiting = [...gaps];
          const arm = () => {
            const gap = waiting.shift();
            if (gap !== undefined) world.ledger.powerOffAfter(world.ledger.appends + gap);
          };
          arm();
          for (const step of exam) {
            await step(world);
            if (!world.ledger.powerIsOff) continue;
            const before = world.entries;
            const shown = world.views.at(-1);
            await world.crash(downMs);
            arm();
            const { attempt } = world.view;
            // Nothing that was ever shown as saved is gone.
            expect(world.entries.length).toBeGreaterThanOrEqual(before.length);
            expect(world.entries.slice(0, before.length)).toEqual(before);
            expect(attempt?.seq).toBeGreaterThanOrEqual(shown?.savedSeq ?? 0);
            expect(attempt?.copyAttempts).toBeGreaterThanOrEqual(shown?.attempt?.copyAttempts ?? 0);
            const stored = before.reduce(applyEntry, EMPTY_ATTEMPT);
            expect(attempt?.questionId).toBe(stored.questionId);
            expect(attempt?.answers).toEqual(stored.answers);
          }
          await world.crash(downMs);
          await world.time.advance(60_000);
          const { attempt } = world.view;
          expect(attempt?.phase).toBe('in-progress');
          expect(attempt?.copyAttempts).toBe(world.count('copy-attempt'));
          expect(attempt?.copyAttempts).toBeLessThanOrEqual(2);
          expect(world.server.commands.map(({ state }) => state)).toEqual([
            'applied',
            'applied',
            'applied',
          ]);
          // The time that it was down has passed for the exam too.
          const ends = (world.view.endsAt ?? 0) - (attempt?.stoppedMs ?? 0);
          const start = world.entries.find(({ type }) => type === 'exam-started');
          expect(Math.abs(ends - ((start?.wall ?? 0) + 60 * 60_000))).toBeLessThan(1_000);
          await expectArrived(world);
        },
      ),
      { numRuns: 60 },
    );
  });

  /** Lets the power go off right after the entry of this type. */
  const diesAfter = async (world: FakeWorld, type: string, act: () => void) => {
    world.ledger.onAppend((entry) => {
      if (entry.type === type) world.ledger.powerOffAfter(world.ledger.appends);
    });
    act();
    await world.time.advance(5_000);
    expect(world.entries.at(-1)?.type).toBe(type);
    world.ledger.onAppend(() => undefined);
    await world.crash();
  };

  it.each(['observation', 'incident-opened', 'copy-attempt', 'incident-closed'])(
    'between the third %s and the closing closes once when it is back',
    async (type) => {
      const world = new FakeWorld();
      await world.toExam();
      await world.copyAttempt();
      await world.copyAttempt();
      await world.time.advance(40_000);
      await diesAfter(world, type, () => world.sensor.happen('clipboard'));
      await world.time.advance(5_000);
      expect(world.view.attempt).toMatchObject({
        phase: 'closed',
        closedBy: 'copy-attempts',
        copyAttempts: 3,
      });
      expect(world.count('attempt-closed')).toBe(1);
      // The restart is on record before the closing: the rules hear what they missed.
      expect(world.types().slice(-2)).toEqual(['host-restarted', 'attempt-closed']);
      expect(world.lockdown.entered).toBe(1);
      await expectArrived(world);
    },
  );

  it('between an order to close and the closing closes once when it is back', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await diesAfter(world, 'command-applied', () =>
      world.server.command(world.attemptId, { type: 'close', reason: 'Evacuación' }),
    );
    await world.time.advance(2_000);
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'proctor' });
    expect(world.count('attempt-closed')).toBe(1);
    await expectArrived(world);
  });

  it('while staff let go: it says what it still had to say, closes, and shows why', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.must(answer('q1', 'a'));
    world.kill();
    world.server.command(world.attemptId, {
      type: 'close',
      reason: 'El equipo dejó de funcionar',
      ending: 'let-go',
    });
    await world.time.advance(60_000);
    await world.revive();
    await world.time.advance(10_000);
    expect(world.view.attempt).toMatchObject({
      phase: 'closed',
      closedBy: 'proctor',
      closeReason: 'El equipo dejó de funcionar',
      closeEnding: 'let-go',
    });
    expect(world.view.attempt?.answers).toMatchObject({ q1: ['a'] });
    await expectArrived(world);
  });

  it('while something lasts does not count it twice', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(10_000);
    world.sensor.begin('extra-display');
    await world.time.advance(5_000);
    expect(world.view.attempt?.copyAttempts).toBe(1);
    for (let i = 0; i < 3; i += 1) {
      await world.crash();
      await world.time.advance(5_000);
    }
    expect(world.view.attempt?.copyAttempts).toBe(1);
    await expectArrived(world);
  });

  it.each([
    'attempt-opened',
    'device-checked',
    'rules-accepted',
    'framing-confirmed',
    'exam-started',
  ])('right after %s goes on from there', async (type) => {
    const world = new FakeWorld();
    world.ledger.onAppend((entry) => {
      if (entry.type === type) world.ledger.powerOffAfter(world.ledger.appends);
    });
    const road = world.toExam().catch(() => undefined);
    await road;
    world.ledger.onAppend(() => undefined);
    expect(world.entries.at(-1)?.type).toBe(type);
    await world.crash();
    expect(world.view.stage).toBe('attempt');
    expect(world.count(type)).toBe(1);
    const phase = world.view.attempt?.phase;
    expect(phase).toBe(
      {
        'attempt-opened': 'device-check',
        'device-checked': 'rules',
        'rules-accepted': 'framing',
        'framing-confirmed': 'waiting',
        'exam-started': 'in-progress',
      }[type],
    );
    await world.time.advance(5_000);
    await expectArrived(world);
  });

  it('between the sign-in and the first entry opens the attempt once', async () => {
    const world = new FakeWorld();
    await world.toWaiting();
    await world.time.advance(1_000);
    world.kill();
    world.ledger.entries.clear();
    world.server.entries.clear();
    await world.revive();
    await world.time.advance(1_000);
    expect(world.types()).toEqual(['attempt-opened']);
    await expectArrived(world);
  });
});
