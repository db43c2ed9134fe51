import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linuxProcessTable } from '#electron/sensors/probe/processes.linux.ts';
import { programLists } from '#electron/sensors/probe/program-lists.ts';
import {
  linuxRemoteProbe,
  parseProcTcp,
  parseSession,
  sessionInVariables,
} from '#electron/sensors/probe/remote.linux.ts';
import { remoteTools } from '#electron/sensors/probe/remote-tools.ts';
import { remoteSessionSensor } from '#electron/sensors/remote-session.sensor.ts';
import { mapReading, notSupported, told, toldOf } from '#shared/incident/reading.ts';
import type { Limits, Signal } from '#shared/ports/sensor.port.ts';

describe('/proc/net/tcp', () => {
  // Written in the kernel's format for addresses of our choice; the real files are read by the tests below.
  const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:170C 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31337 1 0000000000000000 100 0 0 10 0
   1: 4D01A8C0:0D3D 0502A8C0:C350 01 00000000:00000000 02:000A8C2E 00000000  1000        0 40001 2 0000000000000000 20 4 30 10 -1
   2: 4D01A8C0:C352 0502A8C0:01BB 06 00000000:00000000 03:00000A1B 00000000     0        0 0 3 0000000000000000`;
  const tcp6 = `   0: 00000000000000000000000000000000:1F98 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 50001 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00004D01A8C0:170C 0000000000000000FFFF00000502A8C0:D431 01 00000000:00000000 00:00000000 00000000  1000        0 50002 1 0000000000000000 20 0 0 10 -1`;
  it('listening and established sockets, whatever else there is', () => {
    expect(parseProcTcp(tcp)).toEqual([
      { state: 'listening', localPort: 5900, remoteAddress: '0.0.0.0', inode: '31337' },
      { state: 'established', localPort: 3389, remoteAddress: '192.168.2.5', inode: '40001' },
    ]);
  });
  it('of the new protocol, with old addresses in it', () => {
    expect(parseProcTcp(tcp6)).toEqual([
      { state: 'listening', localPort: 8088, remoteAddress: '0:0:0:0:0:0:0:0', inode: '50001' },
      { state: 'established', localPort: 5900, remoteAddress: '192.168.2.5', inode: '50002' },
    ]);
  });
  it.each(['', '\n', 'sl local', ' 0: x y z'])('rubbish is nothing: %j', (text) => {
    expect(parseProcTcp(text)).toEqual([]);
  });
});

describe('where the session is seen', () => {
  it.each<[string, string, string | null]>([
    ['Remote=no\nService=gdm-password\nType=x11\n', 'told', null],
    ['Remote=yes\nService=xrdp-sesman\nType=x11\n', 'told', 'rdp'],
    ['Remote=yes\nService=sshd\nType=tty\n', 'told', 'remote-log-in'],
    ['', 'empty', null],
    ['Type=x11\n', 'failed', null],
    ['Remote=\n', 'failed', null],
  ])('logind says %j', (text, state, id) => {
    const read = parseSession(text);
    expect([read.state, toldOf(read)?.id ?? null]).toEqual([state, id]);
  });
  it.each<[Record<string, string>, string | null]>([
    [{}, null],
    [{ DISPLAY: ':0' }, null],
    [{ DISPLAY: ':10.0' }, null],
    [{ DISPLAY: 'localhost:10.0', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, 'x-forwarding'],
    [{ DISPLAY: ':0', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, null],
    [{ XRDP_SESSION: '1', DISPLAY: ':10' }, 'rdp'],
    [{ VNCDESKTOP: 'aula:1', DISPLAY: ':1' }, 'vnc'],
    [{ CHROME_REMOTE_DESKTOP_SESSION: '1' }, 'chrome-remote-desktop'],
  ])('its variables say %j', (env, id) => {
    expect(sessionInVariables(env)?.id ?? null).toBe(id);
  });
});

const SERVER = `require('net').createServer(s => s.write('RFB 003.008\\n')).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

describe.runIf(process.platform === 'linux')('a real server and a real connection', () => {
  let folder = '';
  let server: ChildProcess | null = null;
  let visitor: Socket | null = null;
  const desktop = { DISPLAY: ':7777' };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'atalaya-remote-'));
  });
  afterEach(async () => {
    visitor?.destroy();
    const gone = new Promise((resolve) => server?.once('exit', resolve));
    server?.kill('SIGKILL');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  });

  /** A program of that name that listens on a free port. */
  const serve = async (name: string): Promise<number> => {
    const file = join(folder, name);
    copyFileSync(process.execPath, file);
    const child = spawn(file, ['-e', SERVER], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH ?? '', ...desktop },
    });
    server = child;
    return new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))));
  };
  const visit = (port: number): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve());
      socket.on('error', () => undefined);
      visitor = socket;
    });

  const sensorFor = (probe = linuxRemoteProbe({})) => {
    const real = linuxProcessTable({ desktop });
    return remoteSessionSensor({
      processes: {
        // Only the test's own program: what else runs on this machine is none of its business.
        list: async (signal) => {
          return mapReading(await real.list(signal), (programs) =>
            programs.filter(({ path }) => path?.startsWith(folder) === true),
          );
        },
      },
      probe: {
        session: probe.session,
        sockets: async (pids, signal) =>
          mapReading(await probe.sockets(pids, signal), (all) =>
            all.filter(({ pid }) => pid !== null),
          ),
      },
      tools: remoteTools([]),
      lists: programLists({}),
      platform: 'linux',
      ownPid: -1,
      waitingBlocks: false,
      everyMs: 200,
    });
  };

  it('that waits is a note of the check; with somebody connected it is a session', async () => {
    const port = await serve('x11vnc');
    const sensor = sensorFor();
    expect(await sensor.check?.()).toEqual({
      id: 'remote',
      outcome: 'failed',
      cause: 'waiting',
      names: ['VNC'],
      blocks: false,
    });
    const signals: Signal[] = [];
    sensor.start((signal) => signals.push(signal), {
      limited: () => undefined,
      alive: () => undefined,
    });
    await visit(port);
    await expect.poll(() => signals.length, { timeout: 8_000 }).toBe(1);
    expect(signals[0]).toMatchObject({
      kind: 'remote-session',
      phase: 'began',
      facts: { program: 'VNC', sign: 'connection', port },
    });
    expect(await sensor.check?.()).toMatchObject({ cause: 'in-use', names: ['VNC'], blocks: true });
    visitor?.destroy();
    await expect.poll(() => signals.at(-1)?.phase, { timeout: 8_000 }).toBe('ended');
    sensor.stop();
  });

  it('of a program that is no such tool is nobody’s business', async () => {
    const port = await serve('servidor');
    await visit(port);
    expect(await sensorFor().check?.()).toEqual({ id: 'remote', outcome: 'ok', blocks: true });
  });

  it('connections that cannot be listed are told as watched in part, and the rest is still seen', async () => {
    await serve('anydesk');
    const limits: Limits[] = [];
    const signals: Signal[] = [];
    const sensor = sensorFor({
      session: async () => told(null),
      sockets: async () => notSupported('tool-blocked'),
    });
    sensor.start((signal) => signals.push(signal), {
      limited: (limit) => limits.push(limit),
      alive: () => undefined,
    });
    await expect.poll(() => signals.length, { timeout: 8_000 }).toBe(1);
    sensor.stop();
    expect(limits).toEqual([{ 'remote-session': { reason: 'tool-blocked', partly: true } }]);
    expect(signals[0]?.facts).toEqual({ program: 'AnyDesk', sign: 'opened' });
  });
});
