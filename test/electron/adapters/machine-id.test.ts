import { describe, expect, test } from 'vitest';
import {
  machineMark,
  parseMachineGuid,
  parseMachineIdFile,
  parsePlatformUuid,
  readMachineId,
} from '#electron/adapters/machine-id.ts';

/** The form of each tool's output, from its maker's documentation; the identifiers are made up. */
const REG = `
HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography
    MachineGuid    REG_SZ    1F2E3D4C-0000-4a5b-8c9d-0123456789ab

`;
const IOREG = `+-o MacBookAir10,1  <class IOPlatformExpertDevice, id 0x100000220, registered, matched, active, busy 0 (13 ms), retain 35>
    {
      "manufacturer" = <"Apple Inc.">
      "IOPlatformUUID" = "1F2E3D4C-0000-4A5B-8C9D-0123456789AB"
      "model" = <"MacBookAir10,1">
    }
`;

describe('what a machine says that it is', () => {
  test.each([
    ['reg', parseMachineGuid, REG, '1f2e3d4c-0000-4a5b-8c9d-0123456789ab'],
    ['reg, refused by policy', parseMachineGuid, 'ERROR: Access is denied.', null],
    ['reg, without the value', parseMachineGuid, 'HKEY_LOCAL_MACHINE\\SOFTWARE', null],
    ['ioreg', parsePlatformUuid, IOREG, '1f2e3d4c-0000-4a5b-8c9d-0123456789ab'],
    ['ioreg, nothing', parsePlatformUuid, '', null],
    ['machine-id', parseMachineIdFile, `${'a1'.repeat(16)}\n`, 'a1'.repeat(16)],
    ['machine-id before the first boot', parseMachineIdFile, 'uninitialized\n', null],
    ['machine-id, empty', parseMachineIdFile, '', null],
  ])('%s', (_name, parse, text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  test('is stored as a salted hash', () => {
    const mark = machineMark('a-machine', 'salt-1');
    expect(mark).toMatch(/^[0-9a-f]{64}$/);
    expect(machineMark('a-machine', 'salt-1')).toBe(mark);
    expect(machineMark('a-machine', 'salt-2')).not.toBe(mark);
    expect(machineMark('b-machine', 'salt-1')).not.toBe(mark);
  });

  test('on a system that has none of these it is unknown', async () => {
    expect(await readMachineId('aix')).toBeNull();
  });

  test('where the tool is not there it is unknown, and nothing is thrown', async () => {
    const other = process.platform === 'darwin' ? 'win32' : 'darwin';
    expect(await readMachineId(other)).toBeNull();
  });
});
