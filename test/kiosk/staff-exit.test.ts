import { describe, expect, it } from 'vitest';
import { exitCodeText } from '#shared/exam/exit-code.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived, expectSound } from './world.ts';

const CODE = 'K7M2-0XQ1';
const reason = 'Se cambia el equipo por una falla del teclado';
const open = (world: FakeWorld, code: string) => world.do({ type: 'staff-exit', code, reason });
const facts = (world: FakeWorld) =>
  world.entries.filter(({ type }) => type === 'staff-exit').map(({ data }) => data);

describe('the exit code of staff', () => {
  it.each([
    ['k7m2-0xq1', 'K7M20XQ1'],
    [' K7M2 OXQI ', 'K7M20XQ1'],
    ['k7m2oxql', 'K7M20XQ1'],
    ['', ''],
  ])('%j is read as %j', (typed, text) => {
    expect(exitCodeText(typed)).toBe(text);
  });

  it('opens the machine off line, pauses the exam, and a resume locks it again', async () => {
    const world = new FakeWorld({ exitCode: CODE });
    await world.toExam();
    await world.must({ type: 'answer', questionId: 'q1' as QuestionId, optionIds: ['a'] });
    world.server.cut();
    await world.time.advance(1_000);
    const before = world.view.endsAt;
    expect(await open(world, 'k7m2 oxqi')).toEqual({ ok: true, value: null });
    expect(world.lockdown.locked).toBe(false);
    expect(world.view.attempt).toMatchObject({
      phase: 'paused',
      released: true,
      pauseReason: reason,
      answers: { q1: ['a'] },
    });
    await world.time.advance(60_000);
    world.server.restore();
    await world.time.advance(30_000);
    world.server.command(world.attemptId, { type: 'resume', reason: 'listo' });
    await world.time.advance(5_000);
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', released: false });
    expect(world.lockdown.locked).toBe(true);
    expect(world.view.endsAt).toBeGreaterThan(before ?? 0);
    expect(facts(world)).toEqual([
      { outcome: 'opened', reason, proof: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    await expectArrived(world);
  });

  it('does nothing when it is wrong but go on record, and waits after five', async () => {
    const world = new FakeWorld({ exitCode: CODE });
    await world.toExam();
    for (let i = 0; i < 5; i += 1) {
      expect(await open(world, `AAAA-000${i}`)).toMatchObject({
        error: { code: 'wrong-exit-code' },
      });
    }
    expect(await open(world, CODE)).toMatchObject({ error: { code: 'rate-limited' } });
    expect(world.lockdown.locked).toBe(true);
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', copyAttempts: 0 });
    expect(facts(world)).toHaveLength(5);
    await world.time.advance(61_000);
    expect(await open(world, CODE)).toMatchObject({ ok: true });
    await expectSound(world);
  });

  it('does not exist where the session has none', async () => {
    const world = new FakeWorld();
    await world.toExam();
    expect(await open(world, CODE)).toMatchObject({ error: { code: 'forbidden' } });
    expect(facts(world)).toEqual([]);
  });

  it('leaves an opened machine open after a restart, until the exam goes on', async () => {
    const world = new FakeWorld({ exitCode: CODE });
    await world.toExam();
    await open(world, CODE);
    await world.crash();
    expect(world.lockdown.locked).toBe(false);
    expect(world.view.attempt).toMatchObject({ phase: 'paused', released: true });
    await expectArrived(world);
  });

  it('opens nothing after the closing', async () => {
    const world = new FakeWorld({ exitCode: CODE });
    await world.toExam();
    await world.must({ type: 'submit' });
    expect(await open(world, CODE)).toMatchObject({ error: { code: 'attempt-closed' } });
  });
});

describe("the proctor's order to open the machine", () => {
  it('does the same, once', async () => {
    const world = new FakeWorld();
    await world.toExam();
    world.server.command(world.attemptId, { type: 'release', reason });
    await world.time.advance(3_000);
    expect(world.lockdown.locked).toBe(false);
    expect(world.view.attempt).toMatchObject({ phase: 'paused', released: true });
    world.server.command(world.attemptId, { type: 'release', reason });
    await world.time.advance(3_000);
    const outcomes = world.entries
      .filter(({ type }) => type === 'command-applied')
      .map(({ data }) => [data.outcome, data.code]);
    expect(outcomes).toEqual([
      ['applied', undefined],
      ['rejected', 'conflict'],
    ]);
    await expectArrived(world);
  });
});
