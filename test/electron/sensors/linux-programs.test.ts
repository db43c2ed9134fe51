import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTwinFinder } from '#electron/sensors/probe/installed-twins.ts';
import type { RunningProgram } from '#electron/sensors/probe/process-table.ts';
import {
  type DesktopNames,
  hasNoDisplay,
  linuxProcessTable,
  parseStat,
  scriptNames,
  sharesDesktop,
} from '#electron/sensors/probe/processes.linux.ts';
import { programLists } from '#electron/sensors/probe/program-lists.ts';
import { forbiddenIn, programsSensor } from '#electron/sensors/programs.sensor.ts';
import { mapReading, type Reading, toldOf } from '#shared/incident/reading.ts';
import type { Signal } from '#shared/ports/sensor.port.ts';

const listed = (read: Reading<readonly RunningProgram[]>): readonly RunningProgram[] =>
  toldOf(read) ?? [];

describe('/proc/PID/stat', () => {
  // `cat /proc/PID/stat` of a `sleep`, recorded; only its name is put in.
  const line = (name: string) =>
    `6711 (${name}) S 6670 6665 29784 0 -1 4194304 76 0 0 0 0 0 0 0 20 0 1 0 1698645 2990080 411 18446744073709551615 94033794310144 94033794328073 140737188304736 0 0 0 0 0 0 1 0 0 17 1 0 0 0 0 0 94033794342160 94033794343424 94034424463360 140737188313169 140737188313177 140737188313177 140737188315113 0`;
  it.each(['sleep', 'a) R 1 (b', 'Web Content'])('of a process named %s', (name) => {
    expect(parseStat(line(name))).toEqual({
      pid: 6711,
      comm: name,
      state: 'S',
      ppid: 6670,
      startTicks: 1_698_645,
      startCode: '94033794310144',
    });
  });
  it.each(['', '4242 (cut', '4242 (cut) S 1'])('that is cut short: %j', (text) => {
    expect(parseStat(text)).toBeNull();
  });
});

describe('what an interpreter runs', () => {
  it.each<[string | null, string[], string[]]>([
    ['/usr/bin/python3.13', ['/usr/bin/kazam', '--silent'], ['kazam']],
    ['/usr/bin/python3', ['-m', 'deeplive.run'], ['deeplive.run']],
    ['/usr/lib/jvm/bin/java', ['-jar', '/opt/anydesk.jar'], ['anydesk']],
    ['/usr/lib/electron30/electron', ['/usr/lib/caprine/app.asar'], ['app']],
    ['/usr/bin/wine64-preloader', ['C:\\Program Files\\obs\\obs64.exe'], ['obs64']],
    // What a program is given to open is not the program.
    ['/usr/bin/cat', ['/usr/bin/obs'], []],
    ['/usr/bin/bash', ['-c', 'obs'], []],
    [null, ['/usr/bin/obs'], []],
  ])('%s %j', (file, args, names) => {
    expect(scriptNames(file, args)).toEqual(names);
  });
});

describe('whose desktop', () => {
  const ours = { DISPLAY: ':1' };
  it.each([
    [null, true],
    [{}, true],
    [{ DISPLAY: ':1' }, true],
    [{ DISPLAY: ':1.0' }, true],
    [{ DISPLAY: 'unix/:1' }, true],
    [{ DISPLAY: 'localhost:1.0' }, true],
    [{ DISPLAY: ':2' }, false],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, false],
    [{ DISPLAY: ':1', WAYLAND_DISPLAY: 'wayland-0' }, true],
  ])('%j', (environment, shared) => {
    expect(sharesDesktop(environment, ours)).toBe(shared);
  });
});

