import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
];

const WINDOWLESS = ['chromium-headless-shell', 'chrome-headless-shell'];

const FIXED_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * The Chromium that tests drive: `CHROMIUM_PATH` when set, else one on the PATH, else one in the
 * usual places.
 *
 * @returns the absolute path of the program.
 * @throws Error with what to do when there is none.
 */
export function chromiumPath(): string {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (isProgram(named)) return named;
    throw new Error(`CHROMIUM_PATH points to ${named}, which is no program`);
  }
  const found = [...onPath(NAMES), ...FIXED_PLACES].find(isProgram);
  if (found) return found;
  throw new Error('No Chromium found. Install Chromium or Chrome, or set CHROMIUM_PATH to one.');
}

/**
 * The Chromium for a page's own look and doings, where nothing of the browser around it matters: the one that has no windows
 * at all, where there is one, which takes a third less of the processor; else the same as for everything.
 *
 * @returns the absolute path of the program.
 * @throws Error with what to do when there is none.
 */
export function windowlessChromiumPath(): string {
  const found = process.env.CHROMIUM_PATH ? undefined : onPath(WINDOWLESS).find(isProgram);
  return found ?? chromiumPath();
}

const onPath = (names: readonly string[]): readonly string[] =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((name) => join(folder, name)));

/** Switches for every test browser: nothing of the browser's own may reach the network. */
export const launchArgs: readonly string[] = [
  // Chromium refuses its sandbox to root, which is what containers usually run as.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
];

/**
 * Switches that feed the browser's camera from a file instead of a device.
 *
 * @param file a y4m file; it plays in a loop at the frame rate in its header.
 */
export function fakeCameraDeviceArgs(file: string): string[] {
  return ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`];
}

/** Every page may use the camera, and nobody is asked; the browser without windows could ask nobody, and gives no camera else. */
export const ANYBODY_MAY = '--use-fake-ui-for-media-stream';

/** A camera from a file that every page may use. */
export function fakeCameraArgs(file: string): string[] {
  return [...fakeCameraDeviceArgs(file), ANYBODY_MAY];
}

/**
 * For pages that look through a camera for some seconds: the models' code is compiled well only after ten times as much use.
 * Otherwise that compiling costs a page as much as all that it looks at.
 */
export const SHORT_LOOK = '--js-flags=--wasm-tiering-budget=130000000';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
