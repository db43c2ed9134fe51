import { beforeEach, describe, expect, test } from 'vitest';
import {
  buildRequirement,
  keepPassportSent,
  lastBuildState,
  sendPassport,
} from '#electron/doctor/send-passport.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { Passport } from '#shared/wire/passport.ts';
import { fakePassport } from '#test/support/fake/fake-passport.ts';
import { MemoryDeviceStore } from '#test/support/fake/memory-stores.ts';
import { VirtualTime } from '#test/support/fake/virtual-time.ts';

const DEVICE = { deviceId: 'device-1', deviceName: 'PC', deviceToken: 'token-of-the-device-1' };

let time: VirtualTime;
let store: MemoryDeviceStore;
let sent: { path: string; token: string | undefined; body: unknown }[];
let answer: Result<unknown, Problem>;
let passport: Passport | null;
let taken: number;

const api = {
  request: async (
    _method: string,
    path: string,
    { token, body }: { token?: string; body?: unknown },
  ) => {
    sent.push({ path, token, body });
    return answer;
  },
};

beforeEach(async () => {
  time = new VirtualTime(1_790_000_000_000);
  store = new MemoryDeviceStore();
  sent = [];
  taken = 0;
  answer = ok({ build: 'allowed' });
  passport = fakePassport();
  await store.set('device', DEVICE);
});

describe('sending', () => {
  test('uses the device’s token and remembers what the server says of the build', async () => {
    expect(await sendPassport({ store, api }, fakePassport())).toEqual(ok('allowed'));
    expect(sent).toEqual([
      { path: '/api/devices/me/passport', token: DEVICE.deviceToken, body: fakePassport() },
    ]);
    expect(await lastBuildState(store)).toBe('allowed');
  });

  test('a machine that is not enrolled sends nothing', async () => {
    await store.delete('device');
    expect(await sendPassport({ store, api }, fakePassport())).toEqual(
      fail({ code: 'device-not-enrolled' }),
    );
    expect(sent).toEqual([]);
  });

  test('an answer that is none of ours is a failure', async () => {
    answer = ok({ build: 'perhaps' });
    expect(await sendPassport({ store, api }, fakePassport())).toMatchObject({
      error: { code: 'server-failed' },
    });
    expect(await lastBuildState(store)).toBeNull();
  });
});

test.each([
  ['allowed', [{ id: 'build', outcome: 'ok', blocks: false }]],
  ['not-allowed', [{ id: 'build', outcome: 'failed', cause: 'not-allowed', blocks: false }]],
  ['not-checked', []],
  ['unknown', []],
  [null, []],
] as const)('the device check’s line on a build that is %s', (state, lines) => {
  expect(buildRequirement(state)).toEqual(lines);
});

describe('by itself', () => {
  const begin = () =>
    keepPassportSent({
      store,
      api,
      take: async () => {
        taken += 1;
        return passport;
      },
      scheduler: time.process(),
      log: () => undefined,
    });

  test('it is sent once, after the start had its quiet', async () => {
    begin();
    await time.advance(15_000);
    expect(taken).toBe(0);
    await time.advance(10 * 60_000);
    expect([taken, sent.length]).toEqual([1, 1]);
  });

  test('at the next start the same one is not sent again, another one is', async () => {
    begin();
    await time.advance(60_000);
    passport = fakePassport({ createdAt: 1_800_000_000_000 });
    begin();
    await time.advance(60_000);
    expect(sent).toHaveLength(1);
    passport = fakePassport({ keyStore: 'file' });
    begin();
    await time.advance(60_000);
    expect(sent).toHaveLength(2);
  });

  test('after another enrolment it is sent again', async () => {
    begin();
    await time.advance(60_000);
    await store.set('device', { ...DEVICE, deviceId: 'device-2' });
    begin();
    await time.advance(60_000);
    expect(sent).toHaveLength(2);
  });

  test('it waits for the enrolment, without looking at the machine', async () => {
    await store.delete('device');
    begin();
    await time.advance(10 * 60_000);
    expect([taken, sent.length]).toEqual([0, 0]);
    await store.set('device', DEVICE);
    await time.advance(61_000);
    expect(sent).toHaveLength(1);
  });

  test('it waits for the end of an attempt', async () => {
    passport = null;
    begin();
    await time.advance(10 * 60_000);
    expect(sent).toEqual([]);
    passport = fakePassport();
    await time.advance(61_000);
    expect(sent).toHaveLength(1);
  });

  test('it tries again while there is no server', async () => {
    answer = fail({ code: 'offline' });
    begin();
    await time.advance(5 * 60_000);
    expect(sent.length).toBeGreaterThan(2);
    answer = ok({ build: 'not-checked' });
    await time.advance(61_000);
    const count = sent.length;
    await time.advance(10 * 60_000);
    expect(sent).toHaveLength(count);
  });

  test('stopped, nothing comes any more', async () => {
    const stop = begin();
    stop();
    await time.advance(10 * 60_000);
    expect([taken, sent.length]).toEqual([0, 0]);
  });
});
