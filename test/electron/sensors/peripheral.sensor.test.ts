import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { peripheralSensor } from '#electron/sensors/peripheral.sensor.ts';
import {
  type PeripheralListing,
  type PeripheralProbe,
  peripheralProbe,
} from '#electron/sensors/probe/peripherals.ts';
import { DEFAULT_PERIPHERAL_RULES } from '#shared/incident/peripheral-rules.ts';
import {
  EMPTY,
  failed,
  notSupported,
  type Reading,
  told,
  type Unread,
} from '#shared/incident/reading.ts';
import type { Limits } from '#shared/ports/sensor.port.ts';
import { fakeSys, type SysDevice } from '#test/electron/sensors/fake-sys.ts';

const MOUSE: SysDevice = {
  port: '1-1',
  vendor: '046d',
  product: 'c077',
  title: 'Mouse',
  functions: ['03:01:02'],
};
const WEBCAM: SysDevice = {
  port: '1-6',
  vendor: '04f2',
  product: 'b6bf',
  title: 'Camera',
  fixed: true,
  functions: ['0e:01:00'],
};
const STICK: SysDevice = {
  port: '1-2',
  vendor: '0781',
  product: '5581',
  title: 'Ultra',
  serial: 'SECRET1',
  functions: ['08:06:50'],
  sectors: 60_000,
};
const READER: SysDevice = {
  port: '1-3',
  vendor: '0bda',
  product: '0129',
  title: 'Reader',
  functions: ['08:06:50'],
  sectors: 0,
};

let machine = fakeSys();
let folder = '';
beforeEach(() => {
  machine = fakeSys();
  machine.plug(WEBCAM);
  machine.plug(MOUSE);
  folder = mkdtempSync(join(tmpdir(), 'atalaya-peripheral-'));
});
afterEach(() => {
  machine.remove();
  rmSync(folder, { recursive: true, force: true });
});

const seat = (probe: PeripheralProbe | null = peripheralProbe('linux', machine)) => {
  const said: string[] = [];
  const limits: Limits[] = [];
  let changed = (): void => undefined;
  let closed = 0;
  const sensor = peripheralSensor({
    probe,
    folder,
    rules: DEFAULT_PERIPHERAL_RULES,
    hotPlug: (tell) => {
      changed = tell;
      return () => {
        closed += 1;
      };
    },
  });
  let beats = 0;
  const start = () =>
    sensor.start(
      ({ kind, phase, facts }) =>
        said.push(
          kind === 'platform'
            ? `doubt ${facts.why} ${facts.device}`
            : `${phase} ${facts.category} ${facts.device}`,
        ),
      {
        limited: (l) => limits.push(l),
        alive: () => (beats += 1),
      },
    );
  return {
    sensor,
    said,
    limits,
    start,
    changed: () => changed(),
    closed: () => closed,
    /** Waits until the sensor has looked once more from now on. */
    looked: async () => {
      const before = beats;
      changed();
      await vi.waitFor(() => expect(beats).toBeGreaterThan(before), {
        timeout: 5_000,
        interval: 10,
      });
    },
    saw: (...expected: string[]) =>
      vi.waitFor(
        () => {
          changed();
          expect(said).toEqual(expected);
        },
        { timeout: 8_000, interval: 50 },
      ),
  };
};

