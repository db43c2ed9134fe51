import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { LockdownJournal } from '#electron/kiosk/lockdown-journal.ts';
import { startDesktop } from '#test/support/desktop.ts';
import { electronKind, kioskCommand } from '#test/support/electron-launch.ts';
import { type OtherPages, withOtherPages } from '#test/support/exam/product-build.ts';
import { linuxMachine } from '#test/support/lockdown-machine.ts';
import { killGroup } from '#test/support/processes.ts';

let build: OtherPages;

beforeAll(async () => {
  // What the window shows is not this file's business.
  build = await withOtherPages((pages) => {
    mkdirSync(join(pages, 'kiosk'), { recursive: true });
    writeFileSync(join(pages, 'kiosk/index.html'), '<!doctype html><title>Atalaya</title>');
  });
});
afterAll(() => build?.remove());

const newUserData = (): string => {
  const userData = mkdtempSync(join(tmpdir(), 'atalaya-launch-'));
  onTestFinished(() => rmSync(userData, { recursive: true, force: true }));
  return userData;
};

/** Starts the program as a person or another program would, and waits for its end. */
const start = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  userData = newUserData(),
): SpawnSyncReturns<string> => {
  const {
    command,
    args: all,
    env: whole,
  } = kioskCommand({
    main: build.main,
    userData,
    args,
    env,
  });
  return spawnSync(command, all, { env: whole, encoding: 'utf8', timeout: 30_000 });
};

const PACKAGED = { ELECTRON_STANDIN_PACKAGED: '1' };

// A packaged program cannot be had without its packager: on the stand-in, `app.isPackaged` is a variable of the test.
describe.runIf(electronKind() === 'stand-in')('an installed kiosk', () => {
  const switches = [
    '--inspect=9229',
    '--remote-debugging-port=9222',
    '--js-flags=--expose-gc',
    '--load-extension=/tmp/x',
    '--proxy-server=127.0.0.1:1',
    '--host-rules=MAP * 127.0.0.1',
    '--ignore-certificate-errors',
    '--disable-web-security',
    '--no-sandbox',
    '--user-data-dir=/tmp/x',
    '--use-file-for-fake-video-capture=/tmp/me.y4m',
  ];
  const variables = {
    ELECTRON_ENABLE_LOGGING: '1',
    NODE_OPTIONS: '--no-warnings',
    NODE_EXTRA_CA_CERTS: '/etc/hosts',
    SSLKEYLOGFILE: '/tmp/keys',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    ELECTRON_RUN_AS_NODE: '1',
  };

  // Each of them alone: test/electron/kiosk/launch-objections.test.ts.
  test('refuses switches, and names them in Spanish', () => {
    const { status, stderr } = start(switches, PACKAGED);
    expect(status).toBe(78);
    const names = switches.map((word) => word.split('=', 1)[0]).join(', ');
    expect(stderr).toContain(
      `Se encontró la opción de inicio ${names}, que no se permite durante un examen.`,
    );
  });

  test('refuses variables of its environment', () => {
    const { status, stderr } = start(['--restore'], { ...PACKAGED, ...variables });
    expect(status).toBe(78);
    const names = Object.keys(variables).toSorted().join(', ');
    expect(stderr).toContain(`Se encontró la variable de entorno ${names}, que no se permite`);
  });

  test('refused, it has not even looked at its data', () => {
    const userData = newUserData();
    expect(start(['--inspect'], PACKAGED, userData).status).toBe(78);
    expect(readdirSync(userData)).toEqual([]);
  });

  test('starts when there is nothing to object to', () => {
    const { status, stdout } = start(['--restore'], PACKAGED);
    expect(status).toBe(0);
    expect(stdout).toContain('No hay nada que deshacer');
  });
});

test('a developer’s kiosk objects only when it is asked to', () => {
  expect(start(['--restore', '--enable-logging']).status).toBe(0);
  const { status, stderr } = start(['--restore', '--enable-logging', '--strict-launch']);
  expect(status).toBe(78);
  expect(stderr).toContain('--enable-logging');
  expect(start(['--restore', '--strict-launch']).status).toBe(0);
});

