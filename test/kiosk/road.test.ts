import { describe, expect, it } from 'vitest';
import { notWatchedIn } from '#shared/incident/coverage.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { FAKE_CODE, FAKE_INSTITUTION, FAKE_SECRET } from '#test/support/fake/fake-server.ts';
import { expectArrived, HOUR_MS } from './world.ts';

const q1 = 'q1' as QuestionId;
const q3 = 'q3' as QuestionId;

describe('the whole road', () => {
  it('goes from the enrolment to the receipt', async () => {
    const world = new FakeWorld();
    await world.start();
    expect(world.view.stage).toBe('not-enrolled');
    await world.must({ type: 'enrol', code: FAKE_CODE });
    expect(world.view.stage).toBe('signed-out');
    expect(world.view.institution).toBe(FAKE_INSTITUTION);
    await world.toWaiting();
    await world.must({ type: 'start-exam' });
    expect(world.lockdown.locked).toBe(true);
    expect(world.view.form?.questions).toHaveLength(3);
    await world.must({ type: 'visit', questionId: q1 });
    await world.must({ type: 'answer', questionId: q1, optionIds: ['b'] });
    await world.must({ type: 'answer', questionId: q3, optionIds: ['a', 'd'] });
    await world.must({ type: 'flag', questionId: q3, flagged: true });
    await world.must({ type: 'submit' });
    await world.time.advance(2_000);
    expect(world.view.attempt).toMatchObject({
      phase: 'closed',
      closedBy: 'examinee',
      answers: { q1: ['b'], q3: ['a', 'd'] },
      flagged: { q3: true },
      copyAttempts: 0,
    });
    expect(world.view.form).toBeNull();
    await expectArrived(world);
    await world.must({ type: 'sign-out' });
    expect(world.view.stage).toBe('signed-out');
    expect(world.lockdown.locked).toBe(false);
    expect(world.store.values.has(`form:${world.attemptId}`)).toBe(false);
    expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('says on record what this host does not watch', async () => {
    const world = new FakeWorld();
    await world.toWaiting();
    expect(notWatchedIn(world.view.attempt?.coverage ?? {})).toEqual([
      'remote-session',
      'virtual-machine',
      'identity-mismatch',
      'prohibited-object',
    ]);
  });

  it('asks an examinee without camera for no camera', async () => {
    const world = new FakeWorld({ cameraExempt: true });
    world.faces = null;
    await world.toExam();
    await world.time.advance(60_000);
    expect(world.view.requirements).toEqual([]);
    expect(world.types()).not.toContain('framing-confirmed');
    world.faces = 2;
    await world.time.advance(20_000);
    expect(world.count('observation')).toBe(0);
  });

  it('keeps one still of the framing, and the server gets it', async () => {
    const world = new FakeWorld();
    await world.toWaiting();
    await world.time.advance(1_000);
    expect(world.server.evidence.size).toBe(1);
    expect([...world.ledger.evidence.values()].every(({ sent }) => sent)).toBe(true);
  });
});

describe('refusals at the door', () => {
  it.each([
    [{ type: 'enrol', code: 'WRONG' }, 'unknown-code'],
    [{ type: 'sign-in', document: '1', secret: FAKE_SECRET }, 'device-not-enrolled'],
    [{ type: 'submit' }, 'not-in-this-stage'],
    [{ type: 'sign-out' }, 'not-in-this-stage'],
    [{ type: 'enrol', code: 'x' }, 'bad-request'],
  ] as const)('%o -> %s', async (action, code) => {
    const world = new FakeWorld();
    await world.start();
    expect(await world.do(action)).toEqual({ ok: false, error: expect.objectContaining({ code }) });
  });

  it('tells wrong credentials and no network apart', async () => {
    const world = new FakeWorld();
    await world.start();
    await world.must({ type: 'enrol', code: FAKE_CODE });
    const signIn = { type: 'sign-in', document: world.document, secret: 'otro' } as const;
    expect(await world.do(signIn)).toMatchObject({ error: { code: 'wrong-credentials' } });
    world.server.cut();
    expect(await world.do(signIn)).toMatchObject({ error: { code: 'offline' } });
    expect(world.view.stage).toBe('signed-out');
  });

  it('does not begin anew an attempt of which the server has more', async () => {
    const world = new FakeWorld();
    await world.toWaiting();
    await world.time.advance(1_000);
    await world.must({ type: 'sign-out' });
    world.ledger.entries.clear();
    const signIn = { type: 'sign-in', document: world.document, secret: FAKE_SECRET } as const;
    expect(await world.do(signIn)).toMatchObject({ error: { code: 'already-open-elsewhere' } });
    expect(world.view.stage).toBe('signed-out');
  });

  it('lets one person through the door at a time', async () => {
    const world = new FakeWorld();
    await world.start();
    await world.must({ type: 'enrol', code: FAKE_CODE });
    const signIn = { type: 'sign-in', document: world.document, secret: FAKE_SECRET } as const;
    const [first, second] = [world.engine.perform(signIn), world.engine.perform(signIn)];
    await world.time.advance(1_000);
    expect((await first).ok).toBe(true);
    expect(await second).toMatchObject({ error: { code: 'conflict' } });
    expect(world.count('attempt-opened')).toBe(1);
  });
});

describe('the device check', () => {
  const signedIn = async (world: FakeWorld): Promise<void> => {
    await world.start();
    await world.must({ type: 'enrol', code: FAKE_CODE });
    await world.must({ type: 'sign-in', document: world.document, secret: FAKE_SECRET });
    await world.time.advance(500);
  };
  const line = (world: FakeWorld, id: string) =>
    world.view.requirements.find((requirement) => requirement.id === id);

  it('cannot be accepted before it was made', async () => {
    const world = new FakeWorld();
    await signedIn(world);
    expect(await world.do({ type: 'accept-device' })).toMatchObject({ ok: false });
  });

  it('tells a clock that is off by an hour, and does not refuse for it', async () => {
    const world = new FakeWorld();
    world.time.moveWallClock(HOUR_MS);
    await signedIn(world);
    await world.must({ type: 'check-device' });
    expect(line(world, 'clock')).toMatchObject({ outcome: 'failed', blocks: false });
    await world.must({ type: 'accept-device' });
    expect(Math.abs((world.entries[0]?.wall ?? 0) - world.time.now())).toBeLessThan(2_000);
  });

  it('waits for the camera, then says that no picture comes', async () => {
    const world = new FakeWorld();
    world.faces = null;
    await signedIn(world);
    await world.must({ type: 'check-device' });
    expect(line(world, 'camera')?.outcome).toBe('pending');
    expect(await world.do({ type: 'accept-device' })).toMatchObject({ ok: false });
    await world.time.advance(20_000);
    expect(line(world, 'camera')).toMatchObject({ outcome: 'failed', cause: 'no-picture' });
    world.faces = 1;
    await world.time.advance(2_000);
    expect(line(world, 'camera')?.outcome).toBe('ok');
    await world.must({ type: 'accept-device' });
  });

  it.each([
    [
      'the host',
      (world: FakeWorld) =>
        (world.requirements = [
          { id: 'display', outcome: 'failed', cause: 'several', blocks: true },
        ]),
    ],
    ['the network', (world: FakeWorld) => world.server.cut()],
    ['the storage', (world: FakeWorld) => world.store.failNext(1)],
  ] as const)('is blocked by %s', async (_, spoil) => {
    const world = new FakeWorld();
    await signedIn(world);
    spoil(world);
    await world.must({ type: 'check-device' });
    expect(await world.do({ type: 'accept-device' })).toMatchObject({
      error: { code: 'not-in-this-stage' },
    });
    expect(world.view.attempt?.phase).toBe('device-check');
  });
});

describe('the start', () => {
  it('is not before the shift, and not after it', async () => {
    const world = new FakeWorld({ startsInMs: HOUR_MS, shiftMs: HOUR_MS });
    await world.toWaiting();
    expect(await world.do({ type: 'start-exam' })).toMatchObject({ error: { code: 'too-early' } });
    await world.time.advance(2 * HOUR_MS);
    expect(await world.do({ type: 'start-exam' })).toMatchObject({ error: { code: 'too-late' } });
    expect(world.count('exam-started')).toBe(0);
  });

  it('never gives time beyond the end of the shift', async () => {
    const world = new FakeWorld({ startsInMs: -HOUR_MS, shiftMs: 75 * 60_000 });
    await world.toExam();
    const left = (world.view.endsAt ?? 0) - world.time.now();
    expect(left).toBeGreaterThan(14 * 60_000);
    expect(left).toBeLessThanOrEqual(15 * 60_000);
  });

  it('does not bring a closed attempt back to life when the questions come late', async () => {
    const world = new FakeWorld();
    await world.toWaiting();
    world.server.httpDelayMs = 5_000;
    const started = world.engine.perform({ type: 'start-exam' });
    await world.time.advance(1_000);
    world.server.command(world.attemptId, { type: 'close', reason: 'No se presentó' });
    await world.time.advance(10_000);
    expect(await started).toMatchObject({ error: { code: 'not-in-this-stage' } });
    expect(world.view.attempt).toMatchObject({ phase: 'closed', closedBy: 'proctor' });
  });

  it('is not possible with the cable out before the questions came', async () => {
    const world = new FakeWorld();
    await world.toWaiting();
    world.server.cut();
    expect(await world.do({ type: 'start-exam' })).toMatchObject({ error: { code: 'offline' } });
    world.server.restore();
    await world.must({ type: 'start-exam' });
  });
});

describe('answers', () => {
  it.each([
    [{ type: 'answer', questionId: 'q9' as QuestionId, optionIds: ['a'] }],
    [{ type: 'answer', questionId: q1, optionIds: ['a', 'b'] }],
    [{ type: 'answer', questionId: q1, optionIds: ['z'] }],
    [{ type: 'visit', questionId: 'q9' as QuestionId }],
  ] satisfies [KioskAction][])('%o does not fit the form', async (action) => {
    const world = new FakeWorld();
    await world.toExam();
    const before = world.entries.length;
    expect(await world.do(action)).toMatchObject({
      error: { code: 'bad-request' },
    });
    expect(world.entries).toHaveLength(before);
  });

  it('are refused after the closing', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.must({ type: 'submit' });
    expect(await world.do({ type: 'answer', questionId: q1, optionIds: ['a'] })).toMatchObject({
      error: { code: 'attempt-closed' },
    });
    expect(await world.do({ type: 'submit' })).toMatchObject({ ok: false });
    expect(world.count('attempt-closed')).toBe(1);
  });

  it('vouches for unsigned entries with checkpoints', async () => {
    const world = new FakeWorld();
    await world.toExam();
    for (let i = 0; i < 120; i += 1) {
      await world.must({ type: 'flag', questionId: q1, flagged: i % 2 === 0 });
    }
    expect(world.count('checkpoint')).toBe(2);
    await world.time.advance(1_000);
    await expectArrived(world);
  });
});
