import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type {
  BrowserWindowConstructorOptions,
  BrowserWindow as ElectronBrowserWindow,
  Rectangle,
} from 'electron';
import { type Chromium, startChromium } from '#test/electron-standin/chromium/launch.ts';
import type { PageSession } from '#test/electron-standin/chromium/page-session.ts';
import { electronEvent, guardEvents } from '#test/electron-standin/events.ts';
import { appParts } from '#test/electron-standin/main/app.ts';
import {
  checkWindowOptions,
  windowEvents,
} from '#test/electron-standin/main/browser-window-options.ts';
import { commandLineParts } from '#test/electron-standin/main/command-line.ts';
import { screenParts } from '#test/electron-standin/main/screen.ts';
import { WebContents } from '#test/electron-standin/main/web-contents.ts';
import { addWindow, openWindows, removeWindow } from '#test/electron-standin/main/windows.ts';
import { recordCall } from '#test/electron-standin/recorder.ts';
import { missing, strict } from '#test/electron-standin/strict.ts';
import { activateWindow, mapWindow } from '#test/electron-standin/x11/properties.ts';
import {
  type WindowState,
  type WindowWatch,
  watchWindow,
} from '#test/electron-standin/x11/window-watch.ts';

type Covered = Pick<
  ElectronBrowserWindow,
  | 'loadURL'
  | 'loadFile'
  | 'reload'
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'focus'
  | 'isFocused'
  | 'show'
  | 'hide'
  | 'isVisible'
  | 'minimize'
  | 'isMinimized'
  | 'maximize'
  | 'isMaximized'
  | 'restore'
  | 'setFullScreen'
  | 'isFullScreen'
  | 'setKiosk'
  | 'isKiosk'
  | 'setAlwaysOnTop'
  | 'isAlwaysOnTop'
  | 'setContentProtection'
  | 'isContentProtected'
  | 'setClosable'
  | 'isClosable'
  | 'setMinimizable'
  | 'setMaximizable'
  | 'setResizable'
  | 'setMovable'
  | 'setFullScreenable'
  | 'setVisibleOnAllWorkspaces'
  | 'setSkipTaskbar'
  | 'setMenu'
  | 'removeMenu'
  | 'setMenuBarVisibility'
  | 'setAutoHideMenuBar'
  | 'setTitle'
  | 'getTitle'
  | 'getBounds'
  | 'moveTop'
  | 'flashFrame'
>;

let lastId = 0;
const NO_STATE: WindowState = {
  focused: false,
  minimized: false,
  fullscreen: false,
  maximized: false,
};

/** The stand-in's BrowserWindow: one Chromium application window. */
export class BrowserWindow extends EventEmitter implements Covered {
  readonly id: number;
  readonly webContents: WebContents;
  /** The object that the app sees. */
  readonly facade: BrowserWindow;
  private readonly options: BrowserWindowConstructorOptions;
  private readonly opening: Promise<PageSession>;
  private ordered: Promise<void> = Promise.resolve();
  private chromium: Chromium | undefined;
  private watch: WindowWatch | undefined;
  private xWindow: number | undefined;
  private state = NO_STATE;
  private visible: boolean;
  private kiosk: boolean;
  private onTop: boolean;
  private protectedContent = false;
  private closable: boolean;
  private title: string;
  private ending: Promise<void> | undefined;
  private destroyed = false;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    if (!appParts.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    if (openWindows().length > 0) throw missing('a second BrowserWindow at the same time');
    checkWindowOptions(options);
    guardEvents(this, 'BrowserWindow', windowEvents);
    lastId += 1;
    this.id = lastId;
    this.options = options;
    this.visible = options.show ?? true;
    this.kiosk = options.kiosk ?? false;
    this.onTop = options.alwaysOnTop ?? false;
    this.closable = options.closable ?? true;
    this.title = options.title ?? appParts.getName();
    this.facade = strict(this, 'BrowserWindow');
    this.webContents = new WebContents(this).facade;
    this.webContents.once('dom-ready', () => this.emit('ready-to-show'));
    this.webContents.on('page-title-updated', (event, title, explicit) => {
      this.emit('page-title-updated', event, title, explicit);
      if (!event.defaultPrevented) this.title = title;
    });
    addWindow(this);
    this.opening = this.open();
    appParts.emit('browser-window-created', electronEvent({}), this.facade);
    // biome-ignore lint/correctness/noConstructorReturn: the app is to see the strict view of it.
    return this.facade;
  }

