import { describe, expect, it } from 'vitest';
import { fail, ok } from '#shared/kernel/result.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import { FakeWorld } from '#test/support/fake/fake-host.ts';
import { FAKE_CODE, FAKE_SECRET } from '#test/support/fake/fake-server.ts';

const isOffline = ({ connection }: KioskView): boolean => !connection.online && !connection.looking;
/** What the screens were told of the connection since `from`, without repetition. */
const told = (world: FakeWorld, from = 0): string[] => {
  const words = world.views
    .slice(from)
    .map((view) => (view.connection.online ? 'online' : isOffline(view) ? 'offline' : 'looking'));
  return words.filter((word, i) => word !== words[i - 1]);
};
const signIn = (world: FakeWorld) =>
  ({ type: 'sign-in', document: world.document, secret: FAKE_SECRET }) as const;
const REFUSED = { cause: 'refused', detail: 'connect ECONNREFUSED 10.0.0.5:443' } as const;

/** Requests fail as this host tells it, or are answered by the server again (null). */
const requestsFail = (world: FakeWorld): ((fault: typeof REFUSED | null) => void) => {
  const { request } = world.server.api;
  let failing: typeof REFUSED | null = null;
  Object.assign(world.server.api, {
    request: async (...asked: Parameters<typeof request>) => {
      const answer = await request(...asked);
      return failing === null ? answer : fail({ code: 'offline', ...failing });
    },
  });
  return (fault) => {
    failing = fault;
    if (fault === null) world.server.restore();
    else world.server.cut();
  };
};

describe('what the screens say of the connection', () => {
  it('nothing before anybody has answered, and never that there is none', async () => {
    const world = new FakeWorld();
    await world.start();
    expect(told(world)).toEqual(['looking', 'online']);
  });

  it('says so where nobody answers, with the cause, until somebody does', async () => {
    const world = new FakeWorld();
    const failing = requestsFail(world);
    failing(REFUSED);
    await world.start();
    expect(told(world)).toEqual(['looking', 'offline']);
    expect(world.view.connection.fault).toEqual(REFUSED);
    failing(null);
    // Whatever is answered first says it: nobody waits for the next look.
    await world.must({ type: 'enrol', code: FAKE_CODE });
    expect(world.view.connection).toMatchObject({ online: true, fault: null });
  });

  it('does not lose the connection by signing in, nor by leaving', async () => {
    const world = new FakeWorld();
    await world.start();
    await world.must({ type: 'enrol', code: FAKE_CODE });
    const from = world.views.length;
    await world.must(signIn(world));
    await world.time.advance(2_000);
    await world.must({ type: 'sign-out' });
    await world.time.advance(20_000);
    expect(told(world, from)).not.toContain('offline');
    expect(world.view).toMatchObject({ stage: 'signed-out', connection: { online: true } });
  });

  it('does not remember at the door how it was before the machine was started again', async () => {
    const world = new FakeWorld();
    await world.toWaiting();
    world.kill();
    await world.time.advance(2_000);
    const from = world.views.length;
    await world.revive();
    await world.must({ type: 'sign-out' });
    await world.time.advance(100);
    expect(told(world, from)).not.toContain('offline');
    expect(world.view).toMatchObject({ stage: 'signed-out', connection: { online: true } });
  });

  it('who leaves off line reads so at the door at once, and why', async () => {
    const world = new FakeWorld();
    await world.toWaiting();
    await world.time.advance(2_000);
    requestsFail(world)(REFUSED);
    await world.time.advance(4_000);
    expect(world.view.connection).toMatchObject({ online: false, looking: false, fault: REFUSED });
    const from = world.views.length;
    await world.must({ type: 'sign-out' });
    expect(told(world, from)).not.toContain('online');
    expect(world.view.connection.fault).toEqual(REFUSED);
  });

  it('the lost connection of an attempt has its cause, and loses it when it is back', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(12_000);
    const failing = requestsFail(world);
    failing(REFUSED);
    await world.time.advance(10_000);
    expect(isOffline(world.view)).toBe(true);
    expect(world.view.connection.fault).toEqual(REFUSED);
    failing(null);
    await world.time.advance(20_000);
    expect(world.view.connection).toMatchObject({ online: true, looking: false, fault: null });
  });

  it.each([{ any: 'JSON' }, { status: 'ok' }, [], 'text'])(
    'an answer that is not the server’s (%j) is a stranger',
    async (answer) => {
      const world = new FakeWorld();
      Object.assign(world.server.api, { request: async () => ok(answer) });
      await world.start();
      expect(isOffline(world.view)).toBe(true);
      expect(world.view.connection.fault?.cause).toBe('stranger');
    },
  );

  it('another version of the server is no stranger', async () => {
    const world = new FakeWorld();
    const health = { status: 'ok', serverTime: 1, protocol: 99_999 };
    Object.assign(world.server.api, { request: async () => ok(health) });
    await world.start();
    expect(world.view.connection).toMatchObject({ online: true, fault: null });
  });
});

describe('the device check', () => {
  it('says why the server was not reached, and takes it back by itself', async () => {
    const world = new FakeWorld();
    await world.start();
    await world.must({ type: 'enrol', code: FAKE_CODE });
    await world.must(signIn(world));
    const failing = requestsFail(world);
    failing(REFUSED);
    await world.must({ type: 'check-device' });
    const server = () => world.view.requirements.find(({ id }) => id === 'server');
    expect(server()).toEqual({
      id: 'server',
      outcome: 'failed',
      cause: 'refused',
      detail: REFUSED.detail,
      blocks: true,
    });
    failing(null);
    await world.time.advance(20_000);
    expect(server()).toEqual({ id: 'server', outcome: 'ok', blocks: true });
  });
});

describe('a machine that comes into another network', () => {
  it('asks at once at the door', async () => {
    const world = new FakeWorld();
    const failing = requestsFail(world);
    failing(REFUSED);
    await world.start();
    failing(null);
    world.engine.networkChanged(true);
    await world.time.advance(50);
    expect(world.view.connection.online).toBe(true);
  });

  it('connects at once in an attempt, and does not wait out its pause', async () => {
    const world = new FakeWorld();
    await world.toExam();
    world.server.cut();
    await world.time.advance(90_000);
    world.server.restore();
    world.engine.networkChanged(true);
    await world.time.advance(200);
    expect(world.view.connection.online).toBe(true);
  });

  it('without any network the connection is over before its silence would tell', async () => {
    const world = new FakeWorld();
    await world.toExam();
    await world.time.advance(1_000);
    world.server.weather = () => [];
    world.engine.networkChanged(false);
    await world.time.advance(20);
    expect(world.view.connection.online).toBe(false);
  });
});

it('evidence is kept until the server itself has said that it took it', async () => {
  const world = new FakeWorld();
  await world.toExam();
  await world.time.advance(5_000);
  const { request } = world.server.api;
  let stranger = true;
  Object.assign(world.server.api, {
    request: (...asked: Parameters<typeof request>) =>
      stranger && asked[1].includes('/evidence/')
        ? Promise.resolve(ok({ any: 'JSON' }))
        : request(...asked),
  });
  await world.copyAttempt();
  await world.time.advance(5_000);
  expect(await world.ledger.unsentEvidence(world.attemptId, 16)).not.toEqual([]);
  stranger = false;
  await world.time.advance(40_000);
  expect(await world.ledger.unsentEvidence(world.attemptId, 16)).toEqual([]);
  expect(world.server.evidence.size).toBeGreaterThan(0);
});
