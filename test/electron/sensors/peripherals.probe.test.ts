import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  parseInterfaces,
  readBluetoothProfile,
} from '#electron/sensors/probe/peripherals.darwin.ts';
import {
  parseBluetooth,
  parseBuiltInKeyboards,
} from '#electron/sensors/probe/peripherals.linux.ts';
import { type PeripheralListing, peripheralProbe } from '#electron/sensors/probe/peripherals.ts';
import { readPnp } from '#electron/sensors/probe/peripherals.windows.ts';
import type { RunTool, ToolFailure } from '#electron/sensors/probe/system-tool.ts';
import { categoryOf } from '#shared/incident/peripheral-category.ts';
import {
  EMPTY,
  failed,
  lackOf,
  notSupported,
  type Reading,
  told,
  toldOf,
} from '#shared/incident/reading.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import { fakeSys } from '#test/electron/sensors/fake-sys.ts';

const recorded = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'recorded', name), 'utf8');

const never = new AbortController().signal;
const presentIn = (read: Reading<PeripheralListing> | undefined) =>
  toldOf(read ?? EMPTY)?.present ?? [];

describe('Linux: /sys and bluetoothctl', () => {
  let machine = fakeSys();
  beforeEach(() => {
    machine = fakeSys();
  });
  afterEach(() => machine.remove());

  const list = (run: RunTool = async () => fail('tool-missing')) =>
    peripheralProbe('linux', { run, sys: machine.sys, proc: machine.proc })?.list(never);

  test('devices with their functions, fixed or not, and what is in their disks', async () => {
    machine.plug({
      port: '1-6',
      vendor: '04f2',
      product: 'b6bf',
      title: 'Camera',
      fixed: true,
      functions: ['0e:01:00', '0e:02:00'],
    });
    machine.plug({
      port: '1-2',
      vendor: '0781',
      product: '5581',
      serial: 'A200',
      functions: ['08:06:50'],
      sectors: 60_000,
    });
    machine.plug({
      port: '1-3.1',
      vendor: '0bda',
      product: '0129',
      functions: ['08:06:50'],
      sectors: 0,
    });
    machine.write('proc/bus/input/devices', recorded('linux-proc-input.txt'));
    const listed = await list();
    const present = presentIn(listed);
    expect(listed?.state).toBe('told');
    expect(present.map((one) => [categoryOf(one), one.fixed, one.medium, one.unit])).toEqual(
      expect.arrayContaining([
        ['camera', true, undefined, '1-6'],
        ['storage', false, true, 'A200'],
        ['storage', false, false, '1-3.1'],
        ['keyboard', true, undefined, 'AT Translated Set 2 keyboard'],
      ]),
    );
    expect(present).toHaveLength(4);
  });

  test('a device without functions yet is judged by its own class, and is there', async () => {
    machine.plug({ port: '1-2', vendor: '0781', product: '5581', functions: [] });
    const listed = await list();
    expect(presentIn(listed).map(categoryOf)).toEqual(['unknown']);
  });

  test('cards in readers that do not hang on USB; soldered memory is none', async () => {
    machine.write('sys/bus/mmc/devices/mmc0:aaaa/type', 'SD');
    machine.write('sys/bus/mmc/devices/mmc0:aaaa/name', 'SC32G');
    machine.write('sys/bus/mmc/devices/mmc1:0001/type', 'MMC');
    machine.write('sys/bus/mmc/devices/mmc2:0001/type', 'SDIO');
    const listed = await list();
    expect(presentIn(listed).map(({ name }) => name)).toEqual(['SD SC32G']);
  });

  test('a machine without USB is told, not called clean', async () => {
    const nothing = peripheralProbe('linux', { sys: '/nowhere', proc: '/nowhere' });
    expect(await nothing?.list(never)).toEqual(notSupported('platform'));
  });

  test.each<[string, ToolFailure, string]>([
    ['is missing', 'tool-missing', 'tool-missing'],
    ['is blocked', 'tool-blocked', 'tool-blocked'],
    ['fails', 'failed', 'tool-failed'],
  ])('with a radio, and bluetoothctl %s: watched in part', async (_, failure, missing) => {
    machine.write('sys/class/bluetooth/hci0/type', '1');
    const listed = await list(async () => fail(failure));
    expect(listed).toMatchObject({
      state: 'partial',
      reason: missing,
      value: { unheard: ['bluetooth'] },
    });
  });

  test('connected Bluetooth devices', async () => {
    machine.write('sys/class/bluetooth/hci0/type', '1');
    const info = recorded('linux-bluetoothctl-info.txt');
    const listed = await list(async (_, [verb]) =>
      ok(verb === 'devices' ? 'Device B2:5C:DA:00:00:01 soundcore Liberty 4 NC\n' : info),
    );
    expect(presentIn(listed)).toMatchObject([
      { bus: 'bluetooth', name: 'soundcore Liberty 4 NC', category: 'audio' },
    ]);
    expect(parseBluetooth(info.replace('Connected: yes', 'Connected: no'))).toBeNull();
    expect(parseBluetooth('Device B2:5C:DA:00:00:01 not available')).toBeNull();
  });

  test('only keyboards inside the machine', () => {
    const found = parseBuiltInKeyboards(recorded('linux-proc-input.txt'));
    expect(found.map(({ name }) => name)).toEqual(['AT Translated Set 2 keyboard']);
    expect(parseBuiltInKeyboards('')).toEqual([]);
  });
});