describe('the device check', () => {
  test('names what must be unplugged, and passes when it is', async () => {
    const { sensor } = seat();
    machine.plug(STICK);
    expect(await sensor.check?.()).toEqual({
      id: 'peripherals',
      outcome: 'failed',
      cause: 'unplug',
      names: ['Ultra'],
      blocks: true,
    });
    machine.unplug(STICK.port);
    expect(await sensor.check?.()).toEqual({ id: 'peripherals', outcome: 'ok', blocks: true });
  });

  test('a system that does not tell blocks nobody', async () => {
    const line = { id: 'peripherals', outcome: 'not-watched', blocks: false };
    const check = (read: Unread) =>
      seat({ everyMs: 1_000, list: async () => read }).sensor.check?.();
    for (const read of [EMPTY, notSupported('tool-blocked'), failed('tool-unread')]) {
      expect(await check(read)).toEqual({ ...line, cause: read.reason });
    }
    expect(await seat(null).sensor.check?.()).toEqual({ ...line, cause: 'not-built' });
  });

  test('the inventory keeps models of the first start only, and no stick', async () => {
    machine.plug(STICK);
    await seat().sensor.learn();
    const { own, accepted } = JSON.parse(readFileSync(join(folder, 'peripherals.json'), 'utf8'));
    expect(own.toSorted()).toEqual(['usb:046d:c077', 'usb:04f2:b6bf']);
    expect(accepted).toBeNull();
    machine.plug({ ...MOUSE, port: '1-4', vendor: '413c', functions: ['03:01:01'] });
    await seat().sensor.learn();
    expect(JSON.parse(readFileSync(join(folder, 'peripherals.json'), 'utf8')).own).toEqual(own);
  });

  test('a broken inventory is learnt anew', async () => {
    writeFileSync(join(folder, 'peripherals.json'), '{"own": 3');
    const { sensor } = seat();
    await sensor.learn();
    expect(stored()).toMatchObject({ complete: true, own: ['usb:046d:c077', 'usb:04f2:b6bf'] });
    expect(await sensor.check?.()).toMatchObject({ outcome: 'ok' });
  });

  const FINGERPRINT: SysDevice = {
    port: '1-9',
    vendor: '06cb',
    product: '00bd',
    title: 'Prometheus',
    functions: ['ff:00:00'],
  };
  const stored = () => JSON.parse(readFileSync(join(folder, 'peripherals.json'), 'utf8'));

  test.each<[string, Reading<PeripheralListing>]>([
    ['nothing', EMPTY],
    ['an error', failed('tool-failed')],
    ['no such tool', notSupported('tool-missing')],
    ['a list of no part', told({ present: [], unheard: [] })],
  ])(
    'a first start that lists %s is no inventory: built-in parts stop nobody, and are learnt',
    async (_, first) => {
      await seat({ everyMs: 1_000, list: async () => first }).sensor.learn();
      machine.plug(FINGERPRINT);
      const early = seat();
      expect(await early.sensor.check?.()).toEqual({
        id: 'peripherals',
        outcome: 'failed',
        cause: 'doubt',
        names: ['Prometheus'],
        blocks: false,
      });
      early.start();
      await early.looked();
      expect(early.limits).toEqual([{ peripheral: { reason: 'not-learnt', partly: true } }]);
      early.sensor.stop();
      const next = seat();
      await next.sensor.learn();
      expect(await next.sensor.check?.()).toMatchObject({ outcome: 'ok' });
      machine.unplug(FINGERPRINT.port);
      expect(await seat().sensor.check?.()).toMatchObject({ outcome: 'ok' });
      machine.plug({ ...FINGERPRINT, port: '1-4', vendor: '1234' });
      expect(await seat().sensor.check?.()).toMatchObject({ cause: 'unplug', blocks: true });
    },
  );

  test('a machine that really has no parts on its buses is believed at its second start', async () => {
    machine.unplug(WEBCAM.port);
    machine.unplug(MOUSE.port);
    const start = () => seat().sensor.learn();
    await start();
    expect(stored()).toMatchObject({ complete: false, emptyStarts: 1 });
    await start();
    expect(stored()).toMatchObject({ complete: true });
    machine.plug(FINGERPRINT);
    expect(await seat().sensor.check?.()).toMatchObject({ cause: 'unplug', blocks: true });
  });

  test('an inventory of an earlier build that learnt nothing is learnt again', async () => {
    writeFileSync(join(folder, 'peripherals.json'), '{"own":[],"accepted":["x"],"counts":{}}');
    const { sensor } = seat();
    await sensor.learn();
    expect(stored().own).toEqual(['usb:046d:c077', 'usb:04f2:b6bf']);
    writeFileSync(
      join(folder, 'peripherals.json'),
      '{"own":["usb:1:2"],"accepted":null,"counts":{}}',
    );
    await seat().sensor.learn();
    expect(stored().own).toEqual(['usb:1:2']);
  });
});

