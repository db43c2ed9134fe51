import { describe, expect, it } from 'vitest';
import type { QuestionId } from '#shared/kernel/ids.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import type { StorageFault } from '#test/support/fake/memory-stores.ts';
import { expectArrived, HOUR_MS } from './world.ts';

const answer: KioskAction = {
  type: 'answer',
  questionId: 'q1' as QuestionId,
  optionIds: ['c'],
};

const storageFails = (world: FakeWorld, fault: StorageFault | null): void => {
  world.ledger.fault = fault;
  world.store.fault = fault;
};

/** How a disk or a browser's database can be gone, alone and together with reading. */
const FAULTS: readonly StorageFault[] = [
  { writes: 'reject', reads: 'work' },
  { writes: 'reject', reads: 'reject' },
  { writes: 'hang', reads: 'work' },
  { writes: 'hang', reads: 'hang' },
];
const named = FAULTS.map((fault) => ({ ...fault, fault }));

describe('a storage that is gone for the rest of the exam', () => {
  it.each(named)('ends the exam at its time (writes $writes, reads $reads)', async ({ fault }) => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(HOUR_MS - 30_000);
    storageFails(world, fault);
    await world.time.advance(40_000);
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'time' });
    expect(world.view.problem).toEqual({ code: 'storage-failed' });
    // The room is told, and has what the device has not.
    const arrived = world.server.of(world.attemptId).map(({ type }) => type);
    expect(arrived).toContain('attempt-closed');
    expect(arrived.length).toBeGreaterThan(world.entries.length);
  });

  it.each(named)('closes at the third (writes $writes, reads $reads)', async ({ fault }) => {
    const world = new FakeWorld();
    await world.toExam();
    await world.copyAttempt();
    storageFails(world, fault);
    await world.copyAttempt();
    await world.time.advance(5_000);
    await world.copyAttempt();
    await world.time.advance(10_000);
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'copy-attempts' });
  });

  it.each(named)('closes off line too (writes $writes, reads $reads)', async ({ fault }) => {
    const world = new FakeWorld();
    await world.toExam();
    world.server.cut();
    storageFails(world, fault);
    await world.time.advance(HOUR_MS + 1_000);
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'time' });
  });

  it.each(named)('obeys the room (writes $writes, reads $reads)', async ({ fault }) => {
    const world = new FakeWorld();
    await world.toExam();
    storageFails(world, fault);
    const id = world.server.command(world.attemptId, { type: 'pause', reason: 'simulacro' });
    await world.time.advance(10_000);
    expect(world.view.attempt?.phase).toBe('paused');
    expect(world.server.stateOf(id)).toBe('applied');
    world.server.command(world.attemptId, { type: 'close', reason: 'evacuación' });
    await world.time.advance(10_000);
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'proctor' });
  });

  it.each(named)('takes answers and the end (writes $writes, reads $reads)', async ({ fault }) => {
    const world = new FakeWorld();
    await world.toExam();
    storageFails(world, fault);
    // Kept: the server has it.
    await world.must(answer);
    expect(world.view.attempt?.answers).toEqual({ q1: ['c'] });
    expect(world.view.savedSeq).toBeLessThan(world.view.attempt?.seq ?? 0);
    await world.must({ type: 'submit' });
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'examinee' });
  });

  it.each(named)('keeps its evidence for the room (writes $writes, reads $reads)', async (row) => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(5_000);
    const before = world.server.evidence.size;
    storageFails(world, row.fault);
    world.faces = 0;
    await world.time.advance(40_000);
    expect(world.server.evidence.size).toBeGreaterThan(before);
  });

  it.each(named)('and a restart loses nothing that the server has ($writes)', async ({ fault }) => {
    const world = new FakeWorld();
    await world.toExam();
    storageFails(world, fault);
    await world.must(answer);
    await world.copyAttempt();
    const { seq } = world.server.of(world.attemptId).at(-1) ?? { seq: 0 };
    world.kill();
    storageFails(world, null);
    await world.time.advance(2_000);
    await world.revive();
    await world.time.advance(20_000);
    expect(world.view.problem).toBeNull();
    expect(world.view.attempt).toMatchObject({ answers: { q1: ['c'] }, copyAttempts: 1 });
    expect(world.entries.length).toBeGreaterThan(seq);
    await expectArrived(world);
  });
});

