import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QuestionId } from '#shared/kernel/ids.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import type { Weather } from '#test/support/fake/fake-server.ts';
import { expectArrived, expectSound } from './world.ts';

const answer = (optionId: string): KioskAction => ({
  type: 'answer',
  questionId: 'q1' as QuestionId,
  optionIds: [optionId],
});

/** An exam of some entries, two commands and a copy attempt. */
const live = async (world: FakeWorld): Promise<void> => {
  for (const option of ['a', 'b', 'c', 'd', 'a', 'b']) {
    await world.must(answer(option));
    await world.time.advance(700);
  }
  world.server.command(world.attemptId, { type: 'message', text: 'Silencio, por favor' });
  world.server.command(world.attemptId, { type: 'pause', reason: 'simulacro' });
  await world.time.advance(5_000);
  world.server.command(world.attemptId, { type: 'resume', reason: 'simulacro' });
  await world.copyAttempt();
};

describe('messages', () => {
  it.each<[string, () => Weather]>([
    ['duplicated', () => () => [5, 30, 400]],
    ['delayed', () => () => [2_500]],
    [
      'reordered',
      () => {
        let n = 0;
        return () => [++n % 3 === 0 ? 5 : 300];
      },
    ],
    [
      'dropped now and then',
      () => {
        let n = 0;
        return () => (++n % 4 === 0 ? [] : [5]);
      },
    ],
  ])('%s give the same result', async (_, weather) => {
    const world = new FakeWorld();
    await world.toExam();
    world.server.weather = weather();
    await live(world);
    await world.time.advance(120_000);
    world.server.weather = () => [5];
    await world.time.advance(60_000);
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', copyAttempts: 1 });
    expect(world.server.commands.map(({ state }) => state)).toEqual(Array(3).fill('applied'));
    expect(world.count('command-applied')).toBe(3);
    await expectArrived(world);
  });

  it('in any weather arrive once and in order', { timeout: 120_000 }, async () => {
    const delays = fc.array(fc.array(fc.integer({ min: 1, max: 6_000 }), { maxLength: 3 }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 0, max: 30_000 }), async (pattern, cutMs) => {
        const world = new FakeWorld();
        await world.toExam();
        let n = 0;
        world.server.weather = () => [...(pattern[n++ % pattern.length] ?? [5])];
        await live(world);
        world.server.cut();
        await world.time.advance(cutMs);
        world.server.restore();
        world.server.weather = () => [5];
        await world.time.advance(120_000);
        expect(world.view.connection.online).toBe(true);
        expect(world.count('command-applied')).toBe(3);
        await expectArrived(world);
      }),
      { numRuns: 40 },
    );
  });

  it('repeated commands are applied once', async () => {
    const world = new FakeWorld();
    await world.toExam();
    const id = world.server.command(world.attemptId, { type: 'message', text: 'Hola' });
    world.server.repeat(id);
    await world.time.advance(1_000);
    world.server.repeat(id);
    await world.time.advance(1_000);
    expect(world.count('command-applied')).toBe(1);
    expect(world.view.attempt?.messages).toHaveLength(1);
    await world.must({ type: 'read-message', commandId: id });
    expect(world.view.attempt?.messages[0]?.read).toBe(true);
  });

  it('that do not fit are ignored', async () => {
    const world = new FakeWorld();
    await world.toExam();
    const opened: ((message: unknown) => void)[] = [];
    const { open } = world.server.live;
    world.server.cut();
    await world.time.advance(100);
    Object.assign(world.server.live, {
      open: (handlers: Parameters<typeof open>[0]) => {
        opened.push(handlers.onMessage);
        return open(handlers);
      },
    });
    world.server.restore();
    await world.time.advance(20_000);
    for (const bad of [null, 7, 'x', {}, { type: 'ack' }, { type: 'command', issued: {} }]) {
      opened.at(-1)?.(bad);
    }
    opened.at(-1)?.({ type: 'ack', seq: 9_999, hash: 'a'.repeat(64) });
    await world.time.advance(1_000);
    expect(world.view.problem).toBeNull();
    await live(world);
    await world.time.advance(1_000);
    await expectArrived(world);
  });
});

