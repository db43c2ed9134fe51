import { describe, expect, it } from 'vitest';
import type { KindPolicy, Policy } from '#shared/incident/policy.ts';
import { playedWorld } from '#test/ledgers/played.ts';
import { FAKE_CODE, FAKE_SECRET } from '#test/support/fake/fake-server.ts';
import { expectArrived } from './world.ts';

const COUNTED: KindPolicy = { effect: 'count', minMs: 1_000, warnAfterMs: null, breakMs: 500 };

const without = (policy: Policy, kind: string): Policy => ({
  ...policy,
  kinds: Object.fromEntries(Object.entries(policy.kinds).filter(([name]) => name !== kind)),
});

describe('a ticket whose policy is of another version', () => {
  it('with one kind less is taken, and that kind is nothing', async () => {
    const world = playedWorld('electron', {}, (policy) => without(policy, 'clipboard'));
    await world.toExam();
    await world.copyAttempt();
    world.sensor.begin('extra-display');
    await world.time.advance(3_000);
    world.sensor.end('extra-display');
    await world.time.advance(10_000);
    expect(world.view.attempt?.incidents.map(({ kind }) => kind)).toEqual(['extra-display']);
    expect(world.entries[0]?.data.policy).not.toHaveProperty('kinds.clipboard');
    await expectArrived(world);
  });

  it('with one kind more is taken, kept as it came, and nobody is judged by it', async () => {
    const world = playedWorld('web', {}, (policy) => ({
      ...policy,
      kinds: { ...policy.kinds, 'smart-glasses': COUNTED },
      graceMs: 500,
    }));
    await world.toExam();
    await world.copyAttempt();
    await world.time.advance(10_000);
    expect(world.view.attempt).toMatchObject({ phase: 'in-progress', copyAttempts: 1 });
    expect(world.entries[0]?.data.policy).toMatchObject({
      kinds: { 'smart-glasses': COUNTED },
      graceMs: 500,
    });
    await expectArrived(world);
  });

  it('with rules that this build does not have is refused, and says what to do', async () => {
    const world = playedWorld('electron', {}, (policy) => ({ ...policy, version: 3 }));
    await world.start();
    await world.must({ type: 'enrol', code: FAKE_CODE });
    const signIn = { type: 'sign-in', document: world.document, secret: FAKE_SECRET } as const;
    expect(await world.do(signIn)).toMatchObject({
      ok: false,
      error: { code: 'protocol-version' },
    });
    expect(world.view.attempt).toBeNull();
    expect(world.entries).toEqual([]);
  });

  it('begun by a later build: this one keeps it, sends it, and waits for the update', async () => {
    const world = playedWorld('electron');
    await world.toExam();
    await world.time.advance(2_000);
    world.kill();
    const before = world.entries.length;
    const session = (await world.store.get('session')) as { ticket: { policy: Policy } };
    session.ticket.policy = { ...session.ticket.policy, version: 3 };
    await world.store.set('session', session);
    await world.revive();
    await world.time.advance(5_000);
    expect(world.view).toMatchObject({
      stage: 'signed-out',
      problem: { code: 'protocol-version' },
    });
    expect(world.server.of(world.attemptId)).toHaveLength(before);
    expect(world.entries).toHaveLength(before);
  });

  it.each([
    [
      'more kinds than any catalogue',
      {
        kinds: Object.fromEntries(
          Array.from({ length: 200 }, (_, i) => [
            `kind-${'a'.repeat(i % 20)}${'b'.repeat(i / 20)}`,
            COUNTED,
          ]),
        ),
      },
    ],
    ['a kind that is no name', { kinds: { 'Not a kind!': COUNTED } }],
    ['a kind without numbers', { kinds: { 'no-face': { effect: 'count' } } }],
    ['no version', { version: undefined }],
  ])('with %s is not taken', async (_, change) => {
    const world = playedWorld('electron', {}, (policy) => ({ ...policy, ...change }) as Policy);
    await world.start();
    await world.must({ type: 'enrol', code: FAKE_CODE });
    const signIn = { type: 'sign-in', document: world.document, secret: FAKE_SECRET } as const;
    expect(await world.do(signIn)).toMatchObject({ ok: false, error: { code: 'server-failed' } });
  });
});
