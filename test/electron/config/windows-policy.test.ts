import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  consoleText,
  parseRegistryQuery,
  policySettings,
} from '#electron/config/windows-policy.ts';

const KEY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Atalaya';
const POLICY = [
  '',
  KEY,
  '    Server    REG_SZ    https://examenes.unemi.edu.ec',
  '    Room    REG_SZ    Aula 12',
  '    DeviceName    REG_SZ    ',
  '    Locale    REG_SZ    es',
  '',
  `${KEY}\\SwitchedOffSensors`,
  '    2    REG_SZ    remote-tools',
  '    1    REG_SZ    usb',
  '',
  `${KEY}\\EnrolCodes`,
  '    PC-01    REG_SZ    ABCD-EFGH',
  '',
].join('\r\n');

describe('what reg query prints', () => {
  test('recorded output: keys, names, types and data', () => {
    const text = readFileSync(join(import.meta.dirname, 'recorded/reg-query-dns.txt'), 'utf8');
    const values = parseRegistryQuery(text);
    expect(values).toHaveLength(9);
    expect(values[0]).toEqual({
      key: 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\DNS\\Parameters',
      name: 'GlobalQueryBlockList',
      type: 'REG_MULTI_SZ',
      data: 'wpad\\0isatap',
    });
    expect(values[4]).toMatchObject({ name: 'ForwardingTimeout', type: 'REG_DWORD', data: '0x3' });
  });

  test('policy values become settings; empty ones do not count; lists keep their order', () => {
    expect(policySettings(POLICY)).toEqual({
      server: 'https://examenes.unemi.edu.ec',
      room: 'Aula 12',
      locale: 'es',
      switchedOffSensors: ['usb', 'remote-tools'],
      enrolCodes: { 'PC-01': 'ABCD-EFGH' },
    });
  });

  test.each([
    ['REG_MULTI_SZ', 'a\\0b\\0', ['a', 'b']],
    ['REG_DWORD', '0x10', 16],
    ['REG_SZ', 'four    spaces inside', 'four    spaces inside'],
    ['REG_EXPAND_SZ', '%ProgramData%', '%ProgramData%'],
  ])('%s', (type, data, value) => {
    expect(policySettings(`${KEY}\r\n    Thing    ${type}    ${data}\r\n`)).toEqual({
      thing: value,
    });
  });

  test.each([
    ['', {}],
    ['ERROR: nothing here', {}],
    [`${KEY}\n`, {}],
  ])('nothing in %j', (text, is) => {
    expect(policySettings(text)).toEqual(is);
  });
});

describe('letters of the console', () => {
  test.each([
    ['utf-8', Buffer.from('Aula de niños · Ñ'), 'Aula de niños · Ñ'],
    ['code page 850', Buffer.from([0x4e, 0x69, 0xa4, 0x6f, 0x20, 0xa5, 0xb5, 0x90]), 'Niño ÑÁÉ'],
    ['every byte has a letter', Uint8Array.from({ length: 128 }, (_, i) => i + 128), null],
  ])('%s', (_, bytes, text) => {
    const read = consoleText(bytes);
    if (text === null) expect([...read]).toHaveLength(128);
    else expect(read).toBe(text);
  });
});
