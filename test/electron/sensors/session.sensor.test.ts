import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchAway } from '#electron/sensors/away.ts';
import { focusSensor } from '#electron/sensors/focus.sensor.ts';
import {
  parseDesktops,
  parseSessions,
  parseWho,
  type SessionListing,
  type SessionProbe,
  sessionProbe,
} from '#electron/sensors/probe/login-sessions.ts';
import type { RunTool } from '#electron/sensors/probe/system-tool.ts';
import { powerReach, sessionSensor } from '#electron/sensors/session.sensor.ts';
import type { CoverageReason } from '#shared/incident/coverage.ts';
import {
  EMPTY,
  failed,
  notSupported,
  type Reading,
  told,
  toldOf,
} from '#shared/incident/reading.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import { pass, watchSensor } from '#test/electron/sensors/watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const ALONE: SessionListing = { others: 0, locked: null, active: null };

const seat = (
  listed: Reading<SessionListing> = told(ALONE),
  power: Reading<'all-events'> = told('all-events'),
) => {
  const state = { listed, idleS: 0, focused: true };
  const monitor = Object.assign(new EventEmitter(), { getSystemIdleTime: () => state.idleS });
  const window = Object.assign(new EventEmitter(), {
    isDestroyed: () => false,
    isMinimized: () => false,
    isVisible: () => true,
    isFocused: () => state.focused,
  });
  const probe: SessionProbe = { everyMs: 5_000, list: async () => state.listed };
  const away = watchAway(monitor as never);
  const focus = watchSensor(focusSensor(window as never, away));
  const sensor = sessionSensor(monitor as never, away, probe, power);
  const session = watchSensor(sensor);
  return {
    state,
    monitor,
    away,
    sensor,
    focus,
    session,
    lock: () => {
      monitor.emit('lock-screen');
      state.focused = false;
      window.emit('blur');
    },
    unlock: () => {
      monitor.emit('unlock-screen');
      state.focused = true;
      window.emit('focus');
    },
    blur: () => {
      state.focused = false;
      window.emit('blur');
    },
    focusAgain: () => {
      state.focused = true;
      window.emit('focus');
    },
  };
};

