import { describe, expect, test } from 'vitest';
import { type MachineFacts, passportRisks } from '#electron/doctor/passport-risks.ts';
import { readMachineFacts } from '#electron/doctor/read-machine.ts';
import { takePassport } from '#electron/doctor/take-passport.ts';
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
  virtualHost: null,
  programs: ['explorer.exe', 'svchost.exe', 'chrome.exe', 'systemd', 'gnome-shell', 'bash'],
  graphics: ['Intel(R) Iris(R) Xe Graphics', 'NVIDIA GeForce MX450'],
  cameras: 1,
  freeDiskMb: 50_000,
  batteryHealth: 0.9,
};

describe('risks of a machine', () => {
  test('an ordinary laptop has none', () => {
    expect(passportRisks(LAPTOP)).toEqual([]);
  });

  test('a system that tells nothing has none either', () => {
    const unknown = { cameras: null, freeDiskMb: null, batteryHealth: null, memoryMb: 0 };
    expect(passportRisks({ ...LAPTOP, ...unknown, programs: [], graphics: [] })).toEqual([]);
  });

  test.each<[PassportRiskId, Partial<MachineFacts>, readonly string[]]>([
    ['clipboard-manager', { programs: ['copyq'] }, ['copyq']],
    ['clipboard-manager', { programs: ['C:\\Program Files\\Ditto\\Ditto.exe'] }, ['ditto']],
    ['assistive-technology', { programs: ['NVDA.EXE'] }, ['nvda']],
    ['classroom-tool', { programs: ['veyon-server'] }, ['veyon-server']],
    ['remote-tool', { programs: ['/usr/bin/x11vnc', 'AnyDesk.exe'] }, ['anydesk', 'x11vnc']],
    [
      'virtual-display',
      { graphics: ['spacedesk Graphics Adapter'] },
      ['spacedesk Graphics Adapter'],
    ],
    ['virtual-display', { graphics: ['IddSampleDriver Device'] }, ['IddSampleDriver Device']],
    ['virtual-machine', { virtualHost: 'VirtualBox' }, ['VirtualBox']],
    ['no-camera', { cameras: 0 }, []],
    ['little-memory', { memoryMb: 2_000 }, []],
    ['little-disk', { freeDiskMb: 200 }, []],
    ['worn-battery', { batteryHealth: 0.3 }, []],
  ])('%s', (id, change, names) => {
    expect(passportRisks({ ...LAPTOP, ...change })).toEqual([{ id, names }]);
  });

  test.each([
    ['a program that only sounds like one', 'copyqueue'],
    ['a document called so', 'anydesk.txt'],
    ['a browser', 'paste.google.chrome'],
  ])('%s is none', (_name, program) => {
    expect(passportRisks({ ...LAPTOP, programs: [program] })).toEqual([]);
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
