import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { App as ElectronApp, RelaunchOptions } from 'electron';
import { electronEvent, guardEvents } from '#test/electron-standin/events.ts';
import { commandLine } from '#test/electron-standin/main/command-line.ts';
import { takeLock } from '#test/electron-standin/main/single-instance.ts';
import { openWindows } from '#test/electron-standin/main/windows.ts';
import { recordCall } from '#test/electron-standin/recorder.ts';
import { missing, strict } from '#test/electron-standin/strict.ts';

type PathName = Parameters<ElectronApp['getPath']>[0];
type Covered = Pick<
  ElectronApp,
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'relaunch'
  | 'getPath'
  | 'setPath'
  | 'setAppLogsPath'
  | 'getAppPath'
  | 'getName'
  | 'setName'
  | 'getVersion'
  | 'getLocale'
  | 'getSystemLocale'
  | 'getPreferredSystemLanguages'
  | 'requestSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'hasSingleInstanceLock'
  | 'disableHardwareAcceleration'
  | 'enableSandbox'
  | 'setAppUserModelId'
  | 'focus'
  | 'isPackaged'
>;

class App extends EventEmitter implements Covered {
  readonly commandLine = commandLine;
  readonly isPackaged = process.env['ELECTRON_STANDIN_PACKAGED'] === '1';
  private readonly paths = new Map<string, string>();
  private readonly ready = Promise.withResolvers<void>();
  private isReadyNow = false;
  private quitting = false;
  private exiting = false;
  private appName = 'Electron';
  private version = process.versions['electron'] ?? '';
  private appPath = process.cwd();
  private releaseLock: (() => void) | undefined;

  constructor() {
    super();
    guardEvents(this, 'app', {
      fires: [
        'will-finish-launching',
        'ready',
        'window-all-closed',
        'before-quit',
        'will-quit',
        'quit',
        'second-instance',
        'browser-window-created',
        'browser-window-focus',
        'browser-window-blur',
        'web-contents-created',
        'render-process-gone',
      ],
      quiet: [
        'activate',
        'open-file',
        'open-url',
        'certificate-error',
        'select-client-certificate',
        'login',
        'child-process-gone',
        'gpu-info-update',
        'session-created',
        'accessibility-support-changed',
      ],
    });
  }

  whenReady(): Promise<void> {
    return this.ready.promise;
  }

  isReady(): boolean {
    return this.isReadyNow;
  }

  /** Called once the app's main module has been evaluated to its end. */
  becomeReady(): void {
    mkdirSync(this.getPath('userData'), { recursive: true });
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      // The app's own listener takes the place of Electron's.
      process.on(signal, () => {
        if (process.listenerCount(signal) === 1) this.quit();
      });
    }
    this.emit('will-finish-launching');
    this.isReadyNow = true;
    this.emit('ready', electronEvent({}), {});
    this.ready.resolve();
  }

  /** @param path what Electron was started with: a folder with a package.json, or a script. */
  setApplication(path: string): void {
    const manifest = join(path, 'package.json');
    this.appPath = existsSync(manifest) ? resolve(path) : dirname(resolve(path));
    if (!existsSync(manifest)) return;
    const { name, productName, version } = JSON.parse(readFileSync(manifest, 'utf8'));
    this.appName = productName ?? name ?? this.appName;
    this.version = version ?? this.version;
  }

  quit(): void {
    if (this.quitting) return;
    const event = electronEvent({});
    this.quitting = true;
    this.emit('before-quit', event);
    this.quitting = !event.defaultPrevented;
    if (!this.quitting) return;
    const windows = openWindows();
    for (const window of windows) window.close();
    this.quitting = windows.every((window) => window.isClosing());
    if (windows.length === 0) this.finishQuit();
  }

  exit(exitCode = 0): void {
    this.quitting = true;
    this.exiting = true;
    const leave = (): void => {
      this.emit('quit', electronEvent({}), exitCode);
      process.exit(exitCode);
    };
    const windows = openWindows();
    if (windows.length === 0) leave();
    void Promise.all(windows.map((window) => window.end())).then(leave);
  }

  /** On record only: a test starts the app again by itself. */
  relaunch(options?: RelaunchOptions): void {
    recordCall('app.relaunch', options);
    console.error(`electron stand-in: relaunch ${JSON.stringify(options?.args ?? [])}`);
  }

  /** Called after a window is gone. */
  windowClosed(): void {
    // `exit` closes the windows itself, asks nobody, and keeps its own code.
    if (this.exiting || openWindows().length > 0) return;
    if (this.quitting) this.finishQuit();
    else if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }

  private finishQuit(): void {
    const event = electronEvent({});
    this.emit('will-quit', event);
    if (event.defaultPrevented) {
      this.quitting = false;
      return;
    }
    this.exit(0);
  }

  getPath(name: PathName): string {
    const set = this.paths.get(name);
    if (set !== undefined) return set;
    switch (name) {
      case 'userData':
      case 'sessionData':
        return this.userData();
      case 'logs':
        return join(this.getPath('userData'), 'logs');
      case 'crashDumps':
        return join(this.getPath('userData'), 'Crashpad');
      case 'appData':
        return process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
      case 'home':
        return homedir();
      case 'temp':
        return tmpdir();
      case 'exe':
        return process.execPath;
      default:
        throw missing(`app.getPath('${name}')`);
    }
  }

  setPath(name: string, path: string): void {
    this.paths.set(name, path);
    if (name === 'userData' && !this.paths.has('sessionData')) this.paths.set('sessionData', path);
  }

  setAppLogsPath(path?: string): void {
    this.paths.set('logs', path ?? join(this.getPath('userData'), 'logs'));
  }

  private userData(): string {
    const named = commandLine.getSwitchValue('user-data-dir') || process.env['ATALAYA_USER_DATA'];
    return named ? resolve(named) : join(this.getPath('appData'), this.appName);
  }

  getAppPath(): string {
    return this.appPath;
  }

  getName(): string {
    return this.appName;
  }

  setName(name: string): void {
    this.appName = name;
  }

  /** As in Electron: its own version when the app is a bare script without a package.json. */
  getVersion(): string {
    return this.version;
  }

  getLocale(): string {
    return commandLine.getSwitchValue('lang') || Intl.DateTimeFormat().resolvedOptions().locale;
  }

  getSystemLocale(): string {
    return Intl.DateTimeFormat().resolvedOptions().locale;
  }

  getPreferredSystemLanguages(): string[] {
    return [this.getSystemLocale()];
  }

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    if (this.releaseLock) return true;
    const mine = { argv: process.argv, cwd: process.cwd(), data: additionalData ?? null };
    this.releaseLock = takeLock(this.getPath('userData'), mine, ({ argv, cwd, data }) =>
      this.emit('second-instance', electronEvent({}), argv, cwd, data),
    );
    return this.releaseLock !== undefined;
  }

  releaseSingleInstanceLock(): void {
    this.releaseLock?.();
    this.releaseLock = undefined;
  }

  hasSingleInstanceLock(): boolean {
    return this.releaseLock !== undefined;
  }

  disableHardwareAcceleration(): void {
    commandLine.appendSwitch('disable-gpu');
  }

  enableSandbox(): void {
    recordCall('app.enableSandbox');
  }

  setAppUserModelId(id: string): void {
    recordCall('app.setAppUserModelId', id);
  }

  focus(): void {
    openWindows()[0]?.focus();
  }
}

/** The stand-in's `app`, with what its own parts need beyond the app's view. */
export const appParts = new App();
export const app = strict(appParts, 'app');