describe('who left, the examinee or the machine', () => {
  test('another window is a lost focus at once', async () => {
    const { blur, focus } = seat();
    blur();
    expect(focus.words()).toEqual(['began focus-lost false']);
  });

  test('locked by hand: told when no sleep explains it, dated back to the lock', async () => {
    const { lock, unlock, focus, session } = seat();
    lock();
    await pass(29_900);
    expect(focus.said).toEqual([]);
    await pass(200);
    expect(focus.words()).toEqual(['began focus-lost false true']);
    expect(focus.said[0]?.ageMs).toBeGreaterThanOrEqual(30_000);
    expect(session.words()).toEqual(['began platform screen-locked hand']);
    unlock();
    expect(focus.words().at(-1)).toMatch(/^ended focus-lost/);
    expect(session.words().at(-1)).toBe('ended platform screen-locked');
  });

  test('locked by hand and unlocked at once: told at the unlocking, as long as it was', async () => {
    const { lock, unlock, focus, session } = seat();
    lock();
    await pass(4_000);
    expect(focus.said).toEqual([]);
    unlock();
    expect(focus.words()[0]).toBe('began focus-lost false true');
    expect(focus.said[0]?.ageMs).toBeGreaterThanOrEqual(4_000);
    expect(focus.words().at(-1)).toMatch(/^ended focus-lost/);
    expect(session.words()).toEqual([
      'began platform screen-locked hand',
      'ended platform screen-locked',
    ]);
  });

  test('who locked it nobody can tell where the system does not say when it was touched: for people', async () => {
    const { lock, unlock, state, focus, session } = seat();
    state.idleS = Number.NaN;
    lock();
    await pass(40_000);
    unlock();
    await pass(5_000);
    expect(focus.said).toEqual([]);
    expect(session.words()[0]).toBe('began platform screen-locked undecided');
  });

  test('a sleep that nobody told of: the wall clock went on alone', async () => {
    const { lock, unlock, focus, session } = seat();
    lock();
    await pass(1_000);
    vi.setSystemTime(Date.now() + 600_000);
    unlock();
    await pass(5_000);
    expect(focus.said).toEqual([]);
    expect(session.words()[0]).toBe('began platform screen-locked machine');
  });

  test.each([800, 5_000, 12_000, 29_000])(
    'a lid that closes locks, and sleeps %d ms later: technical, never a lost focus',
    async (ms) => {
      const { lock, unlock, monitor, focus, session } = seat();
      lock();
      await pass(ms);
      monitor.emit('suspend');
      await pass(60_000);
      monitor.emit('resume');
      await pass(30_000);
      unlock();
      await pass(5_000);
      expect(focus.said).toEqual([]);
      expect(session.words()).toEqual([
        'began platform screen-locked machine',
        'began power sleep',
        'ended power sleep',
        'ended platform screen-locked',
      ]);
    },
  );

  test('a lock screen that shows up after waking is the sleep’s', async () => {
    const { lock, unlock, monitor, focus } = seat();
    monitor.emit('suspend');
    await pass(60_000);
    monitor.emit('resume');
    await pass(2_000);
    lock();
    await pass(20_000);
    unlock();
    await pass(5_000);
    expect(focus.said).toEqual([]);
  });

  test('a sleep without a lock: the focus has ten seconds to come back', async () => {
    const { blur, monitor, focus } = seat();
    monitor.emit('suspend');
    await pass(60_000);
    monitor.emit('resume');
    blur();
    await pass(9_000);
    expect(focus.said).toEqual([]);
    await pass(2_000);
    expect(focus.words()).toEqual(['began focus-lost false']);
  });

  test('the system’s own lock after nobody touched it', async () => {
    const { lock, state, focus, session } = seat();
    state.idleS = 300;
    lock();
    await pass(60_000);
    expect(focus.said).toEqual([]);
    expect(session.words()).toEqual(['began platform screen-locked machine']);
  });

  test('after the machine’s lock somebody goes elsewhere', async () => {
    const { lock, unlock, blur, state, focus } = seat();
    state.idleS = 300;
    lock();
    await pass(5_000);
    unlock();
    await pass(3_000);
    blur();
    expect(focus.words()).toEqual(['began focus-lost false']);
  });

  test('another console on the screen is a lost focus that no window tells of', async () => {
    const { state, session, focus } = seat();
    await pass(100);
    state.listed = told({ others: 0, locked: false, active: false });
    await pass(40_000);
    expect(focus.words()).toEqual(['began focus-lost false true']);
    expect(session.words()).toEqual([
      'began platform screen-locked hand',
      'began focus-lost other-session-on-screen',
    ]);
    state.listed = told({ others: 0, locked: false, active: true });
    await pass(6_000);
    expect(session.words().slice(2)).toEqual([
      'ended platform screen-locked',
      'ended focus-lost other-session-on-screen',
    ]);
  });
});

describe('session sensor', () => {
  test('shutdown, battery and heat are technical', async () => {
    const { monitor, session } = seat();
    monitor.emit('on-battery');
    monitor.emit('shutdown');
    monitor.emit('thermal-state-change', { state: 'serious' });
    monitor.emit('thermal-state-change', { state: 'critical' });
    expect(session.words()).toEqual([
      'happened power battery',
      'happened power shutdown',
      'happened device-failure heat',
    ]);
  });

  test('a second user, before and during the exam', async () => {
    const { state, sensor, session } = seat();
    expect(await sensor.check?.()).toEqual({ id: 'users', outcome: 'ok', blocks: true });
    state.listed = told({ ...ALONE, others: 1 });
    expect(await sensor.check?.()).toEqual({
      id: 'users',
      outcome: 'failed',
      cause: 'second-user',
      blocks: true,
    });
    await pass(6_000);
    expect(session.words()).toEqual(['began second-session 1']);
  });

  test('a system that does not tell blocks nobody and is told', async () => {
    const { sensor, session } = seat(notSupported('tool-missing'));
    expect(await sensor.check?.()).toEqual({
      id: 'users',
      outcome: 'not-watched',
      cause: 'tool-missing',
      blocks: false,
    });
    await pass(100);
    expect(session.limits).toEqual([
      { 'second-session': { reason: 'tool-missing', partly: false } },
    ]);
  });

  test.each<[NodeJS.Platform, object[]]>([
    ['darwin', []],
    ['linux', [{ power: { reason: 'platform', partly: true } }]],
    ['win32', [{ power: { reason: 'platform', partly: true } }]],
    ['freebsd', [{ power: { reason: 'platform', partly: false } }]],
  ])('what %s does not tell of its power is told', async (platform, limits) => {
    const { session } = seat(told(ALONE), powerReach(platform));
    await pass(100);
    expect(session.limits).toEqual(limits);
  });

  test('stopped, it listens to nothing', async () => {
    const { sensor, monitor, away, session } = seat();
    sensor.stop();
    sensor.stop();
    away.stop();
    expect(monitor.eventNames()).toEqual([]);
    monitor.emit('suspend');
    expect(session.said).toEqual([]);
  });
});

