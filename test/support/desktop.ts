import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DESKTOP_FOLDER, writeDesktopConfig } from '#test/support/desktop-keys.ts';

const run = promisify(execFile);

/** A window of somebody else that has taken the keyboard. */
export interface Thief {
  /** Closes it and waits until the focus is back where it was. */
  release(): Promise<void>;
}

/** An X server with a window manager, for tests that need real focus, keys and displays. */
export interface Desktop {
  /** As in `:1`. */
  readonly display: string;
  /** What the programs on this desktop need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Presses keys, in xdotool's words: `ctrl+shift+q`, `alt+F4`, `Print`, `super`. */
  key(...combos: string[]): Promise<void>;
  /** Types text into the focused window: ASCII, which is what the keyboard has keys for. */
  type(text: string): Promise<void>;
  /** Moves the mouse to a point in pixels and clicks: 1 left, 2 middle, 3 right. */
  click(x: number, y: number, button?: 1 | 2 | 3): Promise<void>;
  /** Opens another program's window, which takes the focus. */
  steal(): Promise<Thief>;
  /** Connects a second display, 1024 x 768, to the right of the first. */
  attachDisplay(): Promise<void>;
  detachDisplay(): Promise<void>;
  /** The focused window's X id, or undefined. */
  activeWindow(): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** Each program, with the Debian package that brings it. */
const PROGRAMS: Record<string, string> = {
  openbox: 'openbox',
  xdotool: 'xdotool',
  xmessage: 'x11-utils',
  xprop: 'x11-utils',
  xev: 'x11-utils',
  xrandr: 'x11-xserver-utils',
};

const XORG_CONFIG = `Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoEnableDevices" "false"
EndSection
Section "Device"
  Identifier "device"
  Driver "dummy"
  VideoRam 256000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5-1000
  VertRefresh 5-200
  Modeline "1366x768" 85.25 1366 1436 1579 1792 768 771 774 798
EndSection
Section "Screen"
  Identifier "screen"
  Device "device"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1366x768" "1024x768"
    Virtual 4096 2048
  EndSubSection
EndSection
`;

/**
 * What a desktop needs and this machine lacks, as Debian packages; empty when all is there.
 */
export function missingPackages(): string[] {
  const needed = Object.entries(PROGRAMS)
    .filter(([program]) => !isOnPath(program))
    .map(([, name]) => name);
  if (!isOnPath('Xorg') && !isOnPath('Xvfb')) {
    needed.push('xserver-xorg-core', 'xserver-xorg-video-dummy');
  }
  return [...new Set(needed)];
}

/**
 * Starts an X server on a free display number (Xorg with its dummy driver, else Xvfb) with openbox.
 *
 * @throws Error naming the Debian packages when something is missing.
 */
export async function startDesktop(): Promise<Desktop> {
  const needed = missingPackages();
  if (needed.length > 0) {
    throw new Error(`No desktop for the tests. Install: apt-get install -y ${needed.join(' ')}`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-desktop-'));
  const server = await startServer(folder);
  const display = `:${server.number}`;
  const env = { DISPLAY: display, [DESKTOP_FOLDER]: folder };
  const options = { env: { ...process.env, ...env } };
  const config = writeDesktopConfig(folder, []);
  const manager = spawn('openbox', ['--sm-disable', '--config-file', config], {
    ...options,
    stdio: 'ignore',
  });
  const thieves = new Set<ChildProcess>();
  // A test run that fails in mid-air leaves no X server behind.
  const endAll = (): void => {
    for (const child of [...thieves, manager, server.process]) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', endAll);
  const x = async (program: string, ...args: string[]): Promise<string> =>
    (await run(program, args, options)).stdout;
  const activeWindow = async (): Promise<string | undefined> => {
    const id = /0x[0-9a-f]+/.exec(await x('xprop', '-root', '_NET_ACTIVE_WINDOW'))?.[0];
    return id === '0x0' ? undefined : id;
  };
  const monitors = async (): Promise<number> =>
    Number(/Monitors: (\d+)/.exec(await x('xrandr', '--listmonitors'))?.[1]);

  await until('the window manager', async () =>
    (await x('xprop', '-root', '_NET_SUPPORTING_WM_CHECK')).includes('window id'),
  );
  return {
    display,
    env,
    activeWindow,
    key: async (...combos) => {
      await x('xdotool', 'key', '--delay', '20', ...combos);
    },
    type: async (text) => {
      if (/[^ -~]/.test(text)) throw new Error(`type() has no keys for all of: ${text}`);
      await x('xdotool', 'type', '--delay', '15', '--', text);
    },
    click: async (left, top, button = 1) => {
      await x('xdotool', 'mousemove', String(left), String(top), 'click', String(button));
    },
    steal: async () => {
      const before = await activeWindow();
      const child = spawn('xmessage', ['-center', 'Otra ventana'], { ...options, stdio: 'ignore' });
      thieves.add(child);
      await until('the other window', async () => {
        const now = await activeWindow();
        return now !== undefined && now !== before;
      });
      return {
        release: async () => {
          await end(child);
          thieves.delete(child);
          await until('the focus to return', async () => (await activeWindow()) === before);
        },
      };
    },
    attachDisplay: async () => {
      if (server.kind === 'Xorg') {
        await x('xrandr', '--addmode', 'DUMMY1', '1024x768');
        await x('xrandr', '--output', 'DUMMY1', '--mode', '1024x768', '--right-of', 'DUMMY0');
      } else {
        await x('xrandr', '--setmonitor', 'SECOND', '1024/270x768/203+1366+0', 'none');
      }
      await until('the second display', async () => (await monitors()) === 2);
    },
    detachDisplay: async () => {
      if (server.kind === 'Xorg') await x('xrandr', '--output', 'DUMMY1', '--off');
      else await x('xrandr', '--delmonitor', 'SECOND');
      await until('one display', async () => (await monitors()) === 1);
    },
    stop: async () => {
      await Promise.all([...thieves].map(end));
      await end(manager);
      await end(server.process);
      process.off('exit', endAll);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Server {
  readonly kind: 'Xorg' | 'Xvfb';
  readonly number: string;
  readonly process: ChildProcess;
}

async function startServer(folder: string): Promise<Server> {
  const config = join(folder, 'xorg.conf');
  writeFileSync(config, XORG_CONFIG);
  const xorg = [
    '-config',
    config,
    '-logfile',
    join(folder, 'xorg.log'),
    '-novtswitch',
    '-sharevts',
  ];
  const attempts: [Server['kind'], string[]][] = [
    ['Xorg', xorg],
    ['Xvfb', ['-screen', '0', '1366x768x24', '+extension', 'RANDR']],
  ];
  const failures: string[] = [];
  for (const [kind, args] of attempts) {
    if (!isOnPath(kind)) continue;
    const child = spawn(kind, ['-displayfd', '3', '-noreset', '-nolisten', 'tcp', ...args], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    const number = await displayNumber(child);
    if (number !== undefined) return { kind, number, process: child };
    failures.push(kind);
  }
  throw new Error(
    `${failures.join(' and ')} did not start. Install: apt-get install -y xserver-xorg-core xserver-xorg-video-dummy (as root), or xvfb`,
  );
}

/** The server chooses a free display number and writes it when it is ready. */
function displayNumber(server: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    (server.stdio[3] as Readable).on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.trim());
    });
    server.once('exit', () => resolve(undefined));
    server.once('error', () => resolve(undefined));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function until(what: string, test: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await test())) {
    if (Date.now() > deadline) throw new Error(`waited 10 s for ${what}`);
    await sleep(25);
  }
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
