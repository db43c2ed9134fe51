import { describe, expect, test } from 'vitest';
import {
  type MachineFacts,
  passportRisks,
  passportUnread,
} from '#electron/doctor/passport-risks.ts';
import {
  answerOf,
  factsOf,
  readMachineFacts,
  type SystemAnswers,
} from '#electron/doctor/read-machine.ts';
import { takePassport } from '#electron/doctor/take-passport.ts';
import { EMPTY, failed, notSupported, told } from '#shared/incident/reading.ts';
import { check } from '#shared/kernel/schema.ts';
import { type PassportRiskId, PassportSchema } from '#shared/wire/passport.ts';
import { fakePassport } from '#test/support/fake/fake-passport.ts';

const LAPTOP: MachineFacts = {
  manufacturer: 'LENOVO',
  model: 'ThinkPad L14',
  system: 'Windows 11 10.0.26100',
  architecture: 'x64',
  processor: 'Intel Core i5',
  memoryMb: 8_000,
  virtualHost: told(null),
  programs: told(['explorer.exe', 'svchost.exe', 'chrome.exe', 'systemd', 'gnome-shell', 'bash']),
  graphics: told(['Intel(R) Iris(R) Xe Graphics', 'NVIDIA GeForce MX450']),
  cameras: told(1),
  freeDiskMb: told(50_000),
  batteryHealth: told(0.9),
};

describe('risks of a machine', () => {
  test('an ordinary laptop has none', () => {
    expect(passportRisks(LAPTOP)).toEqual([]);
  });

  test('a system that tells nothing has none that is known, and it is said of each part', () => {
    const silent: MachineFacts = {
      ...LAPTOP,
      memoryMb: 0,
      virtualHost: failed('tool-failed'),
      programs: EMPTY,
      graphics: EMPTY,
      cameras: notSupported('platform'),
      freeDiskMb: failed('tool-failed'),
      batteryHealth: EMPTY,
    };
    expect(passportRisks(silent)).toEqual([]);
    expect(passportUnread(silent)).toEqual([
      { part: 'programs', reason: 'tool-empty' },
      { part: 'graphics', reason: 'tool-empty' },
      { part: 'hardware', reason: 'tool-failed' },
      { part: 'cameras', reason: 'platform' },
      { part: 'disk', reason: 'tool-failed' },
      { part: 'battery', reason: 'tool-empty' },
    ]);
    expect(passportUnread(LAPTOP)).toEqual([]);
  });

  const SYSTEM = { manufacturer: 'LENOVO', model: '20XW', virtual: false, virtualHost: '' };
  const ANSWERS: SystemAnswers = {
    system: told(SYSTEM),
    processes: told({ list: [{ name: 'systemd' }] }),
    graphics: told({ controllers: [{ vendor: 'Intel', model: 'Iris Xe' }] }),
    battery: told({ hasBattery: true, designedCapacity: 50, maxCapacity: 40 }),
  };
  // As the library answers where a tool is missing, refused or says nothing: without an error.
  test.each<[string, Partial<SystemAnswers>, object]>([
    ['all of it', {}, { virtualHost: told(null), batteryHealth: told(0.8) }],
    ['no list of processes', { processes: told({ list: [] }) }, { programs: EMPTY }],
    ['no adapter', { graphics: told({ controllers: [] }) }, { graphics: EMPTY }],
    [
      'an adapter without a name',
      { graphics: told({ controllers: [{ vendor: '', model: '' }] }) },
      { graphics: EMPTY },
    ],
    ['no name of the machine', { system: told({ ...SYSTEM, model: '' }) }, { virtualHost: EMPTY }],
    [
      'a name of nothing',
      { system: told({ ...SYSTEM, model: 'Computer' }) },
      { virtualHost: EMPTY },
    ],
    [
      'a guest that says so without a name',
      { system: told({ ...SYSTEM, model: '', virtual: true, virtualHost: 'KVM' }) },
      { virtualHost: told('KVM') },
    ],
    [
      'a machine without a battery',
      { battery: told({ hasBattery: false, designedCapacity: 0, maxCapacity: 0 }) },
      { batteryHealth: told(null) },
    ],
    [
      'a battery that does not tell what it held when new',
      { battery: told({ hasBattery: true, designedCapacity: 0, maxCapacity: 40 }) },
      { batteryHealth: EMPTY },
    ],
    [
      'no answer',
      { processes: failed('tool-failed'), battery: failed('tool-failed') },
      { programs: failed('tool-failed'), batteryHealth: failed('tool-failed') },
    ],
  ])('what is asked of the system: %s', (_, change, facts) => {
    expect(factsOf({ ...ANSWERS, ...change })).toMatchObject(facts);
  });

  test('an answer that comes too late, or never, is none', async () => {
    expect(await answerOf(new Promise(() => undefined), 5)).toEqual(failed('tool-failed'));
    expect(await answerOf(Promise.reject(new Error('x')), 5)).toEqual(failed('tool-failed'));
    expect(await answerOf(Promise.resolve(0), 5)).toEqual(told(0));
  });

  test.each<[PassportRiskId, Partial<MachineFacts>, readonly string[]]>([
    ['clipboard-manager', { programs: told(['copyq']) }, ['copyq']],
    ['clipboard-manager', { programs: told(['C:\\Program Files\\Ditto\\Ditto.exe']) }, ['ditto']],
    ['assistive-technology', { programs: told(['NVDA.EXE']) }, ['nvda']],
    ['classroom-tool', { programs: told(['veyon-server']) }, ['veyon-server']],
    ['remote-tool', { programs: told(['/usr/bin/x11vnc', 'AnyDesk.exe']) }, ['anydesk', 'x11vnc']],
    [
      'virtual-display',
      { graphics: told(['spacedesk Graphics Adapter']) },
      ['spacedesk Graphics Adapter'],
    ],
    ['virtual-display', { graphics: told(['IddSampleDriver Device']) }, ['IddSampleDriver Device']],
    ['virtual-machine', { virtualHost: told('VirtualBox') }, ['VirtualBox']],
    ['no-camera', { cameras: told(0) }, []],
    ['little-memory', { memoryMb: 2_000 }, []],
    ['little-disk', { freeDiskMb: told(200) }, []],
    ['worn-battery', { batteryHealth: told(0.3) }, []],
  ])('%s', (id, change, names) => {
    expect(passportRisks({ ...LAPTOP, ...change })).toEqual([{ id, names }]);
  });

  test.each([
    ['a program that only sounds like one', 'copyqueue'],
    ['a document called so', 'anydesk.txt'],
    ['a browser', 'paste.google.chrome'],
  ])('%s is none', (_name, program) => {
    expect(passportRisks({ ...LAPTOP, programs: told([program]) })).toEqual([]);
  });
});

