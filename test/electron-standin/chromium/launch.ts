import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { type Cdp, CdpConnection } from '#test/electron-standin/chromium/cdp.ts';
import { chromiumPath, launchArgs } from '#tools/chromium.ts';

/** How the one window is to come up. */
export interface LaunchOptions {
  /** The folder that Electron would keep the page's storage in. */
  readonly profileFolder: string;
  readonly kiosk: boolean;
  readonly fullscreen: boolean;
  readonly width: number;
  readonly height: number;
  /** False as in webPreferences.backgroundThrottling. */
  readonly throttled: boolean;
  /** What stands on the app's command line or was appended to it, as `--name=value`. */
  readonly appSwitches: readonly string[];
}

/** A running Chromium with its first and only page. */
export interface Chromium {
  readonly pid: number;
  readonly browser: Cdp;
  readonly page: Cdp;
  readonly targetId: string;
  /** Resolves when the process has ended, whatever the reason. */
  readonly ended: Promise<void>;
  /** Ends it: asks first, kills after two seconds. */
  stop(): Promise<void>;
}

const SWITCHES = [
  '--hide-crash-restore-bubble',
  '--noerrdialogs',
  '--password-store=basic',
  '--disable-extensions',
  '--disable-default-apps',
  '--disable-breakpad',
  '--disable-infobars',
  '--disable-popup-blocking',
  // Electron never asks the user; the app's permission handlers decide.
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--overscroll-history-navigation=0',
  '--metrics-recording-only',
  '--no-service-autorun',
  '--disable-search-engine-choice-screen',
];

const DISABLED_FEATURES = [
  'Translate',
  'MediaRouter',
  'OptimizationHints',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'NetworkTimeServiceQuerying',
  'PreconnectToSearch',
  'AimEnabled',
  'LensOverlay',
];

/** Chromium's own first page. */
export const FIRST_URL = 'data:text/html,';

/**
 * Starts Chromium as one application window and attaches to its page. Its address for Playwright is
 * printed on stderr in Chromium's own words.
 *
 * @throws Error when it does not come up within 20 seconds.
 */
export async function startChromium(options: LaunchOptions): Promise<Chromium> {
  mkdirSync(options.profileFolder, { recursive: true });
  const process_ = spawn(chromiumPath(), switchesFor(options), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => {
    process_.once('exit', () => resolve());
    process_.once('error', () => resolve());
  });
  forwardAddress(process_);
  const [, , , output, input] = process_.stdio;
  const connection = new CdpConnection(output as Writable, input as Readable);
  const browser = connection.session();
  const targetId = await Promise.race([firstPage(browser), failAfter(50_000, ended)]);
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  return {
    pid: process_.pid ?? 0,
    browser,
    page: connection.session(sessionId),
    targetId,
    ended,
    stop: async () => {
      browser.send('Browser.close').catch(() => {});
      const timer = setTimeout(() => process_.kill('SIGKILL'), 2000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function switchesFor(options: LaunchOptions): string[] {
  const [features, plain] = partition(options.appSwitches, (item) =>
    item.startsWith('--disable-features='),
  );
  const disabled = [
    ...DISABLED_FEATURES,
    ...features.flatMap((item) => item.slice('--disable-features='.length).split(',')),
  ];
  return [
    ...launchArgs,
    ...SWITCHES,
    ...(options.throttled
      ? []
      : [
          '--disable-background-timer-throttling',
          '--disable-backgrounding-occluded-windows',
          '--disable-renderer-backgrounding',
        ]),
    ...plain,
    `--disable-features=${disabled.join(',')}`,
    `--user-data-dir=${options.profileFolder}`,
    '--remote-debugging-pipe',
    '--remote-debugging-port=0',
    '--window-position=0,0',
    `--window-size=${options.width},${options.height}`,
    ...(options.kiosk ? ['--kiosk'] : []),
    ...(options.fullscreen && !options.kiosk ? ['--start-fullscreen'] : []),
    `--app=${FIRST_URL}`,
  ];
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

function forwardAddress(process_: ChildProcess): void {
  if (!process_.stderr) return;
  const verbose = process.env['ELECTRON_STANDIN_LOG'] === '1';
  createInterface({ input: process_.stderr }).on('line', (line) => {
    if (verbose || line.startsWith('DevTools listening on ')) process.stderr.write(`${line}\n`);
  });
}

function firstPage(browser: Cdp): Promise<string> {
  return new Promise((resolve, reject) => {
    browser.on('Target.targetCreated', ({ targetInfo }) => {
      if (targetInfo.type === 'page' && targetInfo.url.startsWith(FIRST_URL)) {
        resolve(targetInfo.targetId);
      }
    });
    browser.send('Target.setDiscoverTargets', { discover: true }).catch(reject);
  });
}

async function failAfter(ms: number, ended: Promise<void>): Promise<never> {
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, ms).unref())]);
  throw new Error(
    'electron stand-in: Chromium did not open its window. Is DISPLAY an X server with a window manager?',
  );
}
