import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { networkAddressSensor } from '#electron/sensors/network-address.sensor.ts';
import { readAddresses, readProxy } from '#electron/sensors/probe/network-addresses.ts';
import {
  type Address,
  DEFAULT_NETWORK_RULES,
  type NetworkRules,
  networksOf,
  newNetworks,
} from '#electron/sensors/probe/network-change.ts';
import { EMPTY, failed, type Reading, told, toldOf } from '#shared/incident/reading.ts';
import { pass, watchSensor } from '#test/electron/sensors/watch.ts';

const v4 = (name: string, cidr: string): Address => ({
  name,
  family: 'IPv4',
  address: cidr.split('/')[0] ?? '',
  cidr,
  internal: name === 'lo',
});
const v6 = (name: string, cidr: string): Address => ({ ...v4(name, cidr), family: 'IPv6' });
const words = (addresses: readonly Address[], rules: NetworkRules = DEFAULT_NETWORK_RULES) =>
  networksOf(addresses, rules).map(({ sort, network }) => `${sort} ${network}`);

describe('which networks a machine is in', () => {
  test.each<[string, readonly Address[], readonly string[]]>([
    ['a room', [v4('lo', '127.0.0.1/8'), v4('eth0', '10.20.3.7/22')], ['network 10.20.0.0/22']],
    ['nothing', [], []],
    ['nobody answered', [v4('eth0', '169.254.3.4/16')], []],
    [
      'containers and virtual machines',
      [
        v4('docker0', '172.17.0.1/16'),
        v4('vethab12', '10.0.0.1/24'),
        v4('vEthernet (WSL)', '172.30.1.1/20'),
        v4('VirtualBox Host-Only Network', '192.168.56.1/24'),
      ],
      [],
    ],
    ['an iPhone', [v4('wlan0', '172.20.10.3/28')], ['hotspot 172.20.10.0/28']],
    ['an Android phone by cable', [v4('usb0', '192.168.42.15/24')], ['hotspot 192.168.42.0/24']],
    ['OpenVPN', [v4('tun0', '10.8.0.2/24')], ['tunnel 10.8.0.0/24']],
    ['WireGuard on Windows', [v4('WireGuard Tunnel', '10.6.0.2/32')], ['tunnel 10.6.0.2/32']],
    [
      'macOS with its own tunnels',
      [v6('utun0', 'fe80::1234/64'), v4('en0', '192.168.1.5/24')],
      ['network 192.168.1.0/24'],
    ],
    ['macOS with a VPN', [v6('utun4', 'fd7a:115c:a1e0::1/48')], ['tunnel fd7a:115c:a1e0:0::/64']],
    [
      'IPv6 beside IPv4',
      [v4('eth0', '10.0.0.5/24'), v6('eth0', '2800:370::5/64')],
      ['network 10.0.0.0/24'],
    ],
  ])('%s', (_, addresses, networks) => {
    expect(words(addresses)).toEqual(networks);
  });

  test('what staff say belongs together does', () => {
    const rules = { interfaces: ['wg-campus'], networks: ['10.20.0.0/16'] };
    expect(words([v4('wlan0', '10.20.3.7/24'), v4('eth0', '10.20.9.9/24')], rules)).toEqual([
      'network 10.20.0.0/16',
    ]);
    expect(words([v4('wg-campus', '10.9.0.2/24')], rules)).toEqual([]);
  });

  test('a renewed lease or another access point of the same network is nothing new', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 8, max: 30 }), fc.nat(), (address, bits, other) => {
        const mask = 2 ** (32 - bits);
        const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
        const moved = Math.floor(number / mask) * mask + (other % mask);
        const text = [24, 16, 8, 0].map((shift) => Math.floor(moved / 2 ** shift) % 256).join('.');
        const before = networksOf([v4('wlan0', `${address}/${bits}`)], DEFAULT_NETWORK_RULES);
        const after = networksOf([v4('wlan0', `${text}/${bits}`)], DEFAULT_NETWORK_RULES);
        const known = new Set(before.map(({ network }) => network));
        if (before.length > 0) expect(newNetworks(known, after)).toEqual([]);
      }),
    );
  });

  test('this machine’s own addresses are read', () => {
    expect(toldOf(readAddresses())?.some(({ internal }) => internal)).toBe(true);
  });
});

