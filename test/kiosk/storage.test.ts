import { describe, expect, it } from 'vitest';
import type { QuestionId } from '#shared/kernel/ids.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived } from './world.ts';

const answer: KioskAction = {
  type: 'answer',
  questionId: 'q1' as QuestionId,
  optionIds: ['c'],
};

describe('a storage that fails', () => {
  it.each(['before', 'after'] as const)(
    'once, %s it stored, loses and doubles nothing',
    async (when) => {
      const world = new FakeWorld();
      await world.toExam();
      world.ledger.failNext(when);
      const saved = world.engine.perform(answer);
      await world.time.advance(100);
      if (when === 'before') {
        expect(world.view.problem).toEqual({ code: 'storage-failed' });
        expect(world.view.attempt?.answers).toEqual({});
        await world.time.advance(1_000);
      }
      expect((await saved).ok).toBe(true);
      expect(world.view.problem).toBeNull();
      expect(world.view.attempt?.answers).toEqual({ q1: ['c'] });
      expect(world.count('answer-saved')).toBe(1);
      await world.time.advance(1_000);
      await expectArrived(world);
    },
  );

  it('for a while shows nothing as saved, and closes at three all the same', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.copyAttempt();
    await world.copyAttempt();
    await world.time.advance(40_000);
    world.ledger.failNext('before', 'before', 'before', 'before');
    const seq = world.view.savedSeq;
    world.sensor.happen('clipboard');
    await world.time.advance(2_000);
    expect(world.view.savedSeq).toBe(seq);
    expect(world.view.problem).toEqual({ code: 'storage-failed' });
    await world.time.advance(30_000);
    expect(world.view.problem).toBeNull();
    expect(world.view.attempt).toMatchObject({ phase: 'closed', copyAttempts: 3 });
    await expectArrived(world);
  });

  it('does not keep the engine from stopping', async () => {
    const world = new FakeWorld();
    await world.toExam();
    world.ledger.failNext(...Array<'before'>(50).fill('before'));
    const saved = world.engine.perform(answer);
    await world.time.advance(100);
    await world.engine.stop();
    expect(await saved).toMatchObject({ error: { code: 'not-in-this-stage' } });
    expect(world.count('answer-saved')).toBe(0);
  });

  it('keeps a command until it is durable', async () => {
    const world = new FakeWorld();
    await world.toExam();
    world.store.failNext(2);
    const id = world.server.command(world.attemptId, { type: 'pause', reason: 'simulacro' });
    await world.time.advance(300);
    expect(world.server.stateOf(id)).toBe('sent');
    expect(world.view.problem).toEqual({ code: 'storage-failed' });
    await world.time.advance(5_000);
    expect(world.server.stateOf(id)).toBe('applied');
    expect(world.view.problem).toBeNull();
    await expectArrived(world);
  });

  it('written to by somebody else stops this engine’s hand', async () => {
    const world = new FakeWorld();
    await world.toExam();
    const [last] = world.entries.slice(-1);
    if (last === undefined) throw new Error('no entry');
    await world.ledger.append({ ...last, seq: last.seq + 1, hash: 'f'.repeat(64) });
    expect(await world.do(answer)).toMatchObject({ ok: false });
    expect(world.view.problem).toEqual({ code: 'already-open-elsewhere' });
    expect(world.count('answer-saved')).toBe(0);
  });
});
