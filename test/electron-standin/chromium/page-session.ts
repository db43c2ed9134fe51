import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cdp } from '#test/electron-standin/chromium/cdp.ts';
import { type Chromium, FIRST_URL } from '#test/electron-standin/chromium/launch.ts';
import { routeRequests } from '#test/electron-standin/chromium/request-router.ts';
import { createBridge } from '#test/electron-standin/page/bridge.ts';
import { createCodec } from '#test/electron-standin/page/codec.ts';
import {
  BINDING,
  type KeyQuestion,
  type MainMessage,
  type PageMessage,
  QUESTION_PATH,
  RECEIVER,
  WORLD,
} from '#test/electron-standin/page/messages.ts';
import { pageWorld } from '#test/electron-standin/page/page-world.ts';
import { type PreloadSettings, preloadWorld } from '#test/electron-standin/page/preload-world.ts';
import { missing } from '#test/electron-standin/strict.ts';

/** What the page's owner does when something happens in it. Addresses are Chromium's. */
export interface PageHost {
  onMessage(message: PageMessage): void;
  /** @returns whether the page is to be kept from seeing the key. */
  onKey(key: KeyQuestion): boolean;
  /** @returns whether the navigation may go on. @param isMainFrame false for a frame within the page. */
  onNavigationAsked(url: string, isMainFrame: boolean): boolean;
  /** @returns whether the file may be fetched. */
  onDownloadAsked(url: string, filename: string): boolean;
  /** @returns whether the window may close. */
  onCloseAsked(): boolean;
  onNavigated(url: string, status: number): void;
  onNavigatedInPage(url: string): void;
  onDomReady(): void;
  onLoaded(): void;
  onLoading(loading: boolean): void;
  onTitle(title: string): void;
  onConsole(level: string, text: string, line: number, source: string): void;
  onCrashed(): void;
}

/** The preload script and what it is to find in its `process`. */
export interface PreloadScript {
  readonly source: string;
  readonly argv: readonly string[];
}

/** The one page, wired up so that a preload script runs in it as Electron would run it. */
export class PageSession {
  private readonly page: Cdp;
  private readonly chromium: Chromium;
  private readonly host: PageHost;
  private mainFrame = '';
  private context: number | undefined;
  private keysWanted = false;
  private navigating = false;
  /** The app's document on the page, by its loader; Chromium's own first one is none of the app's. */
  private document: string | undefined;

  /** @param chromium a browser whose page has not been navigated yet. */
  constructor(chromium: Chromium, host: PageHost) {
    this.chromium = chromium;
    this.page = chromium.page;
    this.host = host;
  }