describe('--restore', () => {
  test('undoes what a killed exam has left and tells it in Spanish', async () => {
    const machine = linuxMachine(false);
    onTestFinished(() => machine.remove());
    const before = machine.state();
    const journal = LockdownJournal.open(machine.journalFile);
    journal.begin('screen', false, null);
    for (const step of machine.steps()) {
      journal.begin(step.id, step.durable, (await step.survey?.()) ?? null);
      await step.perform();
    }
    expect(machine.state()).not.toBe(before);

    const env = Object.fromEntries(
      Object.entries(machine.environment).filter(
        (one): one is [string, string] => one[1] !== undefined,
      ),
    );
    // The person may be signed in to another desktop by now.
    const restored = start(
      ['--restore'],
      { ...env, XDG_CURRENT_DESKTOP: '' },
      join(machine.folder, 'data'),
    );
    expect(restored.stdout.trim().split('\n')).toEqual([
      'Se deshizo: el pegado con el botón central',
      'Se deshizo: los avisos del escritorio',
      'Se deshizo: los atajos de teclado del escritorio',
      'Se deshizo: la restauración al iniciar sesión',
      'El equipo quedó como antes del examen.',
    ]);
    expect(restored.status).toBe(0);
    expect(machine.state()).toBe(before);
    const again = start(['--restore'], env, join(machine.folder, 'data'));
    expect(again.stdout).toContain('No hay nada que deshacer');
    expect(again.status).toBe(0);
  });

  test('names what it could not undo, keeps it for the next time, and ends with 1', () => {
    const userData = newUserData();
    const file = join(userData, 'lockdown.json');
    LockdownJournal.open(file).begin('desktop-shortcuts', true, [
      { at: ['org.gnome.desktop.wm.keybindings', 'close'], old: "['<Alt>F4']" },
    ]);
    const bin = mkdtempSync(join(tmpdir(), 'atalaya-bin-'));
    onTestFinished(() => rmSync(bin, { recursive: true, force: true }));
    // A machine without the tool; Node and the shell are found by their own paths.
    const { status, stdout } = start(['--restore'], { PATH: bin }, userData);
    expect(status).toBe(1);
    expect(stdout).toContain(
      'No se pudo deshacer: los atajos de teclado del escritorio. El sistema respondió: gsettings: ENOENT',
    );
    expect(LockdownJournal.open(file).entries).toHaveLength(1);
  });

  test('says where a journal is that it cannot read', () => {
    const userData = newUserData();
    const file = join(userData, 'lockdown.json');
    writeFileSync(file, '{"version":1,');
    const { status, stdout } = start(['--restore'], {}, userData);
    expect(status).toBe(1);
    expect(stdout).toContain(`${file}.spoiled`);
    expect(readFileSync(`${file}.spoiled`, 'utf8')).toBe('{"version":1,');
  });
});

/** The TCP ports that a process itself listens on. Linux only: reads /proc. */
const listening = (pid: number): readonly string[] => {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((name) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${name}`);
      } catch {
        return '';
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(
        ([, , , state, , , , , , inode]) => state === '0A' && sockets.has(`socket:[${inode}]`),
      )
      .map(([, address = '']) => address),
  );
};

test('the signal that opens Node’s debugger opens nothing', async () => {
  const desktop = await startDesktop();
  onTestFinished(() => desktop.stop());
  const userData = newUserData();
  const { command, args, env } = kioskCommand({
    main: build.main,
    userData,
    desktop,
    env: { ATALAYA_SERVER: 'http://127.0.0.1:1' },
  });
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('not started');
  onTestFinished(() => killGroup(pid));
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await expect.poll(() => printed, { timeout: 30_000 }).toContain('DevTools listening');
  for (let i = 0; i < 3; i++) {
    process.kill(pid, 'SIGUSR1');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  expect(listening(pid)).toEqual([]);
  expect(printed).not.toContain('Debugger listening');
  expect(child.exitCode).toBeNull();
  // The same look finds the debugger of a Node that nobody has told to ignore the signal.
  const plain = spawn(
    process.execPath,
    ['-e', 'process.debugPort = 0; setInterval(() => {}, 1000)'],
    { stdio: 'ignore' },
  );
  onTestFinished(() => {
    plain.kill('SIGKILL');
  });
  const plainPid = plain.pid ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 500));
  process.kill(plainPid, 'SIGUSR1');
  await expect.poll(() => listening(plainPid), { timeout: 10_000 }).toHaveLength(1);
});