describe('a storage that comes back', () => {
  it.each(named)('gets all, once and in order (writes $writes, reads $reads)', async (row) => {
    const world = new FakeWorld();
    await world.toExam();
    storageFails(world, row.fault);
    for (const option of ['a', 'b', 'c']) {
      await world.must({ ...answer, optionIds: [option] } as KioskAction);
    }
    await world.copyAttempt();
    storageFails(world, null);
    await world.time.advance(90_000);
    expect(world.view.problem).toBeNull();
    expect(world.view.savedSeq).toBe(world.view.attempt?.seq);
    expect(world.count('storage-failed')).toBe(1);
    expect(world.count('storage-recovered')).toBe(1);
    await expectArrived(world);
    expect([...world.ledger.evidence.values()].every(({ sent }) => sent)).toBe(true);
  });

  it('empty gets what it had again (the browser’s data were cleared)', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.must(answer);
    storageFails(world, { writes: 'reject', reads: 'reject' });
    await world.time.advance(1_000);
    world.ledger.entries.clear();
    world.store.values.clear();
    await world.must({ ...answer, optionIds: ['d'] } as KioskAction);
    storageFails(world, null);
    await world.time.advance(30_000);
    await expectArrived(world);
    await world.crash();
    await world.time.advance(10_000);
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', answers: { q1: ['d'] } });
  });

  it.each(['before', 'after'] as const)(
    'at the next try, %s it stored: nobody notices',
    async (when) => {
      const world = new FakeWorld();
      await world.toExam();
      world.ledger.failNext(when);
      await world.must(answer);
      expect(world.view.problem).toBeNull();
      expect(world.count('answer-saved')).toBe(1);
      await world.time.advance(1_000);
      await expectArrived(world);
    },
  );

  it('that fails and works by turns is not told without end', async () => {
    const world = new FakeWorld();
    await world.toExam();
    for (let i = 0; i < 30; i += 1) {
      storageFails(world, i % 2 === 0 ? { writes: 'reject', reads: 'work' } : null);
      void world.engine.perform(answer);
      await world.time.advance(2_000);
    }
    storageFails(world, null);
    await world.time.advance(30_000);
    expect(world.count('storage-failed')).toBeLessThanOrEqual(2);
    await expectArrived(world);
  });
});

describe('a storage that fails', () => {
  it('shows nothing as saved that is neither here nor at the server', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(1_000);
    world.server.cut();
    await world.time.advance(1_000);
    const seq = world.view.savedSeq;
    storageFails(world, { writes: 'reject', reads: 'work' });
    expect(await world.do(answer)).toBeNull();
    expect(world.view.savedSeq).toBe(seq);
    expect(world.view.problem).toEqual({ code: 'storage-failed' });
  });

  it('tells the room what it holds, for as long as it does', async () => {
    const world = new FakeWorld();
    await world.toExam();
    storageFails(world, { writes: 'reject', reads: 'work' });
    await world.must(answer);
    await world.time.advance(6_000);
    expect(world.server.heartbeat?.unsaved).toBeGreaterThan(0);
    storageFails(world, null);
    await world.time.advance(30_000);
    expect(world.server.heartbeat?.unsaved).toBeUndefined();
  });

  it('does not keep the engine from stopping', async () => {
    const world = new FakeWorld();
    await world.toExam();
    world.server.cut();
    storageFails(world, { writes: 'reject', reads: 'work' });
    const saved = world.engine.perform(answer);
    await world.time.advance(100);
    await world.engine.stop();
    expect(await saved).toMatchObject({ error: { code: 'not-in-this-stage' } });
    expect(world.count('answer-saved')).toBe(0);
  });

  it('does not pass the device check', async () => {
    const world = new FakeWorld();
    await world.start();
    await world.must({ type: 'enrol', code: 'AULA-0001' });
    await world.must({ type: 'sign-in', document: world.document, secret: 'secreto' });
    storageFails(world, { writes: 'reject', reads: 'work' });
    await world.must({ type: 'check-device' });
    const line = world.view.requirements.find(({ id }) => id === 'storage');
    expect(line).toMatchObject({ outcome: 'failed', blocks: true });
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
