import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, ROUTE_NAMES, routeOf } from '#renderer/dashboard/shell/routes.ts';
import { mayOpen } from '#renderer/dashboard/shell/screen-rights.ts';
import { ROLES } from '#shared/wire/roles.ts';

describe('an address', () => {
  test.each([
    ['/', 'rooms', {}],
    ['/room/lab-3/s1', 'room', { roomId: 'lab-3', sessionId: 's1' }],
    ['/room/lab-3/s1/', 'room', { roomId: 'lab-3', sessionId: 's1' }],
    ['/room/a%20b/c%2Fd', 'room', { roomId: 'a b', sessionId: 'c/d' }],
    ['/room/a/b/c', 'attempt', { roomId: 'a', sessionId: 'b', attemptId: 'c' }],
    ['/room/a/b/c/timeline', 'timeline', { roomId: 'a', sessionId: 'b', attemptId: 'c' }],
    ['/devices', 'devices', {}],
    ['/Devices/', 'devices', {}],
    ['/devices?x=1', 'devices', {}],
    ['/devices/codes', 'codes', {}],
    ['/devices/builds', 'builds', {}],
    ['/devices/device/codes', 'device', { deviceId: 'codes' }],
    ['/identity', 'enrolments', {}],
    ['/identity/people', 'people', {}],
    ['/identity/setup', 'setup', {}],
    ['/identity/retention', 'retention', {}],
    ['/identity/certificates', 'certificates', {}],
  ])('%s names %s', (path, name, params) => {
    expect(routeOf(path)).toEqual({ name, params });
  });

  test.each([
    '/room',
    '/room/x',
    '/room/x/y/z/other',
    '/room/x/y/z/timeline/more',
    '/room/%E0%A4%A/y',
    '/room/a%/b',
    '/devices/other',
    '/devices/device',
    '/identity/other',
    '/nowhere',
    '//',
    'javascript:alert(1)',
  ])('%s names nothing', (path) => {
    expect(routeOf(path)).toEqual({ name: 'unknown' });
  });

  test('leads back to its screen, whatever the names are made of', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, (roomId, sessionId, attemptId) => {
        const params = { roomId, sessionId, attemptId };
        const { attemptId: _, ...place } = params;
        expect(routeOf(addressOf('room', place))).toEqual({ name: 'room', params: place });
        expect(routeOf(addressOf('attempt', params))).toEqual({ name: 'attempt', params });
        expect(routeOf(addressOf('timeline', params))).toEqual({ name: 'timeline', params });
        expect(routeOf(addressOf('device', { deviceId: roomId }))).toEqual({
          name: 'device',
          params: { deviceId: roomId },
        });
      }),
      {
        examples: [
          ['a/b', '%2F', '?#&'],
          ['%', '%25', ' '],
          ['codes', ':x', '..'],
        ],
      },
    );
  });

  test('is one for each screen', () => {
    const params = { roomId: 'r', sessionId: 's', attemptId: 'a', deviceId: 'd' };
    const addresses = ROUTE_NAMES.map((name) => addressOf(name, params));
    expect(new Set(addresses).size).toBe(ROUTE_NAMES.length);
    expect(addresses.map((address) => routeOf(address).name)).toEqual(ROUTE_NAMES);
  });
});

/** What each role may open, beside the beginning, which is everybody's. */
const ROOM = ['room', 'attempt'];
const FLEET = ['devices', 'codes', 'builds', 'device'];
const HELPS = ['enrolments', 'people'];
const DECIDES = ['setup', 'retention', 'certificates'];

test.each([
  ['proctor', [...ROOM, 'timeline', ...HELPS]],
  ['supervisor', [...ROOM, 'timeline', ...HELPS]],
  ['coordinator', [...ROOM, 'timeline', ...FLEET, ...HELPS, ...DECIDES]],
  ['lab-technician', [...ROOM, ...FLEET]],
  ['exam-author', []],
  ['career-director', []],
  ['authority', [...ROOM, 'timeline']],
] as const)('%s opens %j', (role, screens) => {
  expect(ROLES).toContain(role);
  expect(ROUTE_NAMES.filter((name) => mayOpen(role, name))).toEqual(['rooms', ...screens]);
});