  /** Puts everything in place; the page must not be navigated before. */
  async open(preload: PreloadScript): Promise<void> {
    const { page } = this;
    const settings: PreloadSettings = {
      eventName: randomUUID(),
      binding: BINDING,
      receiver: RECEIVER,
      questionPath: QUESTION_PATH,
      platform: process.platform,
      versions: { ...process.versions, chrome: process.versions['chrome'] ?? '' },
      argv: preload.argv,
    };
    const run = `function (require, process, module, exports) {${preload.source}\n}`;
    const forPage = `(${pageWorld})(${createBridge}, ${JSON.stringify(settings.eventName)})`;
    const forPreload = `(${preloadWorld})(${createBridge}, ${createCodec}, ${JSON.stringify(settings)}, ${run})`;
    this.listen();
    this.closeOtherPages();
    await this.holdDownloads();
    await page.send('Page.enable');
    await page.send('Page.setLifecycleEventsEnabled', { enabled: true });
    const { frameTree } = await page.send('Page.getFrameTree');
    this.mainFrame = frameTree.frame.id;
    await routeRequests(page, this.mainFrame, this.host);
    await page.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD });
    // In this order: the page's side of the bridge has to be there when the preload's side speaks.
    await page.send('Page.addScriptToEvaluateOnNewDocument', { source: forPage });
    await page.send('Page.addScriptToEvaluateOnNewDocument', {
      source: forPreload,
      worldName: WORLD,
    });
    await page.send('Runtime.enable');
    await page.send('Inspector.enable');
    // Electron has no permissions of its own; the app's handlers are asked in the page.
    await this.chromium.browser.send('Browser.grantPermissions', {
      permissions: [
        'audioCapture',
        'videoCapture',
        'clipboardReadWrite',
        'clipboardSanitizedWrite',
        'notifications',
        'geolocation',
        'wakeLockScreen',
        'windowManagement',
        'keyboardLock',
        'pointerLock',
      ],
    });
  }

  /**
   * Navigates and waits until the page is committed.
   *
   * @param url as Chromium takes it.
   * @throws Error with Chromium's error text.
   */
  async navigate(url: string): Promise<void> {
    const { errorText } = await this.page.send('Page.navigate', { url });
    if (errorText) throw new Error(errorText);
  }

  async reload(): Promise<void> {
    await this.page.send('Page.reload');
  }

  /** Sends a message to the preload's world; lost when there is none, as in Electron. */
  deliver(message: MainMessage): void {
    if (this.context === undefined) return;
    const text = JSON.stringify(JSON.stringify(message));
    const call = { expression: `${RECEIVER}(${text})`, contextId: this.context };
    // The page may go away in this very moment.
    this.page.send('Runtime.evaluate', call).catch(() => {});
  }

  /** Sets whether the main process wants to see keys before the page does. */
  wantKeys(wanted: boolean): void {
    this.keysWanted = wanted;
    this.deliver({ t: 'keys', wanted });
  }

  /**
   * Runs code in the page's own world.
   *
   * @returns its JSON value.
   * @throws Error when the code throws.
   */
  async evaluate(expression: string, userGesture: boolean): Promise<unknown> {
    const { result, exceptionDetails } = await this.page.send('Runtime.evaluate', {
      expression,
      userGesture,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  /** Ends the page's process as a crash would. */
  crash(): void {
    this.page.send('Page.crash').catch(() => {});
  }

  async setWindowState(
    windowState: 'normal' | 'minimized' | 'maximized' | 'fullscreen',
  ): Promise<void> {
    const { browser, targetId } = this.chromium;
    const { windowId, bounds } = await browser.send('Browser.getWindowForTarget', { targetId });
    const set = async (state: typeof windowState): Promise<void> => {
      await browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState: state } });
      const deadline = Date.now() + 2000;
      while (Date.now() < deadline) {
        const now = await browser.send('Browser.getWindowBounds', { windowId });
        if (now.bounds.windowState === state) return;
        await sleep(20);
      }
    };
    // Chromium goes from one special state to another by way of the normal one only.
    if (bounds.windowState !== 'normal' && windowState !== 'normal') await set('normal');
    await set(windowState);
  }

  /** Gives the page the keyboard within its window; a restored window does not do so by itself. */
  async bringToFront(): Promise<void> {
    await this.page.send('Page.bringToFront');
  }

  private listen(): void {
    const { page, host } = this;
    page.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId } = (context.auxData ?? {}) as { frameId?: string };
      if (context.name === WORLD && frameId === this.mainFrame) this.context = context.id;
    });
    page.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (executionContextId === this.context) this.context = undefined;
    });
    page.on('Runtime.executionContextsCleared', () => {
      this.context = undefined;
    });
    page.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name !== BINDING || executionContextId !== this.context) return;
      const message = JSON.parse(payload) as PageMessage;
      if (message.t === 'preload-done') this.deliver({ t: 'keys', wanted: this.keysWanted });
      else host.onMessage(message);
    });
    page.on('Runtime.consoleAPICalled', ({ type, args, stackTrace }) => {
      const text = args.map((arg) => String(arg.value ?? arg.description ?? '')).join(' ');
      const [frame] = stackTrace?.callFrames ?? [];
      host.onConsole(type, text, (frame?.lineNumber ?? -1) + 1, frame?.url ?? '');
    });
    page.on('Page.javascriptDialogOpening', ({ type }) => {
      if (type !== 'beforeunload') return;
      const accept = this.navigating || host.onCloseAsked();
      page.send('Page.handleJavaScriptDialog', { accept }).catch(() => {});
    });
    // A page is asked before it goes for a navigation too, and that closes no window.
    page.on('Page.frameStartedNavigating', ({ frameId, navigationType }) => {
      const leaves = !/sameDocument/i.test(navigationType);
      if (frameId === this.mainFrame && leaves) this.navigating = true;
    });
    page.on('Page.frameNavigated', ({ frame }) => {
      if (frame.id !== this.mainFrame) return;
      // What the first page tells may come as late as after the app's own page is there.
      this.document = frame.url.startsWith(FIRST_URL) ? undefined : frame.loaderId;
      host.onNavigated(frame.url + (frame.urlFragment ?? ''), 200);
    });
    page.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === this.mainFrame) host.onNavigatedInPage(url);
    });
    page.on('Page.lifecycleEvent', ({ frameId, loaderId, name }) => {
      if (frameId !== this.mainFrame || loaderId !== this.document) return;
      if (name === 'DOMContentLoaded') host.onDomReady();
      if (name !== 'load') return;
      // Without a user's gesture Chromium closes the window unasked, and 'close' could not be told.
      const gesture = { expression: '0', userGesture: true };
      const loaded = (): void => host.onLoaded();
      // It fails when the page is on its way out again, and was loaded all the same.
      page.send('Runtime.evaluate', gesture).then(loaded, loaded);
    });
    page.on('Page.frameStartedLoading', ({ frameId }) => {
      if (frameId === this.mainFrame) host.onLoading(true);
    });
    page.on('Page.frameStoppedLoading', ({ frameId }) => {
      if (frameId !== this.mainFrame) return;
      this.navigating = false;
      host.onLoading(false);
    });
    page.on('Inspector.targetCrashed', () => host.onCrashed());
    this.chromium.browser.on('Target.targetInfoChanged', ({ targetInfo }) => {
      if (targetInfo.targetId === this.chromium.targetId) host.onTitle(targetInfo.title);
    });
  }

  /** Nothing is ever fetched here: an app that lets it happen is told. */
  private async holdDownloads(): Promise<void> {
    const { browser } = this.chromium;
    browser.on('Browser.downloadWillBegin', ({ url, suggestedFilename }) => {
      if (this.host.onDownloadAsked(url, suggestedFilename)) throw missing('a download');
    });
    await browser.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true });
  }

  /** An Electron app opens no windows that it was not asked about; see `windowOpen` in the page. */
  private closeOtherPages(): void {
    const { browser, targetId } = this.chromium;
    browser.on('Target.targetCreated', ({ targetInfo }) => {
      if (targetInfo.type !== 'page' || targetInfo.targetId === targetId) return;
      browser.send('Target.closeTarget', { targetId: targetInfo.targetId }).catch(() => {});
    });
  }
}
