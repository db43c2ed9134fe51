import { execFileSync } from 'node:child_process';

/** One monitor of the X server. Measures in pixels. */
export interface Monitor {
  readonly name: string;
  readonly primary: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads what `xrandr --listmonitors` prints, as in
 * ` 0: +*DUMMY0 1280/339x800/212+0+0  DUMMY0`.
 */
export function parseMonitors(text: string): Monitor[] {
  const pattern = /^\s*\d+: \+?(\*?)(\S+) (\d+)\/\d+x(\d+)\/\d+([+-]\d+)([+-]\d+)/gm;
  return [...text.matchAll(pattern)].map(([, star, name, width, height, x, y]) => ({
    name: name ?? '',
    primary: star === '*',
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));
}

/**
 * The monitors of the display that `DISPLAY` names.
 *
 * @throws Error when xrandr (x11-xserver-utils) or the display is not there.
 */
export function readMonitors(): Monitor[] {
  try {
    return parseMonitors(execFileSync('xrandr', ['--listmonitors'], { encoding: 'utf8' }));
  } catch {
    throw new Error(
      'electron stand-in: xrandr could not read the displays. Install x11-xserver-utils and set DISPLAY.',
    );
  }
}