describe('during the exam', () => {
  test('a stick begins and ends; its serial number stays on the machine', async () => {
    const { sensor, saw, start, looked } = seat();
    const facts = vi.fn();
    await sensor.check?.();
    start();
    await looked();
    machine.plug(STICK);
    await saw('began storage Ultra');
    machine.unplug(STICK.port);
    await saw('began storage Ultra', 'ended storage Ultra');
    sensor.stop();
    sensor.start((signal) => facts(signal.facts), {
      limited: () => undefined,
      alive: () => undefined,
    });
    machine.plug(STICK);
    await vi.waitFor(() => expect(facts).toHaveBeenCalled(), { timeout: 8_000 });
    expect(JSON.stringify(facts.mock.calls)).not.toContain('SECRET1');
    expect(facts.mock.calls[0]?.[0]).toMatchObject({ model: '0781:5581', why: 'new', bus: 'usb' });
    sensor.stop();
  });

  test('a mouse that enumerates anew, or is pulled and put back, is no event', async () => {
    const { sensor, said, start, looked } = seat();
    await sensor.check?.();
    start();
    await looked();
    machine.unplug(MOUSE.port);
    await looked();
    machine.plug(MOUSE);
    await looked();
    await looked();
    expect(said).toEqual([]);
    sensor.stop();
  });

  test('a card in the empty reader that was there is one', async () => {
    const { sensor, saw, start, looked } = seat();
    machine.plug(READER);
    expect(await sensor.check?.()).toMatchObject({ outcome: 'ok' });
    start();
    await looked();
    machine.unplug(READER.port);
    machine.plug({ ...READER, sectors: 1_000 });
    await saw('began storage Reader');
    sensor.stop();
  });

  test('a kiosk that was killed still knows what the check accepted', async () => {
    const keyboard: SysDevice = {
      ...MOUSE,
      port: '1-4',
      vendor: '413c',
      product: '2113',
      functions: ['03:01:01'],
    };
    const first = seat();
    await first.sensor.learn();
    machine.plug(keyboard);
    expect(await first.sensor.check?.()).toMatchObject({ outcome: 'ok' });
    const again = seat();
    again.start();
    await again.looked();
    await again.looked();
    expect(again.said).toEqual([]);
    again.sensor.stop();
  });

  test('a listing that fails in between makes one act not two', async () => {
    let read: Unread | null = null;
    const real = peripheralProbe('linux', machine);
    const { sensor, said, saw, start, looked } = seat({
      everyMs: 60_000,
      list: async (signal) => read ?? real?.list(signal) ?? EMPTY,
    });
    await sensor.check?.();
    start();
    await looked();
    machine.plug(STICK);
    await saw('began storage Ultra');
    read = failed('tool-failed');
    for (let i = 0; i < 6; i++) await looked();
    read = null;
    for (let i = 0; i < 6; i++) await looked();
    expect(said).toEqual(['began storage Ultra']);
    sensor.stop();
  });

  test('what a check that could list nothing did not see is a word for people, once', async () => {
    const headset: SysDevice = {
      ...MOUSE,
      port: '1-4',
      title: 'Headset',
      vendor: '0d8c',
      functions: ['01:01:00'],
    };
    machine.plug(headset);
    await seat({ everyMs: 1_000, list: async () => failed('tool-failed') }).sensor.check?.();
    const { sensor, said, start, saw, looked } = seat();
    start();
    await looked();
    await looked();
    machine.plug(STICK);
    await saw('doubt unlearnt Headset', 'began storage Ultra');
    expect(said).toHaveLength(2);
    sensor.stop();
  });

  test('a keyboard that came for one that is gone is a word for people', async () => {
    const keyboard = (port: string, product: string): SysDevice => ({
      ...MOUSE,
      port,
      vendor: '413c',
      product,
      title: `Keyboard ${product}`,
      functions: ['03:01:01'],
    });
    machine.plug(keyboard('1-4', '2113'));
    const { sensor, said, start, looked } = seat();
    await sensor.check?.();
    start();
    await looked();
    machine.unplug('1-4');
    machine.plug(keyboard('1-5', '2005'));
    await looked();
    await looked();
    expect(said).toEqual(['doubt replaced Keyboard 2005']);
    sensor.stop();
  });

  test('says what it cannot watch, and ends what it started', async () => {
    const broken: PeripheralProbe = {
      everyMs: 1_000,
      list: async () => notSupported('tool-missing'),
    };
    const { sensor, limits, start, looked, closed } = seat(broken);
    start();
    await looked();
    expect(limits).toEqual([{ peripheral: { reason: 'tool-missing', partly: false } }]);
    sensor.stop();
    sensor.stop();
    expect(closed()).toBe(1);
  });
});