  static getAllWindows(): BrowserWindow[] {
    return openWindows()
      .filter((window) => window instanceof BrowserWindow)
      .map(({ facade }) => facade);
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.isFocused()) ?? null;
  }

  static fromId(id: number): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.id === id) ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    const found = BrowserWindow.getAllWindows().find((item) => item.webContents === contents);
    return found ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  loadFile(filePath: string): Promise<void> {
    return this.webContents.loadFile(filePath);
  }

  reload(): void {
    this.webContents.reload();
  }

  close(): void {
    if (this.ending === undefined && this.askToClose()) void this.end();
  }

  destroy(): void {
    void this.end();
  }

  /** Emits 'close'. @returns whether nobody prevented it. */
  askToClose(): boolean {
    // Chromium is closing what the app has already agreed to close.
    if (this.ending !== undefined) return true;
    const event = electronEvent({});
    this.emit('close', event);
    return !event.defaultPrevented;
  }

  isClosing(): boolean {
    return this.ending !== undefined;
  }

  /** Closes without asking and waits until the window is gone. */
  end(): Promise<void> {
    this.ending ??= (async () => {
      await this.opening.catch(() => {});
      await this.chromium?.stop();
    })();
    return this.ending;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  focus(): void {
    if (this.xWindow !== undefined) activateWindow(this.xWindow);
  }

  isFocused(): boolean {
    return this.state.focused;
  }

  /** The window is on the screen from the start; until it is hidden, only what the app is told follows `show`. */
  show(): void {
    if (!this.visible) {
      this.visible = true;
      if (this.xWindow !== undefined) mapWindow(this.xWindow, true);
      this.emit('show');
    }
    this.focus();
  }

  hide(): void {
    if (!this.visible) return;
    this.visible = false;
    if (this.xWindow !== undefined) mapWindow(this.xWindow, false);
    this.emit('hide');
  }

  isVisible(): boolean {
    return this.visible && !this.state.minimized;
  }

  minimize(): void {
    this.setState('minimized');
  }

  isMinimized(): boolean {
    return this.state.minimized;
  }

  maximize(): void {
    this.setState('maximized');
  }

  isMaximized(): boolean {
    return this.state.maximized;
  }

  restore(): void {
    this.order(async (page) => {
      await page.setWindowState(this.kiosk ? 'fullscreen' : 'normal');
      await page.bringToFront();
    });
  }

  setFullScreen(flag: boolean): void {
    this.setState(flag ? 'fullscreen' : 'normal');
  }

  isFullScreen(): boolean {
    return this.state.fullscreen;
  }

  setKiosk(flag: boolean): void {
    this.kiosk = flag;
    this.setFullScreen(flag);
  }

  isKiosk(): boolean {
    return this.kiosk;
  }

  setAlwaysOnTop(flag: boolean, level?: string): void {
    recordCall('BrowserWindow.setAlwaysOnTop', flag, level);
    if (flag === this.onTop) return;
    this.onTop = flag;
    this.emit('always-on-top-changed', electronEvent({}), flag);
  }

  isAlwaysOnTop(): boolean {
    return this.onTop;
  }

  setContentProtection(enable: boolean): void {
    recordCall('BrowserWindow.setContentProtection', enable);
    this.protectedContent = enable;
  }

  isContentProtected(): boolean {
    return this.protectedContent;
  }

  setClosable(closable: boolean): void {
    this.closable = closable;
  }

  isClosable(): boolean {
    return this.closable;
  }

  setMinimizable(flag: boolean): void {
    recordCall('BrowserWindow.setMinimizable', flag);
  }

  setMaximizable(flag: boolean): void {
    recordCall('BrowserWindow.setMaximizable', flag);
  }

  setResizable(flag: boolean): void {
    recordCall('BrowserWindow.setResizable', flag);
  }

  setMovable(flag: boolean): void {
    recordCall('BrowserWindow.setMovable', flag);
  }

  setFullScreenable(flag: boolean): void {
    recordCall('BrowserWindow.setFullScreenable', flag);
  }

  setVisibleOnAllWorkspaces(flag: boolean): void {
    recordCall('BrowserWindow.setVisibleOnAllWorkspaces', flag);
  }

  setSkipTaskbar(flag: boolean): void {
    recordCall('BrowserWindow.setSkipTaskbar', flag);
  }

  setMenu(menu: unknown): void {
    recordCall('BrowserWindow.setMenu', menu);
  }

  removeMenu(): void {
    recordCall('BrowserWindow.removeMenu');
  }

  setMenuBarVisibility(visible: boolean): void {
    recordCall('BrowserWindow.setMenuBarVisibility', visible);
  }

  setAutoHideMenuBar(hide: boolean): void {
    recordCall('BrowserWindow.setAutoHideMenuBar', hide);
  }

  setTitle(title: string): void {
    this.title = title;
  }

  getTitle(): string {
    return this.title;
  }

  getBounds(): Rectangle {
    if (this.kiosk || this.state.fullscreen) return screenParts.getPrimaryDisplay().bounds;
    return { x: 0, y: 0, width: this.options.width ?? 800, height: this.options.height ?? 600 };
  }

  moveTop(): void {
    this.focus();
  }

  flashFrame(flag: boolean): void {
    recordCall('BrowserWindow.flashFrame', flag);
  }

  private setState(state: Parameters<PageSession['setWindowState']>[0]): void {
    this.order((page) => page.setWindowState(state));
  }

  /**
   * Orders to Chromium's window go one after the other: it refuses to go from one special state to another, which is what
   * an order meets that overtakes one before it. Nor does an order that came too late end the app: the window has gone.
   */
  private order(act: (page: PageSession) => Promise<void>): void {
    void this.opening.then((page) => {
      this.ordered = this.ordered
        .then(() => act(page))
        .catch((failure: unknown) => {
          if (!this.isClosing()) console.error('electron stand-in: the window refused', failure);
        });
    });
  }

  private async open(): Promise<PageSession> {
    const preferences = this.options.webPreferences ?? {};
    const chromium = await startChromium({
      profileFolder: join(appParts.getPath('sessionData'), 'chromium'),
      kiosk: this.kiosk,
      fullscreen: this.options.fullscreen ?? false,
      width: this.options.width ?? 800,
      height: this.options.height ?? 600,
      throttled: preferences.backgroundThrottling ?? true,
      appSwitches: commandLineParts.forChromium(),
    });
    this.chromium = chromium;
    void chromium.ended.then(() => this.gone());
    this.watch = watchWindow(chromium.pid, (state) => this.changed(state));
    void this.watch.window.then((window) => {
      this.xWindow = window;
    });
    return this.webContents.attach(chromium, preferences);
  }

  private changed(state: WindowState): void {
    const before = this.state;
    this.state = state;
    if (before.minimized !== state.minimized) this.emit(state.minimized ? 'minimize' : 'restore');
    if (before.maximized !== state.maximized)
      this.emit(state.maximized ? 'maximize' : 'unmaximize');
    if (before.fullscreen !== state.fullscreen) {
      this.emit(state.fullscreen ? 'enter-full-screen' : 'leave-full-screen');
    }
    if (before.focused === state.focused) return;
    const event = state.focused ? 'focus' : 'blur';
    this.emit(event);
    this.webContents.emit(event);
    appParts.emit(`browser-window-${event}`, electronEvent({}), this.facade);
  }

  private gone(): void {
    this.ending ??= Promise.resolve();
    this.watch?.stop();
    this.destroyed = true;
    this.webContents.destroy();
    removeWindow(this);
    this.emit('closed');
    appParts.windowClosed();
  }
}
