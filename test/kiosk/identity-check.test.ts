import { describe, expect, it } from 'vitest';
import type { CheckOutcome, IdentitySettings } from '#shared/identity/identity-facts.ts';
import type { IssuedCommand } from '#shared/wire/command.ts';
import { descriptorOf, templateFor } from '#test/support/fake/face-capture.ts';
import type { FakeExam } from '#test/support/fake/fake-exam.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { expectArrived, expectSound } from './world.ts';

const FACE: IdentitySettings = { check: 'face', enrolled: true, challenge: true };
const CODE = 'K7M2-0XQ1';

/** Before the check of a face, with person 1 enrolled. */
const atCheck = async (exam: FakeExam = {}): Promise<FakeWorld> => {
  const known = exam.identity?.enrolled === false ? {} : { template: templateFor(1) };
  const world = new FakeWorld({ identity: FACE, ...known, ...exam });
  await world.toWaiting();
  expect(world.view.attempt?.phase).toBe('identity');
  return world;
};

const checks = (world: FakeWorld) =>
  world.entries.filter(({ type }) => type === 'identity-checked').map(({ data }) => data);
const outcomes = (world: FakeWorld) =>
  world.entries
    .filter(({ type }) => type === 'command-applied')
    .map(({ data }) => [(data.issued as IssuedCommand).command.type, data.outcome]);
const phase = (world: FakeWorld) => world.view.attempt?.phase;