describe('network address sensor', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const ROOM = v4('wlan0', '10.20.3.7/24');
  const PHONE = v4('wlan0', '192.168.43.9/24');

  const seat = (first: readonly Address[] = [ROOM]) => {
    const state = {
      addresses: first,
      unread: null as Reading<readonly Address[]> | null,
      proxy: 'DIRECT' as string | null,
    };
    const sensor = networkAddressSensor({
      addresses: () => state.unread ?? told(state.addresses),
      rules: DEFAULT_NETWORK_RULES,
      proxy: () =>
        readProxy(async () => {
          if (state.proxy === null) throw new Error('no answer');
          return state.proxy;
        }),
    });
    return { state, sensor, ...watchSensor(sensor) };
  };

  test('a phone’s network in the middle of the exam; back again is no news, nor is the phone a second time', async () => {
    const { state, words: said } = seat();
    await pass(6_000);
    state.addresses = [PHONE];
    await pass(12_000);
    expect(said()).toEqual(['happened second-ip hotspot 192.168.43.0/24 wlan0']);
    state.addresses = [ROOM];
    await pass(12_000);
    state.addresses = [PHONE];
    await pass(12_000);
    expect(said()).toHaveLength(1);
  });

  test('a cable that is out for a while, and a machine that gets its network late', async () => {
    const { state, words: said } = seat([]);
    await pass(20_000);
    state.addresses = [ROOM];
    await pass(20_000);
    state.addresses = [];
    await pass(20_000);
    state.addresses = [ROOM];
    await pass(20_000);
    expect(said()).toEqual([]);
  });

  test('an address on its way to another one is not told', async () => {
    const { state, words: said } = seat();
    await pass(6_000);
    state.addresses = [v4('wlan0', '192.168.1.10/24')];
    await pass(4_000);
    state.addresses = [ROOM];
    await pass(20_000);
    expect(said()).toEqual([]);
  });

  test('a tunnel comes up', async () => {
    const { state, words: said } = seat();
    await pass(6_000);
    state.addresses = [ROOM, v4('tun0', '10.8.0.2/24')];
    await pass(12_000);
    expect(said()).toEqual(['happened second-ip tunnel 10.8.0.0/24 tun0']);
  });

  test('a tunnel that was there from the start is how the machine is set up', async () => {
    const { words: said } = seat([ROOM, v4('tun0', '10.8.0.2/24')]);
    await pass(60_000);
    expect(said()).toEqual([]);
  });

  test('another proxy; one that does not answer for a while is the same', async () => {
    const { state, words: said } = seat();
    await pass(6_000);
    state.proxy = null;
    await pass(12_000);
    state.proxy = 'PROXY 10.0.0.9:8080';
    await pass(12_000);
    expect(said()).toEqual(['happened second-ip proxy DIRECT PROXY 10.0.0.9:8080']);
  });

  test.each<[string, Reading<readonly Address[]>]>([
    ['names nothing at all', EMPTY],
    ['gives an error', failed('tool-failed')],
  ])('a system that %s for a while is in no other network, and is told', async (_, unread) => {
    const { state, words: said, limits } = seat();
    await pass(6_000);
    state.unread = unread;
    await pass(30_000);
    expect(limits.at(-1)).toEqual({
      'second-ip': { reason: 'reason' in unread ? unread.reason : '', partly: false },
    });
    state.unread = null;
    await pass(12_000);
    expect(said()).toEqual([]);
    expect(limits.at(-1)).toEqual({});
    state.addresses = [PHONE];
    await pass(12_000);
    expect(said()).toHaveLength(1);
  });

  const info = (cidr: string | null) => ({
    address: '10.20.3.7',
    netmask: '255.255.252.0',
    family: 'IPv4' as const,
    mac: '00:11:22:33:44:55',
    internal: false,
    cidr,
  });
  test.each<[string, () => object, string]>([
    ['none at all', () => ({}), 'empty'],
    ['an interface without addresses', () => ({ eth0: [] }), 'empty'],
    [
      'an error',
      () => {
        throw new Error('uv_interface_addresses');
      },
      'failed',
    ],
    ['an address of no known network', () => ({ eth0: [info(null)] }), 'partial'],
    ['an address', () => ({ eth0: [info('10.20.3.7/22')] }), 'told'],
  ])('addresses: %s', (_, list, state) => {
    expect(readAddresses(list as never).state).toBe(state);
  });

  test.each<[string, () => Promise<string>, Reading<string>]>([
    ['a way', async () => 'DIRECT', told('DIRECT')],
    ['no word', async () => '', EMPTY],
    ['an error', () => Promise.reject(new Error('x')), failed('tool-failed')],
  ])('proxy: %s', async (_, resolve, reading) => {
    expect(await readProxy(resolve)).toEqual(reading);
  });

  test('the machine’s own address never goes on record', async () => {
    const { state, said } = seat();
    await pass(6_000);
    state.addresses = [PHONE];
    await pass(12_000);
    expect(JSON.stringify(said)).not.toContain('192.168.43.9');
  });
});