const block = (more: Record<string, string>): string =>
  Object.entries({
    User: '1000',
    Remote: 'no',
    Class: 'user',
    Active: 'yes',
    State: 'active',
    LockedHint: 'no',
    ...more,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

describe('who is logged in', () => {
  test.each<[string, readonly string[], SessionListing]>([
    ['alone', [block({ Id: '2' })], { others: 0, locked: false, active: true }],
    ['locked', [block({ Id: '2', LockedHint: 'yes' })], { others: 0, locked: true, active: true }],
    [
      'another console',
      [block({ Id: '2', Active: 'no' }), block({ Id: '4', User: '0' })],
      { others: 1, locked: false, active: false },
    ],
    [
      'a second user',
      [block({ Id: '2' }), block({ Id: 'c3', User: '1001', Active: 'no', State: 'online' })],
      { others: 1, locked: false, active: true },
    ],
    [
      'a log-in screen and services',
      [
        block({ Id: '2' }),
        block({ Id: 'c1', User: '120', Class: 'greeter' }),
        block({ Id: '3', Class: 'manager' }),
      ],
      { others: 0, locked: false, active: true },
    ],
    [
      'somebody who is logging out',
      [block({ Id: '2' }), block({ Id: '5', User: '1001', State: 'closing' })],
      { others: 0, locked: false, active: true },
    ],
  ])('Linux: %s', (_, blocks, listing) => {
    expect(parseSessions(blocks.join('\n\n'), '2', 1000)).toEqual(told(listing));
    expect(parseSessions(blocks.join('\n\n'), undefined, 1000)).toEqual(told(listing));
  });

  test('Linux: a log-in over the network is the remote sensor’s', () => {
    const text = readFileSync(
      join(import.meta.dirname, 'recorded/linux-loginctl-show.txt'),
      'utf8',
    );
    expect(parseSessions(`${block({ Id: '2' })}\n\n${text}`, '2', 1000)).toMatchObject({
      value: { others: 0 },
    });
  });

  const others = (count: number): SessionListing => ({ ...ALONE, others: count });
  const partly = (count: number, reason: CoverageReason): Reading<SessionListing> => ({
    state: 'partial',
    value: others(count),
    reason,
  });

  test.each<[string, string, Reading<SessionListing>['state'], number | null]>([
    ['no session at all', '', 'empty', null],
    ['an answer that is none', 'Failed to get session: No such device', 'failed', null],
    [
      'a service manager too old to name classes',
      'Id=2\nRemote=no\n\nId=3\nRemote=no',
      'partial',
      0,
    ],
    [
      'the account of a first set-up',
      `${block({ Id: '2' })}\n\n${block({ Id: '4', User: '118' })}`,
      'told',
      0,
    ],
    [
      'a greeter’s passing account',
      `${block({ Id: '2' })}\n\n${block({ Id: '4', User: '60578' })}`,
      'told',
      0,
    ],
    [
      'somebody of the university’s directory',
      `${block({ Id: '2' })}\n\n${block({ Id: '4', User: '1234601105' })}`,
      'told',
      1,
    ],
    [
      'somebody with all rights',
      `${block({ Id: '2' })}\n\n${block({ Id: '4', User: '0' })}`,
      'told',
      1,
    ],
    ['only others', block({ Id: '4', User: '1001', Active: 'no' }), 'partial', 1],
    ...['gdm', 'gdm-greeter', 'gnome-initial-setup', 'lightdm', 'sddm', 'plasma-setup', 'oem'].map(
      (name): [string, string, 'told', number] => [
        `${name}, which the system numbered as a person’s`,
        `${block({ Id: '2', Name: 'maria' })}\n\n${block({ Id: '4', User: '29999', Name: name })}`,
        'told',
        0,
      ],
    ),
    [
      'a person whose name only begins so',
      `${block({ Id: '2', Name: 'maria' })}\n\n${block({ Id: '4', User: '1001', Name: 'gdmora' })}`,
      'told',
      1,
    ],
  ])('Linux: %s', (_, text, state, count) => {
    const read = parseSessions(text, '2', 1000);
    expect([read.state, toldOf(read)?.others ?? null]).toEqual([state, count]);
  });

  test.each<[string, string, Reading<SessionListing>]>([
    ['own and another', '{"own":1,"desktops":[1,2,2]}', told(others(1))],
    ['own', '{"own":1,"desktops":[1]}', told(ALONE)],
    ['the services’ session is nobody', '{"own":1,"desktops":[0,1]}', told(ALONE)],
    ...['defaultuser0', 'defaultuser100000', 'WDAGUtilityAccount', 'DWM-2'].map(
      (name): [string, string, Reading<SessionListing>] => [
        `${name} has a session`,
        JSON.stringify({
          own: 1,
          desktops: [1, 2],
          names: { 1: 'AULA-07\\maria', 2: `AULA-07\\${name}` },
        }),
        told(ALONE),
      ],
    ),
    [
      'somebody else by name',
      '{"own":1,"desktops":[1,2],"names":{"1":"AULA-07\\\\maria","2":"UNEMI\\\\defaultuser"}}',
      told(others(1)),
    ],
    [
      'a session whose name is not told',
      '{"own":1,"desktops":[1,2],"names":{"1":"A"}}',
      told(others(1)),
    ],
    ['names that are none', '{"own":1,"desktops":[1,2],"names":[3]}', told(others(1))],
    ['the kiosk in place of the desktop', '{"own":1,"desktops":[]}', partly(0, 'tool-empty')],
    ['refused', '{}', failed('tool-unread')],
    ['an error in words', 'Access denied', failed('tool-unread')],
    ['nothing', '', EMPTY],
    ['a list of nothing', '[null]', EMPTY],
  ])('Windows: %s', (_, json, read) => {
    expect(parseDesktops(json)).toEqual(read);
  });

  const who = (...names: readonly string[]): string =>
    names.map((name) => `${name.padEnd(9)}console      Nov 21 08:00 \n`).join('');
  test.each<[string, string, Reading<SessionListing>]>([
    ['alone, with a terminal', `${who('maria')}maria    ttys000      Nov 21 08:01 \n`, told(ALONE)],
    ['a second person', who('maria', 'jose'), told(others(1))],
    ['the account of a first set-up', who('_mbsetupuser', 'maria'), told(ALONE)],
    ['a service that draws the log-in', who('_windowserver', 'maria'), told(ALONE)],
    ['nobody', '', EMPTY],
    ['the own user is not among them', who('jose'), partly(0, 'tool-unread')],
    ['two, and the own user is neither', who('jose', 'ana'), partly(1, 'tool-unread')],
    ['terminals only', 'maria    ttys000      Nov 21 08:01 \n', partly(0, 'tool-unread')],
  ])('macOS: %s', (_, text, read) => {
    expect(parseWho(text, 'maria')).toEqual(read);
  });

  test('who was there is not gone because nobody answers', async () => {
    const { state, session } = seat(told(others(1)));
    await pass(1_000);
    state.listed = failed('tool-failed');
    await pass(6_000);
    expect(session.words()).toEqual(['began second-session 1']);
    expect(session.limits).toEqual([
      { 'second-session': { reason: 'tool-failed', partly: false } },
    ]);
    state.listed = told(ALONE);
    await pass(6_000);
    expect(session.words()).toEqual(['began second-session 1', 'ended second-session 1']);
  });

  test.each<[NodeJS.Platform]>([['linux'], ['win32'], ['darwin']])(
    '%s without its tool says so',
    async (platform) => {
      const run: RunTool = async () => fail('tool-missing');
      const listed = await sessionProbe(platform, { run })?.list(new AbortController().signal);
      expect(listed).toEqual(notSupported('tool-missing'));
    },
  );

  test('Linux: lists, then shows', async () => {
    const run: RunTool = async (_, [verb]) =>
      ok(
        verb === 'list-sessions'
          ? '      2 1000 maria seat0 tty2 \n     c1  120 gdm   seat0      \n'
          : block({ Id: '2' }),
      );
    const asked = vi.fn(run);
    const listed = await sessionProbe('linux', { run: asked, environment: {} })?.list(
      new AbortController().signal,
    );
    expect(listed).toEqual(told({ others: 0, locked: false, active: true }));
    expect(asked.mock.calls[1]?.[1].slice(0, 3)).toEqual(['show-session', '2', 'c1']);
  });
});