describe('the check of the face', () => {
  it('lets the right person through, with pictures and numbers on record', async () => {
    const world = await atCheck();
    expect(world.view.identity).toMatchObject({ stage: 'ready', triesLeft: 3, lastOutcome: null });
    expect(world.view.captureEveryMs).toBeNull();
    const from = world.views.length;
    expect(await world.checkIdentity()).toBe('verified');
    const stages = world.views.slice(from).flatMap(({ identity }) => identity?.stage ?? []);
    expect([...new Set(stages)]).toEqual(['looking', 'turn', 'back', 'ending']);
    const [found] = checks(world);
    expect(found).toMatchObject({ outcome: 'verified', captures: 5, challenge: 'passed' });
    expect(found?.distance).toBeLessThan(0.4);
    const times = ((found?.evidence ?? []) as { t: number }[]).map(({ t }) => t);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(phase(world)).toBe('waiting');
    expect(world.view.identity).toBeNull();
    await world.must({ type: 'start-exam' });
    await world.time.advance(10_000);
    await expectArrived(world);
    const stored = JSON.stringify(found);
    for (const hash of world.server.evidence.keys()) expect(stored).toContain(hash);
  });

  it('answers within 5 s without the challenge', async () => {
    const world = await atCheck({ identity: { ...FACE, challenge: false } });
    const from = world.time.now();
    expect(await world.checkIdentity()).toBe('verified');
    expect(world.time.now() - from).toBeLessThan(5_000);
    expect(checks(world)[0]).toMatchObject({ captures: 5, challenge: 'off' });
  });

  it.each<readonly [string, CheckOutcome, (world: FakeWorld) => void]>([
    ['somebody else', 'no', (world) => Object.assign(world, { person: 2 })],
    ['a face that never turns', 'challenge-failed', (world) => Object.assign(world, { pose: 0 })],
    [
      'a head that is turned all the time',
      'no-capture',
      (world) => Object.assign(world, { pose: 0.4 }),
    ],
    ['nobody', 'no-capture', (world) => Object.assign(world, { faces: 0 })],
    ['two people', 'no-capture', (world) => Object.assign(world, { faces: 2 })],
    ['the dark', 'no-capture', (world) => Object.assign(world, { spoilt: { faceMean: 20 } })],
    [
      'somebody whom it is not sure of',
      'unsure',
      (world) => {
        const descriptor = [...descriptorOf(1, 0.58)];
        world.spoilt = { descriptor };
      },
    ],
  ])('sends %s to a person', async (_, outcome, change) => {
    const world = await atCheck();
    change(world);
    expect(await world.checkIdentity()).toBe(outcome);
    expect(phase(world)).toBe('identity');
    expect(world.view.identity?.lastOutcome).toBe(outcome);
    expect(await world.do({ type: 'start-exam' })).toMatchObject({
      error: { code: 'not-in-this-stage' },
    });
    // Whatever it found, nothing counts and a person may decide otherwise.
    expect(world.view.attempt?.copyAttempts).toBe(0);
    world.server.command(world.attemptId, {
      type: 'identity',
      decision: 'verified-in-person',
      authorisedBy: null,
      reason: 'Comparé la cédula con la cara',
    });
    await world.time.advance(3_000);
    expect(phase(world)).toBe('waiting');
    await world.must({ type: 'start-exam' });
    await world.time.advance(10_000);
    await expectArrived(world);
  });

  it('takes pictures of somebody without a template, and asks a person', async () => {
    const world = await atCheck({ identity: { ...FACE, enrolled: false } });
    expect(await world.checkIdentity()).toBe('not-enrolled');
    expect(checks(world)[0]).toMatchObject({ distance: null, challenge: 'off' });
    expect(checks(world)[0]?.evidence).not.toEqual([]);
    expect(world.view.identity?.triesLeft).toBe(0);
  });

  it('can be begun three times, then a person is needed', async () => {
    const world = await atCheck();
    world.pose = 0;
    for (let left = 3; left > 0; left -= 1) {
      expect(world.view.identity?.triesLeft).toBe(left);
      expect(await world.checkIdentity()).toBe('challenge-failed');
    }
    expect(world.view.identity?.triesLeft).toBe(0);
    expect(await world.do({ type: 'begin-identity' })).toMatchObject({
      error: { code: 'not-in-this-stage' },
    });
    expect(checks(world)).toHaveLength(3);
  });

  it('works the second time when it was only the light', async () => {
    const world = await atCheck();
    world.spoilt = { faceMean: 20 };
    await world.must({ type: 'begin-identity' });
    await world.until(({ identity }) => identity?.advice === 'more-light', 'told to make light');
    await world.until(({ identity }) => identity?.lastOutcome === 'no-capture', 'given up');
    world.spoilt = {};
    expect(await world.checkIdentity()).toBe('verified');
  });

  it.each([
    ['no numbers', { descriptor: Array(128).fill(Number.NaN) }],
    ['too few numbers', { descriptor: [1, 2, 3] }],
    ['huge numbers', { descriptor: Array(128).fill(1e300) }],
    ['no place', { ageMs: Number.NaN }],
  ])('takes nothing from a page that measures %s', async (_, spoilt) => {
    const world = await atCheck();
    world.spoilt = spoilt;
    await world.must({ type: 'begin-identity' });
    await world.time.advance(5_000);
    expect(world.view.identity).toMatchObject({ stage: 'looking' });
    world.spoilt = {};
    await world.until(({ attempt }) => attempt?.phase === 'waiting', 'verified');
    expect(checks(world)).toHaveLength(1);
    expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('runs once at a time', async () => {
    const world = await atCheck();
    await world.must({ type: 'begin-identity' });
    expect(await world.do({ type: 'begin-identity' })).toMatchObject({
      error: { code: 'conflict' },
    });
  });

  it.each([100, 400, 900, 1_400])('that a crash ends after %i ms is ready again', async (ms) => {
    const world = await atCheck();
    await world.must({ type: 'begin-identity' });
    await world.time.advance(ms);
    await world.crash();
    expect(world.view.identity).toMatchObject({ stage: 'ready' });
    expect(await world.checkIdentity()).toBe('verified');
    expect(phase(world)).toBe('waiting');
    await world.time.advance(5_000);
    await expectArrived(world);
  });

  it('is ended by a decision', async () => {
    const world = await atCheck();
    world.pose = 0;
    await world.must({ type: 'begin-identity' });
    await world.time.advance(2_000);
    world.server.command(world.attemptId, {
      type: 'identity',
      decision: 'verified-in-person',
      authorisedBy: null,
      reason: 'Comparé la cédula con la cara',
    });
    await world.time.advance(60_000);
    expect(phase(world)).toBe('waiting');
    expect(checks(world)).toEqual([]);
    expect(world.log.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it.each([
    ['by hand', { identity: { ...FACE, check: 'by-hand' } }],
    ['without a camera', { cameraExempt: true }],
  ] as const)('does not exist %s', async (_, exam) => {
    const world = new FakeWorld({ identity: FACE, template: templateFor(1), ...exam });
    await world.toExam();
    expect(world.view.captureEveryMs).toBeNull();
    expect(world.view.identity).toBeNull();
  });
});

describe('a decision', () => {
  it('about a missing document waits for a person, also after the face was verified', async () => {
    const world = await atCheck();
    await world.must({ type: 'report-missing-document' });
    await world.must({ type: 'report-missing-document' });
    expect(await world.checkIdentity()).toBe('verified');
    expect(phase(world)).toBe('identity');
    expect(world.count('document-missing')).toBe(1);
    world.server.command(world.attemptId, {
      type: 'identity',
      decision: 'authorised-alternative',
      authorisedBy: 'Ing. Paredes, coordinación DGSA',
      reason: 'Presentó la licencia de conducir',
    });
    await world.time.advance(3_000);
    expect(phase(world)).toBe('waiting');
    expect(world.view.attempt?.identity.decision).toMatchObject({
      by: 'Rosa Cedeño',
      authorisedBy: 'Ing. Paredes, coordinación DGSA',
    });
  });

  it('to refuse leaves no more tries, and can be changed', async () => {
    const world = await atCheck();
    const decide = (decision: 'refused' | 'verified-in-person') =>
      world.server.command(world.attemptId, {
        type: 'identity',
        decision,
        authorisedBy: null,
        reason: 'No es la persona del documento',
      });
    decide('refused');
    await world.time.advance(3_000);
    expect(world.view.identity?.triesLeft).toBe(0);
    expect(await world.do({ type: 'begin-identity' })).toMatchObject({ ok: false });
    decide('verified-in-person');
    await world.time.advance(3_000);
    expect(phase(world)).toBe('waiting');
  });

  it.each([
    ['authorised-alternative', null],
    ['verified-in-person', 'Ing. Paredes'],
  ] as const)('%s authorised by %s is rejected', async (decision, authorisedBy) => {
    const world = await atCheck({ exitCode: CODE });
    const reason = 'Sin documento';
    world.server.command(world.attemptId, { type: 'identity', decision, authorisedBy, reason });
    await world.time.advance(3_000);
    expect(outcomes(world)).toEqual([['identity', 'rejected']]);
    const here = { type: 'staff-identity', code: CODE, decision, authorisedBy, reason } as const;
    expect(await world.do(here)).toMatchObject({ error: { code: 'bad-request' } });
    expect(world.count('staff-identity')).toBe(0);
  });

  it('is made at the machine off line, with the exit code', async () => {
    const world = await atCheck({ exitCode: CODE });
    world.server.cut();
    const here = {
      type: 'staff-identity',
      code: 'AAAA-0000',
      decision: 'digital-id-validated',
      authorisedBy: null,
      reason: 'QR validado en GOB.EC',
    } as const;
    expect(await world.do(here)).toMatchObject({ error: { code: 'wrong-exit-code' } });
    expect(phase(world)).toBe('identity');
    await world.must({ ...here, code: CODE });
    expect(phase(world)).toBe('waiting');
    const told = world.entries.filter(({ type }) => type === 'staff-identity');
    expect(told.map(({ data }) => data.outcome)).toEqual(['refused', 'decided']);
    expect(JSON.stringify(world.entries)).not.toContain('K7M2');
    world.server.restore();
    await world.time.advance(60_000);
    await expectArrived(world);
  });

  it('shares its wrong codes with the way out: five in all, then a minute', async () => {
    const world = await atCheck({ exitCode: CODE });
    const reason = 'Prueba de código';
    const decision = { decision: 'verified-in-person', authorisedBy: null, reason } as const;
    for (let i = 0; i < 5; i += 1) {
      const code = `AAAA-000${i}`;
      await world.do(
        i % 2 === 0
          ? { type: 'staff-identity', code, ...decision }
          : { type: 'staff-exit', code, reason },
      );
    }
    const right = { type: 'staff-identity', code: CODE, ...decision } as const;
    expect(await world.do(right)).toMatchObject({ error: { code: 'rate-limited' } });
    await world.time.advance(61_000);
    await world.must(right);
    expect(phase(world)).toBe('waiting');
    await expectSound(world);
  });
});

describe('the template', () => {
  it('never reaches a page, a ledger, the server or the log, and is forgotten at the sign-out', async () => {
    const world = await atCheck();
    const [number = 0] = templateFor(1).descriptor;
    const secret = String(number);
    await world.checkIdentity();
    await world.time.advance(1_000);
    const stored = () => JSON.stringify([...world.store.values.entries()]);
    expect(stored()).toContain(secret);
    await world.crash();
    await world.must({ type: 'start-exam' });
    await world.time.advance(200_000);
    await world.must({ type: 'submit' });
    await world.must({ type: 'sign-out' });
    await world.time.advance(1_000);
    expect(stored()).not.toContain(secret);
    expect(stored()).not.toContain('descriptor');
    for (const told of [world.views, world.entries, world.log, world.server.of(world.attemptId)]) {
      expect(JSON.stringify(told)).not.toContain(secret);
      expect(JSON.stringify(told)).not.toContain('descriptor');
    }
  });

  it('is there after a restart', async () => {
    const world = await atCheck();
    await world.crash();
    world.person = 2;
    expect(await world.checkIdentity()).toBe('no');
    await world.crash();
    world.person = 1;
    expect(await world.checkIdentity()).toBe('verified');
  });

  it('is none in what an older version stored, which goes on all the same', async () => {
    const world = new FakeWorld();
    await world.toWaiting();
    const { template: _, ...older } = (await world.store.get('session')) as Record<string, unknown>;
    await world.store.set('session', older);
    await world.crash();
    expect(phase(world)).toBe('waiting');
  });
});