describe('without any display', () => {
  const x11 = { DISPLAY: ':1' };
  const wayland = { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' };
  const RUN = { XDG_RUNTIME_DIR: '/run/user/1000' };
  it.each<[string, DesktopNames | null, readonly string[], DesktopNames, boolean]>([
    ['a service', {}, ['--headless'], x11, true],
    ['a service, with an empty name', { DISPLAY: '' }, [], x11, true],
    ['a timer of the user on X11', RUN, [], x11, true],
    ['one whose environment nobody may read', null, [], x11, false],
    ['one on our display', { DISPLAY: ':1' }, [], x11, false],
    ['one on another display, which is another matter', { DISPLAY: ':7' }, [], x11, false],
    ['one that is told its display', {}, ['--display=:1'], x11, false],
    ['one that is told its display by two words', {}, ['-display', ':1'], x11, false],
    ['a service on Wayland', {}, [], wayland, true],
    ['one that finds Wayland’s socket by itself', RUN, [], wayland, false],
    ['anything where we have none ourselves', {}, [], {}, false],
  ])('is %s', (_, environment, args, ours, without) => {
    expect(hasNoDisplay(environment, args, ours)).toBe(without);
  });

  const one = (id: string, noDisplay?: true): RunningProgram => ({
    pid: 77,
    ppid: 1,
    file: id,
    shown: [id],
    path: `/usr/bin/${id}`,
    args: [],
    ageMs: 5_000,
    onDesktop: true,
    hasWindow: null,
    ...(noDisplay && { noDisplay }),
  });
  it.each([
    ['a browser that somebody opened', one('firefox'), true],
    ['a browser that a service runs', one('firefox', true), false],
    // It needs nobody to see it.
    ['a recorder that a service runs', one('obs', true), true],
  ])('%s', (_, program, found) => {
    const options = { lists: programLists({}), platform: 'linux', ownPid: 1_000_000 } as const;
    expect(forbiddenIn([program], options).size).toBe(found ? 1 : 0);
  });
});

const onLinux = process.platform === 'linux';

describe.runIf(onLinux)('real processes', () => {
  let folder = '';
  const children = new Set<ChildProcess>();
  const desktop = { DISPLAY: ':7777' };
  const env = { PATH: process.env.PATH ?? '', ...desktop };

  /** A program of that name which does nothing; `salt` makes its content another. */
  const program = (path: string, salt = 'x'): string => {
    const file = join(folder, path);
    mkdirSync(join(file, '..'), { recursive: true });
    copyFileSync('/bin/sleep', file);
    appendFileSync(file, salt);
    return file;
  };
  const run = (file: string, args = ['30'], more: Record<string, string> = {}): ChildProcess => {
    const child = spawn(file, args, { stdio: 'ignore', env: { ...env, ...more } });
    children.add(child);
    return child;
  };
  const quit = async (child: ChildProcess): Promise<void> => {
    children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  const table = (installed: string | null = null) =>
    linuxProcessTable({
      desktop,
      originOf: createTwinFinder(programLists({}).forbidden, { PATH: installed ?? '' }),
    });
  const options = { lists: programLists({}), platform: 'linux', ownPid: -1 } as const;
  const mine = (programs: readonly RunningProgram[]) =>
    programs.filter(({ pid }) => [...children].some((child) => child.pid === pid));
  const foundNow = async (installed: string | null = null): Promise<string[]> => {
    // The moment between fork and exec still shows the parent.
    await sleep(60);
    const programs = listed(await table(installed).list(AbortSignal.timeout(5_000)));
    return [...forbiddenIn(mine(programs), options).values()].map(
      ({ match }) => `${match.rule.id} by ${match.by}${match.renamed ? ', renamed' : ''}`,
    );
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'atalaya-programs-'));
  });
  afterEach(async () => {
    await Promise.all([...children].map(quit));
    rmSync(folder, { recursive: true, force: true });
  });

  it('are recognised by the file that they run', async () => {
    run(program('obs'));
    run(program('innocent'));
    expect(await foundNow()).toEqual(['obs-studio by name']);
  });

  it('are recognised behind a link with another name', async () => {
    symlinkSync(program('obs'), join(folder, 'tarea'));
    run(join(folder, 'tarea'));
    expect(await foundNow()).toEqual(['obs-studio by name']);
  });

  it('are not recognised by what they call themselves while their file can be seen', async () => {
    const child = spawn(program('innocent'), ['30'], { argv0: 'obs', stdio: 'ignore', env });
    children.add(child);
    expect(await foundNow()).toEqual([]);
  });

  it('are recognised when the file was deleted after the start', async () => {
    const file = program('obs');
    run(file);
    await sleep(60);
    rmSync(file);
    expect(await foundNow()).toEqual(['obs-studio by name']);
  });

  it('are recognised as a script of an interpreter', async () => {
    const script = join(folder, 'kazam');
    writeFileSync(script, '#!/bin/sh\nread x\n', { mode: 0o755 });
    const child = spawn(script, [], { stdio: ['pipe', 'ignore', 'ignore'], env });
    children.add(child);
    expect(await foundNow()).toEqual(['kazam by name']);
  });

  it('are recognised as a copy of an installed one under another name', async () => {
    const installed = program('bin/obs', 'same content');
    const copy = join(folder, 'copia');
    copyFileSync(installed, copy);
    run(copy);
    expect(await foundNow(join(folder, 'bin'))).toEqual(['obs-studio by original-name, renamed']);
  });

  it('are recognised as a hard link of an installed one', async () => {
    linkSync(program('bin/obs'), join(folder, 'enlace'));
    run(join(folder, 'enlace'));
    expect(await foundNow(join(folder, 'bin'))).toEqual(['obs-studio by original-name, renamed']);
  });

  it('of the same length and another content are not taken for it', async () => {
    program('bin/obs', 'AAAA');
    run(program('otro', 'BBBB'));
    expect(await foundNow(join(folder, 'bin'))).toEqual([]);
  });

  it('on another display are not on the examinee’s desktop', async () => {
    run(program('obs'), ['30'], { DISPLAY: ':9999' });
    expect(await foundNow()).toEqual([]);
  });

  it('that become another program without a new process are seen anew', async () => {
    const file = program('obs');
    const child = spawn('/bin/sh', ['-c', `read x; exec ${file} 30`], {
      stdio: ['pipe', 'ignore', 'ignore'],
      env,
    });
    children.add(child);
    const one = table();
    await sleep(60);
    const before = await one.list(AbortSignal.timeout(5_000));
    child.stdin?.write('\n');
    await sleep(100);
    const after = await one.list(AbortSignal.timeout(5_000));
    expect(
      [before, after].map((read) => [...forbiddenIn(mine(listed(read)), options).keys()]),
    ).toEqual([[], ['obs-studio']]);
  });

  it('that the kiosk itself started are its own', async () => {
    run(program('chromium'));
    await sleep(60);
    const programs = listed(await table().list(AbortSignal.timeout(5_000)));
    const keys = (ownPid: number) => [
      ...forbiddenIn(
        programs.filter(
          ({ pid }) => pid === process.pid || mine(programs).some((one) => one.pid === pid),
        ),
        { ...options, ownPid },
      ).keys(),
    ];
    expect([keys(process.pid), keys(-1)]).toEqual([[], ['chromium']]);
  });

  describe('through the sensor', () => {
    const watch = () => {
      const said: string[] = [];
      // Only the test's own: other programs of this machine are none of its business.
      const real = table();
      const only = (programs: readonly RunningProgram[]) =>
        programs.filter(({ path }) => path?.startsWith(folder) === true);
      const sensor = programsSensor({
        ...options,
        everyMs: 60_000,
        table: {
          list: async (signal) => {
            return mapReading(await real.list(signal), only);
          },
          watch: (onNew, onGone) =>
            real.watch?.((programs) => onNew(only(programs)), onGone) ?? (() => undefined),
        },
      });
      const emit = ({ phase, facts }: Signal): void => {
        said.push(`${phase} ${facts.program}`);
      };
      sensor.start(emit, { limited: () => undefined, alive: () => undefined });
      return { said, stop: () => sensor.stop() };
    };

    it('a program is stated about a second after its start, although the next listing is a minute away', async () => {
      const { said, stop } = watch();
      await sleep(100);
      const child = run(program('obs'));
      await expect.poll(() => said, { timeout: 5_000 }).toEqual(['began OBS Studio']);
      await quit(child);
      await expect
        .poll(() => said, { timeout: 5_000 })
        .toEqual(['began OBS Studio', 'ended OBS Studio']);
      stop();
    });

    it('a program that lives for half a second is not stated', async () => {
      const { said, stop } = watch();
      await sleep(100);
      run(program('obs'), ['0.5']);
      await sleep(2_500);
      expect(said).toEqual([]);
      stop();
    });

    it('before the exam its name blocks the start', async () => {
      run(program('obs'));
      run(program('kazam-not'));
      await sleep(60);
      const real = table();
      const sensor = programsSensor({
        ...options,
        table: {
          list: async (signal) => {
            return mapReading(await real.list(signal), mine);
          },
        },
      });
      expect(await sensor.check?.()).toEqual({
        id: 'programs',
        outcome: 'failed',
        cause: 'running',
        names: ['OBS Studio'],
        blocks: true,
      });
    });
  });

  it('a listing that fails is told as not watched, never as a clean machine', async () => {
    const sensor = programsSensor({
      ...options,
      table: { list: () => Promise.reject(new Error('no such tool')) },
    });
    expect(await sensor.check?.()).toMatchObject({ outcome: 'not-watched', blocks: false });
  });
});
