import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const lines: SpawnOptions = { stdio: ['ignore', 'pipe', 'ignore'] };

/** Something that runs until it is stopped. */
export interface Watch {
  stop(): void;
}

/**
 * The windows in a line that xprop prints, as in
 * `_NET_CLIENT_LIST(WINDOW): window id # 0x400002, 0x600003`.
 */
export function windowsIn(line: string): number[] {
  const list = line.split('#')[1] ?? '';
  return [...list.matchAll(/0x[0-9a-f]+/g)].map(([id]) => Number(id)).filter((id) => id !== 0);
}

/**
 * Follows properties of the root window or of one window, starting with their present values.
 *
 * @param window the root window when absent.
 * @param onLine gets each line as xprop prints it.
 */
export function watchProperties(
  window: number | undefined,
  names: readonly string[],
  onLine: (line: string) => void,
): Watch {
  const place = window === undefined ? ['-root'] : ['-id', String(window)];
  return follow(spawn('xprop', [...place, '-spy', ...names], lines), onLine, 'xprop (x11-utils)');
}

/** Follows changes of the displays; what has changed is to be read anew. */
export function watchDisplays(onChange: () => void): Watch {
  return follow(
    spawn('xev', ['-root', '-event', 'randr'], lines),
    (line) => {
      if (line.startsWith('RR')) onChange();
    },
    'xev (x11-utils)',
  );
}

function follow(child: ChildProcess, onLine: (line: string) => void, tool: string): Watch {
  child.on('error', () => {
    throw new Error(`electron stand-in: ${tool} could not be started.`);
  });
  if (child.stdout) createInterface({ input: child.stdout }).on('line', onLine);
  return { stop: () => child.kill('SIGKILL') };
}

/** The process that a window says it belongs to, in X's words for that. */
export async function processOf(window: number): Promise<number | undefined> {
  try {
    const { stdout } = await run('xprop', ['-id', String(window), '_NET_WM_PID']);
    const pid = /= (\d+)/.exec(stdout)?.[1];
    return pid === undefined ? undefined : Number(pid);
  } catch {
    // Closed between the list and this question.
    return undefined;
  }
}

/** Brings a window to the front and gives it the keyboard, as a task bar does. */
export function activateWindow(window: number): void {
  execFile('xdotool', ['windowactivate', String(window)], () => {});
}

/** Takes a window off the screen, or puts it back. */
export function mapWindow(window: number, mapped: boolean): void {
  execFile('xdotool', [mapped ? 'windowmap' : 'windowunmap', String(window)], () => {});
}
