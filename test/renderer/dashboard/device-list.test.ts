import { describe, expect, test } from 'vitest';
import enDevices from '#assets/locales/en/dashboard/fleet.json' with { type: 'json' };
import enPassport from '#assets/locales/en/passport.json' with { type: 'json' };
import esDevices from '#assets/locales/es/dashboard/fleet.json' with { type: 'json' };
import esPassport from '#assets/locales/es/passport.json' with { type: 'json' };
import {
  DEVICE_FILTERS,
  type DeviceFilter,
  isIn,
  matchesDevice,
  sortDevices,
} from '#renderer/dashboard/fleet/device-list.ts';
import { BUILD_STATES } from '#shared/wire/devices.ts';
import { KEY_STORE_KINDS, PASSPORT_RISKS } from '#shared/wire/passport.ts';
import { fleet } from './device-data.ts';

const names = (filter: DeviceFilter): readonly string[] =>
  fleet()
    .filter((device) => isIn(device, filter))
    .map(({ name }) => name);

describe('the table of devices', () => {
  test.each([
    ['blocked', ['PC-20']],
    ['warnings', ['PC-21']],
    ['not-allowed', ['PC-22']],
    ['no-passport', ['PC-23']],
    ['revoked', ['PC-25']],
  ] as const)('%s', (filter, expected) => {
    expect(names(filter)).toEqual(expected);
  });

  test('a revoked device is in no other list', () => {
    expect(names('all')).toHaveLength(fleet().length - 1);
    for (const filter of DEVICE_FILTERS.filter((one) => one !== 'revoked')) {
      expect(names(filter)).not.toContain('PC-25');
    }
  });

  test.each([
    ['pc-2', ['PC-2', 'PC-20', 'PC-21', 'PC-22', 'PC-23', 'PC-24', 'PC-25']],
    ['thinkpad pc-12', ['PC-12']],
    ['LABORATORIO 1 pc-24', ['PC-24']],
    ['windows 0.1.0 pc-7', ['PC-7']],
    ['nada', []],
  ])('search %s', (search, expected) => {
    const found = fleet().filter((device) => matchesDevice(device, search));
    expect(found.map(({ name }) => name)).toEqual(expected);
  });

  test('what needs a person comes first, then by name as people count', () => {
    const order = sortDevices(fleet()).map(({ name }) => name);
    expect(order.slice(0, 4)).toEqual(['PC-20', 'PC-22', 'PC-21', 'PC-23']);
    expect(order.slice(4, 7)).toEqual(['PC-1', 'PC-2', 'PC-3']);
    expect(order.at(-1)).toBe('PC-25');
  });
});

type Tree = { readonly [key: string]: string | Tree };
const leaves = (tree: Tree, path = ''): readonly (readonly [string, string])[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as const]
      : leaves(value, `${path}${key}.`),
  );
const holes = (text: string): readonly string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe.each([
  ['devices', esDevices, enDevices],
  ['passport', esPassport, enPassport],
])('the words of %s', (_name, es, en) => {
  test('are the same in both languages, with the same gaps to fill', () => {
    const spanish = new Map(leaves(es));
    const english = new Map(leaves(en));
    expect([...english.keys()].sort()).toEqual([...spanish.keys()].sort());
    for (const [key, text] of spanish) {
      expect(holes(english.get(key) ?? ''), key).toEqual(holes(text));
      expect(text.trim(), key).not.toBe('');
    }
  });
});

test.each([
  ['es', esDevices, esPassport],
  ['en', enDevices, enPassport],
])('there is a word for every risk, key store and state (%s)', (_locale, devices, passport) => {
  for (const risk of PASSPORT_RISKS) {
    for (const part of ['name', 'text', 'mend'] as const) {
      expect(passport.risk[risk][part], risk).toBeTruthy();
    }
  }
  for (const kind of KEY_STORE_KINDS) expect(passport.keyStore[kind], kind).toBeTruthy();
  for (const state of BUILD_STATES) expect(devices.buildState[state], state).toBeTruthy();
  for (const filter of DEVICE_FILTERS) expect(devices.filter[filter], filter).toBeTruthy();
});
