import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ElectronApplication, _electron as electron, type Page } from '@playwright/test';
import { launchObjections } from '#electron/kiosk/launch-objections.ts';
import type { Desktop } from '#test/support/desktop.ts';
import { killGroup } from '#test/support/processes.ts';
import { fakeCameraArgs } from '#tools/chromium.ts';

/** How to start the kiosk. */
export interface KioskOptions {
  /** The main script, or a folder whose package.json names it. */
  readonly main: string;
  readonly userData: string;
  /** Where its window opens; without it, the display of this process. */
  readonly desktop?: Desktop;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A y4m file to play as the camera. */
  readonly cameraFile?: string;
}

/** A running kiosk, on Electron or on the stand-in. */
export interface Kiosk {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What the main process has printed so far, both streams in one: for a failed test to show. */
  output(): string;
  /** The main process and everything that it started end at once, as by a power cut. */
  kill(): Promise<void>;
  /** Asks the app to quit and waits until it has. */
  close(): Promise<void>;
}

/** A command line that starts the app, for starts that Playwright cannot follow. */
export interface KioskCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Which of the two a run uses, found out from files alone: asking Electron's own package for its
 * binary would start a download.
 */
export function electronKind(): 'electron' | 'stand-in' {
  return electronBinary() === undefined ? 'stand-in' : 'electron';
}

function electronBinary(): string | undefined {
  const overridden = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (overridden) {
    const binary = join(overridden, 'electron');
    return existsSync(binary) ? binary : undefined;
  }
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pointer = join(folder, 'path.txt');
  if (!existsSync(pointer)) return undefined;
  const binary = join(folder, 'dist', readFileSync(pointer, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

/**
 * The program and the arguments that start the app, for a second instance or a timed start.
 */
export function kioskCommand(options: KioskOptions): KioskCommand {
  const env = environment(options);
  const args = argumentsFor(options);
  const binary = electronBinary();
  if (binary) return { command: binary, args: ['--no-sandbox', ...args], env };
  return { command: process.execPath, args: [...standInArguments(), ...args], env };
}

/**
 * Starts the kiosk under Playwright and waits for its window and its first page. Real keyboard focus
 * counts in it: the focus emulation that Playwright switches on is off.
 */
export async function launchKiosk(options: KioskOptions): Promise<Kiosk> {
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-launch-'));
  const app = await electron.launch({
    executablePath: electronBinary() ?? writeStandInProgram(folder),
    args: argumentsFor(options),
    env: environment(options),
    timeout: 60_000,
  });
  const child = app.process();
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  const tidy = (): void => rmSync(folder, { recursive: true, force: true });
  const page = await app.firstWindow();
  // Chromium asks the stand-in before the window closes; Playwright must not answer in its place.
  page.on('dialog', (dialog) => {
    if (dialog.type() !== 'beforeunload') dialog.dismiss().catch(() => {});
  });
  await page.waitForURL((url) => !['data:', 'about:'].includes(url.protocol));
  await page.waitForLoadState('domcontentloaded');
  const session = await page.context().newCDPSession(page);
  const countFocus = (): Promise<unknown> =>
    session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  // A navigation that changes the page's process switches the emulation on again.
  page.on('framenavigated', () => countFocus().catch(() => {}));
  await countFocus();
  return {
    app,
    page,
    output: () => printed,
    kill: async () => {
      if (child.pid !== undefined) await killGroup(child.pid);
      await ended;
      tidy();
    },
    close: async () => {
      await app.close();
      await ended;
      tidy();
    },
  };
}

/** Switches of the test itself. The stand-in gets them past the app, whose command line is what a person would write. */
function ownSwitches({ userData, cameraFile }: KioskOptions): string[] {
  const camera = cameraFile === undefined ? [] : fakeCameraArgs(cameraFile);
  return [...camera, `--user-data-dir=${userData}`];
}

function argumentsFor(options: KioskOptions): string[] {
  const own = electronBinary() === undefined ? [] : ownSwitches(options);
  return [...own, options.main, ...(options.args ?? [])];
}

function environment(options: KioskOptions): Record<string, string> {
  const { userData, desktop, env } = options;
  // A machine of developers carries variables that an installed kiosk refuses.
  const refused = launchObjections([], [], process.env, process.platform).map(({ name }) => name);
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !refused.includes(entry[0]),
  );
  return {
    ...Object.fromEntries(inherited),
    ...desktop?.env,
    // The kiosk changes the settings of a desktop that it knows; the developer's own is none of the tests'.
    XDG_CURRENT_DESKTOP: '',
    ATALAYA_USER_DATA: userData,
    ELECTRON_STANDIN_SWITCHES: JSON.stringify(ownSwitches(options)),
    ...env,
  };
}

function standInArguments(): string[] {
  if (!('registerHooks' in nodeModule)) {
    throw new Error(`The Electron stand-in needs Node 24; this is ${process.version}.`);
  }
  const file = (name: string): string => fileURLToPath(import.meta.resolve(name));
  return [
    '--import',
    import.meta.resolve('#test/electron-standin/register.ts'),
    file('#test/electron-standin/run.ts'),
  ];
}

/**
 * Playwright wants one program and puts `--inspect=0` before everything else, which has to go to
 * Node itself.
 */
function writeStandInProgram(folder: string): string {
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const program = join(folder, 'electron-stand-in');
  const command = [process.execPath, '--inspect=0', ...standInArguments()].map(quote).join(' ');
  writeFileSync(program, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  return program;
}