describe('the connection', () => {
  it('tells its latency and what is pending', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(6_000);
    expect(world.view.connection).toMatchObject({ online: true, pending: 0, latencyMs: 10 });
    world.server.cut();
    await world.must(answer('a'));
    expect(world.view.connection.online).toBe(false);
    // The answer, and the lost connection itself.
    expect(world.view.connection.pending).toBe(2);
    expect(world.view.savedSeq - world.view.sentSeq).toBe(2);
  });

  it('lost and restored is on record and never counts', async () => {
    const world = new FakeWorld();
    await world.toExam();
    world.server.cut();
    await world.time.advance(5 * 60_000);
    world.server.restore();
    await world.time.advance(20_000);
    const facts = world.entries.filter(({ data }) => data.kind === 'connectivity-lost');
    expect(facts.map(({ data }) => data.phase)).toEqual(['began', 'ended']);
    expect(world.view.attempt?.copyAttempts).toBe(0);
    await expectArrived(world);
  });

  it('that falls silent is given up and made anew', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(1_000);
    world.server.weather = () => [];
    await world.time.advance(25_000);
    expect(world.view.connection.online).toBe(false);
    world.server.weather = () => [5];
    await world.time.advance(20_000);
    expect(world.view.connection.online).toBe(true);
    await expectArrived(world);
  });

  it('comes back within 15 s after an hour off line', async () => {
    const world = new FakeWorld();
    await world.toExam();
    world.server.cut();
    await world.time.advance(30 * 60_000);
    for (const option of ['a', 'b']) await world.must(answer(option));
    world.server.restore();
    await world.time.advance(16_000);
    await expectArrived(world);
  });

  it('goes by plain requests where sockets do not get through, and back', async () => {
    const world = new FakeWorld();
    await world.toExam();
    world.server.sockets = false;
    world.server.cut();
    await world.time.advance(1_000);
    world.server.restore();
    await world.time.advance(20_000);
    expect(world.view.connection.online).toBe(true);
    await world.must(answer('a'));
    await world.time.advance(500);
    await expectArrived(world);
    // Orders come too, once.
    const first = world.server.command(world.attemptId, { type: 'message', text: 'Buenos días' });
    world.server.repeat(first);
    await world.time.advance(1_000);
    expect(world.server.stateOf(first)).toBe('applied');
    expect(world.count('command-applied')).toBe(1);
    world.server.sockets = true;
    await world.time.advance(120_000);
    // Nobody was off line for the change.
    expect(world.entries.filter(({ data }) => data.kind === 'connectivity-lost')).toHaveLength(2);
    const id = world.server.command(world.attemptId, { type: 'message', text: 'Hola' });
    await world.time.advance(1_000);
    expect(world.server.stateOf(id)).toBe('applied');
    await expectArrived(world);
  });

  it('sends long ledgers in batches', async () => {
    const world = new FakeWorld();
    await world.toExam();
    world.server.cut();
    for (let i = 0; i < 450; i += 1) await world.engine.perform(answer('abcd'.charAt(i % 4)));
    world.server.restore();
    await world.time.advance(20_000);
    expect(world.entries.length).toBeGreaterThan(450);
    await expectArrived(world);
  });
});

describe('a chain that the server knows otherwise', () => {
  it('stops the sending, not the exam', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(1_000);
    world.server.cut();
    const list = world.server.of(world.attemptId);
    const [last] = list.slice(-1);
    if (last === undefined) throw new Error('no entry');
    world.server.entries.set(world.attemptId, [
      ...list.slice(0, -1),
      { ...last, hash: 'e'.repeat(64) },
    ]);
    world.server.restore();
    await world.time.advance(20_000);
    expect(world.view.problem?.code).toBe('chain-broken');
    const arrived = world.server.arrivals;
    await world.must(answer('a'));
    await world.time.advance(5_000);
    expect(world.server.arrivals).toBe(arrived);
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', answers: { q1: ['a'] } });
    // Orders still come through.
    const id = world.server.command(world.attemptId, { type: 'pause', reason: 'revisión' });
    await world.time.advance(1_000);
    expect(world.view.attempt?.phase).toBe('paused');
    expect(world.server.stateOf(id)).toBe('delivered');
    await expectSound(world);
  });

  it('because it lost its last entries gets them again', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await live(world);
    world.server.cut();
    const list = world.server.of(world.attemptId);
    world.server.entries.set(world.attemptId, list.slice(0, 3));
    world.server.restore();
    await world.time.advance(20_000);
    expect(world.view.problem).toBeNull();
    await expectArrived(world);
  });
});

describe('what is left when the examinee leaves', () => {
  it('is sent from the door, also after a restart', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(5_000);
    world.server.cut();
    world.faces = 0;
    await world.time.advance(10_000);
    await world.must({ type: 'submit' });
    await world.must({ type: 'sign-out' });
    expect(world.view.stage).toBe('signed-out');
    await world.crash();
    world.server.restore();
    await world.time.advance(30_000);
    expect(world.server.of(world.attemptId)).toEqual(world.entries);
    expect(world.server.evidence.size).toBeGreaterThan(1);
    expect(await world.store.get('draining')).toEqual([]);
  });
});

describe('evidence', () => {
  it('never goes before the entry that names it is acknowledged', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(5_000);
    world.server.weather = () => [1_500];
    world.faces = 0;
    await world.time.advance(20_000);
    expect(world.view.attempt?.incidents[0]?.evidence).toHaveLength(3);
    expect(world.server.evidence.size).toBe(4);
    expect(world.server.refusals).toEqual([]);
  });

  it('not sent before a crash is sent after it', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(5_000);
    world.server.cut();
    world.faces = 0;
    await world.time.advance(10_000);
    const before = world.server.evidence.size;
    await world.crash();
    world.faces = 1;
    world.server.restore();
    await world.time.advance(60_000);
    expect(world.server.evidence.size).toBeGreaterThan(before);
    expect([...world.ledger.evidence.values()].every(({ sent }) => sent)).toBe(true);
    await expectArrived(world);
  });
});
