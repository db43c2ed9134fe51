import { describe, expect, it } from 'vitest';
import { createKioskEngine } from '#shared/kiosk/engine.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import { TamperedStorageError } from '#shared/ports/ledger-store.port.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { FAKE_CODE, FAKE_SECRET } from '#test/support/fake/fake-server.ts';

describe('an older copy of the device’s data put back', () => {
  /** An exam that went on for a while after its data was copied. */
  const rolledBack = async (offline: boolean) => {
    const world = new FakeWorld();
    await world.toExam();
    await world.copyAttempt();
    const copy: readonly LedgerEntry[] = structuredClone(world.entries);
    await world.copyAttempt();
    await world.time.advance(5_000);
    const before = structuredClone(world.server.of(world.attemptId));
    expect(before.length).toBeGreaterThan(copy.length);
    world.kill();
    world.ledger.entries.set(world.attemptId, [...copy]);
    if (offline) world.server.cut();
    await world.revive();
    return { world, copy, before };
  };

  it('is shown on the kiosk and to the server, which keeps what it had', async () => {
    const { world, before } = await rolledBack(false);
    await world.time.advance(5_000);
    expect(world.view.problem).toMatchObject({ code: 'chain-broken' });
    expect(world.server.refusals.map(({ code }) => code)).toContain('chain-broken');
    expect(world.server.of(world.attemptId)).toEqual(before);
  });

  it('also when it went on off line until it had more than the server', async () => {
    const { world, before } = await rolledBack(true);
    for (let i = 0; world.entries.length <= before.length + 3; i += 1) {
      await world.time.advance(40_000);
      world.sensor.happen('print');
      expect(i).toBeLessThan(100);
    }
    expect(world.view.problem).toBeNull();
    world.server.restore();
    await world.time.advance(60_000);
    expect(world.view.problem).toMatchObject({ code: 'chain-broken' });
    expect(world.server.refusals.map(({ code }) => code)).toContain('chain-broken');
    expect(world.server.of(world.attemptId)).toEqual(before);
  });

  it('never gives back what was counted: the server still has both copy attempts', async () => {
    const { world } = await rolledBack(false);
    await world.time.advance(5_000);
    const counted = world.server
      .of(world.attemptId)
      .filter(({ type }) => type === 'copy-attempt').length;
    expect(counted).toBe(2);
  });

  it('before the sign-in it is refused: the server has more of the attempt than the device', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(5_000);
    world.kill();
    world.ledger.entries.set(world.attemptId, world.entries.slice(0, 2));
    await world.store.delete('session');
    await world.revive();
    const outcome = await world.do({
      type: 'sign-in',
      document: world.document,
      secret: FAKE_SECRET,
    });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'already-open-elsewhere' } });
  });
});

describe('a ledger that was changed by hand', () => {
  const tampered = async () => {
    throw new TamperedStorageError('entry|attempt|2');
  };

  it('is said at the start, and the attempt does not go on from it', async () => {
    const world = new FakeWorld();
    await world.toExam();
    world.kill();
    const stored = world.entries.length;
    world.ledger.read = tampered;
    const engine = createKioskEngine(world.deps());
    const views: KioskView[] = [];
    engine.subscribe((view) => views.push(view));
    engine.start().catch(() => undefined);
    await world.time.advance(30_000);
    expect(views.at(-1)).toMatchObject({ stage: 'starting', problem: { code: 'chain-broken' } });
    expect(world.entries).toHaveLength(stored);
    await engine.stop();
  });

  it('is said at the sign-in', async () => {
    const world = new FakeWorld();
    await world.start();
    await world.must({ type: 'enrol', code: FAKE_CODE });
    world.ledger.read = tampered;
    const signIn = { type: 'sign-in', document: world.document, secret: FAKE_SECRET } as const;
    expect(await world.do(signIn)).toMatchObject({ error: { code: 'chain-broken' } });
  });
});

describe('who the device is', () => {
  it('an identity that was set aside is said until the device is enrolled again', async () => {
    const world = new FakeWorld();
    const engine = createKioskEngine({
      ...world.deps(),
      identityProblem: { code: 'device-changed' },
    });
    const views: KioskView[] = [];
    engine.subscribe((view) => views.push(view));
    await engine.start();
    expect(views.at(-1)).toMatchObject({
      stage: 'not-enrolled',
      problem: { code: 'device-changed' },
    });
    const enrolled = engine.perform({ type: 'enrol', code: FAKE_CODE });
    await world.time.advance(1_000);
    expect((await enrolled).ok).toBe(true);
    expect(views.at(-1)).toMatchObject({ stage: 'signed-out', problem: null });
    await engine.stop();
  });

  it('a device that was revoked goes back to the enrolment, and keeps its token for the next start', async () => {
    const world = new FakeWorld();
    await world.start();
    await world.must({ type: 'enrol', code: FAKE_CODE });
    const enrolled = (await world.store.get('device')) as { deviceToken: string };
    await world.store.set('device', { ...enrolled, deviceToken: 'token-that-was-revoked' });
    world.kill();
    await world.revive();
    const signIn = { type: 'sign-in', document: world.document, secret: FAKE_SECRET } as const;
    expect(await world.do(signIn)).toMatchObject({ error: { code: 'device-not-enrolled' } });
    expect(world.view).toMatchObject({
      stage: 'not-enrolled',
      problem: { code: 'device-not-enrolled' },
    });
    expect(await world.store.get('device')).toMatchObject({ deviceId: 'device-1' });
    await world.must({ type: 'enrol', code: FAKE_CODE });
    await world.must(signIn);
    expect(world.view).toMatchObject({ stage: 'attempt', problem: null });
  });
});
