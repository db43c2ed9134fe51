import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  WebContents as ElectronWebContents,
  Input,
  WebFrameMain,
  WebPreferences,
} from 'electron';
import type { Chromium } from '#test/electron-standin/chromium/launch.ts';
import { type PageHost, PageSession } from '#test/electron-standin/chromium/page-session.ts';
import { electronEvent, guardEvents } from '#test/electron-standin/events.ts';
import { appParts } from '#test/electron-standin/main/app.ts';
import { answerPage, makeFrame } from '#test/electron-standin/main/page-requests.ts';
import { toChromium, toElectron } from '#test/electron-standin/main/protocol.ts';
import { session } from '#test/electron-standin/main/session.ts';
import { webContentsEvents } from '#test/electron-standin/main/web-contents-events.ts';
import { createCodec } from '#test/electron-standin/page/codec.ts';
import { recordCall } from '#test/electron-standin/recorder.ts';
import { missing, strict } from '#test/electron-standin/strict.ts';

type WindowOpenHandler = Parameters<ElectronWebContents['setWindowOpenHandler']>[0];
type Covered = Pick<
  ElectronWebContents,
  | 'loadURL'
  | 'loadFile'
  | 'reload'
  | 'getURL'
  | 'getTitle'
  | 'send'
  | 'executeJavaScript'
  | 'setWindowOpenHandler'
  | 'isDestroyed'
  | 'isCrashed'
  | 'isLoading'
  | 'isLoadingMainFrame'
  | 'isFocused'
  | 'isDevToolsOpened'
  | 'closeDevTools'
  | 'openDevTools'
  | 'focus'
  | 'close'
  | 'forcefullyCrashRenderer'
  | 'getOSProcessId'
  | 'getType'
  | 'setIgnoreMenuShortcuts'
  | 'setVisualZoomLevelLimits'
  | 'setZoomFactor'
  | 'setAudioMuted'
  | 'setWebRTCIPHandlingPolicy'
  | 'setBackgroundThrottling'
>;

/** What the contents need from the window that shows them. */
export interface ContentsOwner {
  close(): void;
  /** Emits the window's 'close'. @returns whether it may close. */
  askToClose(): boolean;
  focus(): void;
  isFocused(): boolean;
}

const codec = createCodec();
const all: WebContents[] = [];

/** The stand-in's WebContents. */
export class WebContents extends EventEmitter implements Covered {
  readonly id = all.length + 1;
  readonly session = session.defaultSession;
  /** The object that the app sees. */
  readonly facade: WebContents;
  private readonly owner: ContentsOwner;
  private readonly page = Promise.withResolvers<PageSession>();
  private targetId = '';
  private url = '';
  private title = '';
  private loading = false;
  private crashed = false;
  private destroyed = false;
  private openHandler: WindowOpenHandler | undefined;

  constructor(owner: ContentsOwner) {
    super();
    this.owner = owner;
    this.facade = strict(this, 'webContents');
    guardEvents(this, 'webContents', webContentsEvents);
    const wantKeys = (event: string | symbol): void => {
      if (event !== 'before-input-event') return;
      // After the call that this is told of.
      void this.page.promise.then((page) => page.wantKeys(this.listenerCount(event) > 0));
    };
    this.on('newListener', wantKeys);
    this.on('removeListener', wantKeys);
    all.push(this);
    appParts.emit('web-contents-created', electronEvent({}), this.facade);
  }

  static fromDevToolsTargetId(targetId: string): WebContents | undefined {
    return WebContents.getAllWebContents().find((contents) => contents.targetId === targetId);
  }

  static fromId(id: number): WebContents | undefined {
    return WebContents.getAllWebContents().find((contents) => contents.id === id);
  }

  static getAllWebContents(): WebContents[] {
    return all.filter((contents) => !contents.destroyed).map(({ facade }) => facade);
  }

  static getFocusedWebContents(): WebContents | null {
    return WebContents.getAllWebContents().find((contents) => contents.isFocused()) ?? null;
  }

  /** Called by the window once Chromium is up. */
  async attach(chromium: Chromium, preferences: WebPreferences): Promise<PageSession> {
    this.targetId = chromium.targetId;
    const page = new PageSession(chromium, this.host());
    await page.open({
      source: this.readPreload(preferences.preload),
      argv: [process.execPath, ...(preferences.additionalArguments ?? [])],
    });
    this.page.resolve(page);
    return page;
  }

  /** Called by the window when the page is gone. */
  destroy(): void {
    this.destroyed = true;
    this.emit('destroyed');
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.page.promise;
    const loaded = new Promise<void>((resolve_) =>
      this.prependOnceListener('did-finish-load', resolve_),
    );
    try {
      await page.navigate(toChromium(url));
    } catch (error) {
      const text = error instanceof Error ? error.message.replace(/^net::/, '') : String(error);
      const code = text === 'ERR_ABORTED' ? -3 : -2;
      this.emit('did-fail-load', electronEvent({}), code, text, url, true, 1, 1);
      throw Object.assign(new Error(`${text} (${code}) loading '${url}'`), { code: text });
    }
    await loaded;
  }