describe('taking a passport', () => {
  const parts = {
    survey: async () => ({ coverage: fakePassport().coverage, requirements: [] }),
    facts: async () => LAPTOP,
    capabilities: { version: '0.1.0', build: null },
    keyStore: 'dpapi',
    deviceName: 'PC-07',
    now: () => 1_790_000_000_000,
  } as const;

  test('puts together what fits the schema, however long the names are', async () => {
    const facts = async () => ({
      ...LAPTOP,
      model: ` ${'x'.repeat(300)}`,
      processor: 'y'.repeat(99),
    });
    const passport = await takePassport({ ...parts, facts });
    expect(check(PassportSchema, passport).ok).toBe(true);
    expect(passport?.device.model).toBe('x'.repeat(80));
  });

  test('does not look at the machine while there is an attempt', async () => {
    let looked = 0;
    const facts = async () => {
      looked += 1;
      return LAPTOP;
    };
    expect(await takePassport({ ...parts, survey: async () => null, facts })).toBeNull();
    expect(looked).toBe(0);
  });

  test('of this very machine fits the schema', { timeout: 60_000 }, async () => {
    const passport = await takePassport({ ...parts, facts: () => readMachineFacts('.') });
    expect(check(PassportSchema, passport)).toMatchObject({ ok: true });
    expect(passport?.device.memoryMb).toBeGreaterThan(0);
  });
});
