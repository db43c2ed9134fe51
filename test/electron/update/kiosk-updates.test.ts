import { describe, expect, test } from 'vitest';
import type { UpdatesContext } from '#electron/update/compose-updates.ts';
import { kioskUpdates } from '#electron/update/kiosk-updates.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';

const setUp = (device: unknown = undefined) => {
  const calls: string[] = [];
  let show: (stage: KioskView['stage']) => void = () => undefined;
  let context: UpdatesContext | null = null;
  const leave = kioskUpdates(
    {
      host: {
        subscribe: (listener) => {
          show = (stage) => listener({ stage } as KioskView);
          show('starting');
          return () => {
            show = () => undefined;
          };
        },
      },
      store: { get: async () => device },
      settings: { server: 'https://s', room: null, updateChannel: 'stable' },
      packaged: true,
      version: '1.0.0',
      executable: '/opt/Atalaya/atalaya',
      scheduler: { after: () => () => undefined, every: () => () => undefined },
      log: (_level, message) => calls.push(message),
    },
    (given) => {
      context = given;
      return {
        state: () => ({ phase: 'idle' }),
        check: async () => undefined,
        sessionChanged: () => calls.push(`changed ${given.busy()}`),
        installAtQuit: async () => {
          calls.push(`install ${given.busy()}`);
          return true;
        },
        stop: () => calls.push('stop'),
      };
    },
  );
  return {
    calls,
    leave,
    show: (stage: KioskView['stage']) => show(stage),
    given: (): UpdatesContext => {
      if (context === null) throw new Error('not started');
      return context;
    },
  };
};

describe('the updates of a kiosk', () => {
  test.each<[KioskView['stage'], boolean]>([
    ['starting', true],
    ['not-enrolled', false],
    ['signed-out', false],
    ['attempt', true],
  ])('%s: busy %s', (stage, busy) => {
    const { show, given } = setUp();
    show(stage);
    expect(given().busy()).toBe(busy);
  });

  test('hear that somebody signs in, and at the end what counted was before the engine stopped', async () => {
    const { calls, leave, show } = setUp();
    show('signed-out');
    show('attempt');
    show('signed-out');
    const install = leave();
    show('starting');
    await install();
    expect(calls).toEqual([
      'changed true',
      'changed false',
      'changed true',
      'changed false',
      'install false',
      'stop',
    ]);
  });

  test('use the token of the enrolled device', async () => {
    const device = { deviceId: 'd', deviceName: 'PC', deviceToken: 'x'.repeat(43) };
    expect(await setUp(device).given().token()).toBe(device.deviceToken);
    expect(await setUp().given().token()).toBeNull();
    expect(await setUp({ deviceToken: 1 }).given().token()).toBeNull();
  });
});