describe('Windows: one PowerShell listing', () => {
  test('a stick, with what is in it', () => {
    expect(readPnp(recorded('windows-pnp-stick.txt'))).toEqual(
      told([
        {
          bus: 'usb',
          vendor: '0781',
          product: '5581',
          unit: 'A20054F50D47',
          name: 'USB 大容量存储设备',
          functions: [[8, 6, 0x50]],
          fixed: false,
          medium: true,
        },
      ]),
    );
  });

  test('a device of several functions gets those of its parts', () => {
    const parent = 'USB\\VID_046D&PID_C52B';
    const devices = [
      {
        DeviceID: `${parent}\\6&1&0&2`,
        Name: 'USB Composite Device',
        CompatibleID: 'USB\\DevClass_00&SubClass_00&Prot_00;USB\\COMPOSITE',
      },
      {
        DeviceID: `${parent}&MI_00\\7&2&0&0000`,
        Name: 'USB Input Device',
        CompatibleID: 'USB\\Class_03&SubClass_01&Prot_01;USB\\Class_03',
      },
      {
        DeviceID: `${parent}&MI_01\\7&2&0&0001`,
        Name: 'USB Input Device',
        CompatibleID: 'USB\\Class_03&SubClass_01&Prot_02;USB\\Class_03',
      },
      {
        DeviceID: 'ACPI\\VEN_LEN&DEV_0071\\4&1',
        Name: 'Standard PS/2 Keyboard',
        PNPClass: 'Keyboard',
      },
      { DeviceID: 'USB\\ROOT_HUB30\\5&10c37a43&0&0', Name: 'USB Root Hub (USB 3.0)' },
      null,
    ];
    const found = toldOf(readPnp(JSON.stringify({ devices, disks: [] }))) ?? [];
    expect(found[0]?.place).toBe('6&1&0&2');
    expect(found.map((one) => [one.bus, one.fixed, categoryOf(one), one.functions.length])).toEqual(
      [
        ['usb', false, 'keyboard', 2],
        ['system', true, 'keyboard', 0],
      ],
    );
  });

  test.each<[string, Reading<unknown>]>([
    ['', EMPTY],
    ['\uFEFF[]', EMPTY],
    ['[null,null]', EMPTY],
    ['{"devices":[],"disks":[]}', EMPTY],
    ['{"devices":[null]}', EMPTY],
    ['not json', failed('tool-unread')],
    ['{}', failed('tool-unread')],
    ['{"devices":[{"Name":"x"}],"disks":[]}', failed('tool-unread')],
    ['[1, "x"]', failed('tool-unread')],
    ['{"refused":"AccessDenied"}', notSupported('tool-blocked')],
    ['{"refused":"InvalidClass"}', notSupported('not-supported')],
    ['{"refused":"ServerLimitsExceeded"}', failed('tool-failed')],
  ])('%j is no machine without devices', (json, read) => {
    expect(readPnp(json)).toEqual(read);
  });

  test('without the disks it is in part: a reader may be empty or not', () => {
    const { devices } = JSON.parse(recorded('windows-pnp-stick.txt'));
    const read = readPnp(JSON.stringify({ devices }));
    expect([read.state, lackOf(read)]).toEqual(['partial', 'tool-failed']);
    expect(toldOf(read)?.[0]).not.toHaveProperty('medium');
  });

  test('PowerShell that policy blocks is told; Bluetooth is never all there', async () => {
    const probe = (run: RunTool) => peripheralProbe('win32', { run })?.list(never);
    expect(await probe(async () => fail('tool-blocked'))).toEqual(notSupported('tool-blocked'));
    expect(await probe(async () => ok('[]'))).toEqual(EMPTY);
    const stick = recorded('windows-pnp-stick.txt');
    expect(await probe(async () => ok(stick))).toMatchObject({
      state: 'partial',
      reason: 'platform',
      value: { present: [{ vendor: '0781' }], unheard: ['bluetooth'] },
    });
  });
});

describe('macOS: ioreg and system_profiler', () => {
  test('the functions of one device are one device', () => {
    expect(parseInterfaces(recorded('darwin-ioreg-interface.txt'))).toEqual([
      {
        bus: 'usb',
        vendor: '0525',
        product: 'a4a1',
        unit: '0000RP00Q000',
        place: expect.stringMatching(/^\d+$/),
        name: 'Spotify AB Car Thing',
        functions: [
          [1, 1, 32],
          [1, 2, 32],
        ],
        fixed: false,
      },
    ]);
    expect(parseInterfaces('')).toEqual([]);
  });

  test('only Bluetooth devices that are connected', () => {
    const found = toldOf(readBluetoothProfile(recorded('darwin-bluetooth.txt')));
    expect(found?.map(({ name, category }) => [name, category])).toEqual([
      ['Someone’s AirPods Pro', 'audio'],
    ]);
  });
  test.each<[string, Reading<unknown>]>([
    ['{"SPBluetoothDataType":[]}', told([])],
    [
      '{"SPBluetoothDataType":[{"controller_properties":{"controller_state":"attrib_off"}}]}',
      told([]),
    ],
    ['', EMPTY],
    ['{}', failed('tool-unread')],
    ['Unable to run', failed('tool-unread')],
  ])('Bluetooth: %j', (json, read) => {
    expect(readBluetoothProfile(json)).toEqual(read);
  });

  test('nothing on USB is so only where there are controllers', async () => {
    const probe = (controllers: string, radio = '{"SPBluetoothDataType":[]}') =>
      peripheralProbe('darwin', {
        run: async (file, args) => {
          if (file === 'system_profiler') return ok(radio);
          return ok(args.includes('IOUSBHostController') ? controllers : '');
        },
      })?.list(never);
    const xhci = '+-o AppleT8103USBXHCI@00000000  <class AppleT8103USBXHCI, id 0x10000030a>';
    expect(await probe(xhci)).toEqual(told({ present: [], unheard: [] }));
    expect(await probe('')).toEqual(EMPTY);
    expect(await probe(xhci, '')).toMatchObject({ state: 'partial', reason: 'tool-empty' });
  });
});
