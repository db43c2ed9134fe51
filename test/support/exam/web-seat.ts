import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { Examinee } from '#test/support/exam/examinee.ts';
import type { ExamRoom } from '#test/support/exam-room.ts';
import { killGroup } from '#test/support/processes.ts';
import { chromiumPath, fakeCameraArgs, launchArgs } from '#tools/chromium.ts';
import { readKioskLedger } from '#tools/demo/kiosk-ledger.ts';

/** A computer with a browser in the room, whose page is the kiosk. */
export interface WebSeat {
  /** The running browser's window; another object after each start. */
  readonly context: BrowserContext;
  readonly page: Page;
  readonly examinee: Examinee;
  /** Addresses outside the server that any page asked for. */
  readonly leaving: readonly string[];
  /** Opens the kiosk's page. @param hash as in `#enrol=CODE`. */
  open(hash?: string): Promise<void>;
  /** Opens another window of the same browser, which gets the focus. */
  newPage(): Promise<Page>;
  /** From now on the examinee sits at this page. */
  moveTo(page: Page): void;
  /** Ends the browser as by a power cut. */
  kill(): Promise<void>;
  /** Starts it on the same profile. */
  start(): Promise<void>;
  /** The ledger in this profile: the attempt that was written last. */
  ledger(): Promise<readonly LedgerEntry[]>;
  close(): Promise<void>;
}

export interface WebSeatOptions {
  /** `denied`: the person refuses the camera; `scenes`: the room's camera, allowed. */
  readonly camera?: 'scenes' | 'denied';
}

/**
 * Starts a real browser in a profile of its own. Real focus and visibility count in it: Playwright's
 * emulation of them is off.
 */
export const takeWebSeat = async (
  room: Pick<ExamRoom, 'cable' | 'newFolder'> & { readonly camera: { readonly file: string } },
  { camera = 'scenes' }: WebSeatOptions = {},
): Promise<WebSeat> => {
  const profile = room.newFolder('profile');
  const leaving: string[] = [];
  let child: ChildProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  const start = async (): Promise<void> => {
    const granting = fakeCameraArgs(room.camera.file).map((arg) =>
      camera === 'denied' && arg === '--use-fake-ui-for-media-stream' ? `${arg}=deny` : arg,
    );
    child = spawn(
      chromiumPath(),
      [
        ...launchArgs,
        ...granting,
        '--headless=new',
        '--enable-unsafe-swiftshader',
        '--lang=es',
        '--window-size=1366,768',
        // Without it the screen is smaller than the window, which shrinks to it when it is told of again.
        '--screen-info={1366x768}',
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        'about:blank',
      ],
      // A group of its own, so that all of it can be killed at once.
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    browser = await chromium.connectOverCDP(await addressOf(child), { noDefaults: true });
    const [first] = browser.contexts();
    if (first === undefined) throw new Error('the browser has no window');
    context = first;
    context.on('request', (request) => note(request.url()));
    const watch = (one: Page) => one.on('websocket', (socket) => note(socket.url()));
    context.pages().forEach(watch);
    context.on('page', watch);
    page = context.pages()[0] ?? (await context.newPage());
  };
  const note = (url: string): void => {
    const { protocol, host } = new URL(url);
    if (['data:', 'blob:', 'about:', 'chrome-error:'].includes(protocol)) return;
    if (host !== new URL(room.cable.origin).host) leaving.push(url);
  };
  const kill = async (): Promise<void> => {
    if (child.pid !== undefined) await killGroup(child.pid);
    await browser.close().catch(() => undefined);
  };
  await start();

  return {
    get context() {
      return context;
    },
    get page() {
      return page;
    },
    get examinee() {
      return new Examinee(page);
    },
    leaving,
    open: async (hash = '') => {
      // The same address with another hash would not load anew.
      await page.goto('about:blank');
      await page.goto(`${room.cable.origin}/kiosk/${hash}`);
    },
    newPage: () => context.newPage(),
    moveTo: (to) => {
      page = to;
    },
    kill,
    start,
    ledger: async () => {
      const all = await readKioskLedger(page, 0);
      const last = all.reduce<LedgerEntry | null>(
        (latest, entry) => (latest === null || entry.wall >= latest.wall ? entry : latest),
        null,
      );
      return all.filter(({ attemptId }) => attemptId === last?.attemptId);
    },
    close: kill,
  };
};

const addressOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the browser ended')));
    if (child.stderr === null) return reject(new Error('the browser says nothing'));
    createInterface({ input: child.stderr }).on('line', (line) => {
      const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