  loadFile(filePath: string): Promise<void> {
    return this.loadURL(pathToFileURL(resolve(appParts.getAppPath(), filePath)).href);
  }

  reload(): void {
    void this.page.promise.then((page) => page.reload());
  }

  send(channel: string, ...args: unknown[]): void {
    const text = codec.encode(args);
    void this.page.promise.then((page) => page.deliver({ t: 'deliver', channel, args: text }));
  }

  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    return (await this.page.promise).evaluate(code, userGesture);
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.openHandler = handler;
  }

  getURL(): string {
    return toElectron(this.url);
  }

  getTitle(): string {
    return this.title;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  isCrashed(): boolean {
    return this.crashed;
  }

  isLoading(): boolean {
    return this.loading;
  }

  isLoadingMainFrame(): boolean {
    return this.loading;
  }

  isFocused(): boolean {
    return this.owner.isFocused();
  }

  /** No developer tools here: their keys do nothing, see the preload's world. */
  isDevToolsOpened(): boolean {
    return false;
  }

  closeDevTools(): void {}

  openDevTools(): void {
    recordCall('webContents.openDevTools');
  }

  focus(): void {
    this.owner.focus();
  }

  close(): void {
    this.owner.close();
  }

  forcefullyCrashRenderer(): void {
    void this.page.promise.then((page) => page.crash());
  }

  getOSProcessId(): number {
    throw missing('webContents.getOSProcessId');
  }

  getType(): 'window' {
    return 'window';
  }

  setIgnoreMenuShortcuts(ignore: boolean): void {
    recordCall('webContents.setIgnoreMenuShortcuts', ignore);
  }

  async setVisualZoomLevelLimits(minimum: number, maximum: number): Promise<void> {
    recordCall('webContents.setVisualZoomLevelLimits', minimum, maximum);
  }

  setZoomFactor(factor: number): void {
    if (factor !== 1) throw missing(`webContents.setZoomFactor(${factor})`);
  }

  setAudioMuted(muted: boolean): void {
    recordCall('webContents.setAudioMuted', muted);
  }

  setWebRTCIPHandlingPolicy(policy: string): void {
    recordCall('webContents.setWebRTCIPHandlingPolicy', policy);
  }

  setBackgroundThrottling(allowed: boolean): void {
    recordCall('webContents.setBackgroundThrottling', allowed);
  }

  get mainFrame(): WebFrameMain {
    return this.frameAt(this.url);
  }

  private host(): PageHost {
    return {
      onMessage: (message) => {
        void this.page.promise.then((page) =>
          answerPage(message, { contents: this.facade, page, openHandler: this.openHandler }),
        );
      },
      onKey: (key) => {
        const event = electronEvent({});
        this.emit('before-input-event', event, key satisfies Input);
        return event.defaultPrevented;
      },
      onNavigationAsked: (url, isMainFrame) => {
        const frame = this.frameAt(this.url);
        const target = { url: toElectron(url), isSameDocument: false, isMainFrame, frame };
        const event = electronEvent({ ...target, initiator: frame });
        this.emit('will-frame-navigate', event);
        if (isMainFrame) this.emit('will-navigate', event, target.url, false, true, 1, 1);
        return !event.defaultPrevented;
      },
      onDownloadAsked: (url, filename) =>
        session.defaultSession.askDownload(url, filename, this.facade),
      onCloseAsked: () => this.owner.askToClose(),
      onNavigated: (url, status) => {
        this.url = url;
        this.crashed = false;
        this.emit('did-navigate', electronEvent({}), toElectron(url), status, '');
      },
      onNavigatedInPage: (url) => {
        this.url = url;
        this.emit('did-navigate-in-page', electronEvent({}), toElectron(url), true, 1, 1);
      },
      onDomReady: () => this.emit('dom-ready', electronEvent({})),
      onLoaded: () => this.emit('did-finish-load'),
      onLoading: (loading) => {
        this.loading = loading;
        this.emit(loading ? 'did-start-loading' : 'did-stop-loading');
      },
      onTitle: (title) => {
        if (title === this.title) return;
        this.title = title;
        this.emit('page-title-updated', electronEvent({}), title, true);
      },
      onConsole: (type, message, lineNumber, sourceId) => {
        const levels: Record<string, string> = {
          error: 'error',
          warning: 'warning',
          debug: 'debug',
        };
        const details = { message, level: levels[type] ?? 'info', lineNumber, sourceId };
        this.emit('console-message', electronEvent({ ...details, frame: this.mainFrame }));
      },
      onCrashed: () => {
        this.crashed = true;
        const details = { reason: 'crashed', exitCode: 1 } as const;
        this.emit('render-process-gone', electronEvent({}), details);
        appParts.emit('render-process-gone', electronEvent({}), this.facade, details);
      },
    };
  }

  private frameAt(url: string): WebFrameMain {
    return makeFrame(url, this.facade);
  }

  private readPreload(path: string | undefined): string {
    if (path === undefined) return '';
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      console.error(`electron stand-in: unable to load preload script ${path}`);
      this.emit('preload-error', electronEvent({}), path, error);
      return '';
    }
  }
}
