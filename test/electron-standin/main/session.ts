import { EventEmitter } from 'node:events';
import type { Session as ElectronSession, WebContents } from 'electron';
import { asElectron, electronEvent, guardEvents } from '#test/electron-standin/events.ts';
import { originOf, protocol, toElectron } from '#test/electron-standin/main/protocol.ts';
import type { PermissionAsk } from '#test/electron-standin/page/messages.ts';
import { recordCall } from '#test/electron-standin/recorder.ts';
import { missing, strict } from '#test/electron-standin/strict.ts';

type RequestHandler = Parameters<ElectronSession['setPermissionRequestHandler']>[0];
type DisplayMediaHandler = Parameters<ElectronSession['setDisplayMediaRequestHandler']>[0];
type CheckHandler = Parameters<ElectronSession['setPermissionCheckHandler']>[0];
type Permission = Parameters<NonNullable<RequestHandler>>[1];

class Session
  extends EventEmitter
  implements
    Pick<
      ElectronSession,
      | 'setPermissionRequestHandler'
      | 'setPermissionCheckHandler'
      | 'setDevicePermissionHandler'
      | 'setDisplayMediaRequestHandler'
      | 'setSpellCheckerEnabled'
      | 'setUSBProtectedClassesHandler'
      | 'setBluetoothPairingHandler'
      | 'isPersistent'
      | 'resolveProxy'
    >
{
  readonly protocol = protocol;
  private requestHandler: RequestHandler = null;
  private checkHandler: CheckHandler = null;
  private displayMediaHandler: DisplayMediaHandler = null;

  constructor() {
    super();
    guardEvents(this, 'session', {
      fires: ['will-download'],
      quiet: [
        'extension-loaded',
        'file-system-access-restricted',
        'select-hid-device',
        'select-serial-port',
        'select-usb-device',
      ],
    });
  }

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.requestHandler = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.checkHandler = handler;
  }

  setDevicePermissionHandler(handler: unknown): void {
    recordCall('session.setDevicePermissionHandler', handler !== null);
  }

  setDisplayMediaRequestHandler(handler: DisplayMediaHandler): void {
    this.displayMediaHandler = handler;
  }

  setSpellCheckerEnabled(enable: boolean): void {
    recordCall('session.setSpellCheckerEnabled', enable);
  }

  setUSBProtectedClassesHandler(handler: unknown): void {
    recordCall('session.setUSBProtectedClassesHandler', handler !== null);
  }

  setBluetoothPairingHandler(handler: unknown): void {
    recordCall('session.setBluetoothPairingHandler', handler !== null);
  }

  /** The kiosk's own connections go out from Node here, without any proxy. */
  async resolveProxy(_url: string): Promise<string> {
    return 'DIRECT';
  }

  isPersistent(): boolean {
    return true;
  }

  /**
   * What the app's handlers say to a page that asks. Without handlers Electron grants everything.
   *
   * @param chromiumUrl the page's address as Chromium has it.
   */
  async decide(contents: object, ask: PermissionAsk, chromiumUrl: string): Promise<boolean> {
    const permission = ask.permission as Permission;
    const isMedia = permission === 'media' || permission === 'display-capture';
    const origin = originOf(chromiumUrl);
    const requestingUrl = toElectron(chromiumUrl);
    if (ask.how === 'check') {
      if (!this.checkHandler) return true;
      return this.checkHandler(asElectron<WebContents>(contents), permission, origin, {
        isMainFrame: true,
        requestingUrl,
        securityOrigin: origin,
        ...(isMedia ? { mediaType: ask.mediaTypes[0] ?? 'unknown' } : {}),
      });
    }
    if (permission === 'display-capture') return this.decideDisplay(ask, origin);
    const { requestHandler } = this;
    if (!requestHandler) return true;
    const details = { isMainFrame: true, requestingUrl };
    return new Promise((resolve) => {
      requestHandler(
        asElectron<WebContents>(contents),
        permission,
        resolve,
        isMedia ? { ...details, mediaTypes: [...ask.mediaTypes], securityOrigin: origin } : details,
      );
    });
  }

  /** Without a handler, and for a handler that names a screen, this is Chromium's own business. */
  private decideDisplay(ask: PermissionAsk, securityOrigin: string): Promise<boolean> {
    const { displayMediaHandler } = this;
    if (!displayMediaHandler) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      const videoRequested = ask.mediaTypes.includes('video');
      const audioRequested = ask.mediaTypes.includes('audio');
      const request = { frame: null, securityOrigin, videoRequested, audioRequested };
      displayMediaHandler({ ...request, userGesture: true }, (streams) => {
        if (streams === null || Object.keys(streams).length === 0) resolve(false);
        else reject(missing('a screen that is given to a page'));
      });
    });
  }

  /** @returns whether the app lets it happen. */
  askDownload(url: string, filename: string, contents: object): boolean {
    const event = electronEvent({});
    const item = strict(
      {
        getURL: () => toElectron(url),
        getFilename: () => filename,
        cancel: () => event.preventDefault(),
      },
      'DownloadItem',
    );
    this.emit('will-download', event, item, contents, null);
    return !event.defaultPrevented;
  }
}

/** The one session that the stand-in has. */
export const defaultSession = new Session();
export const session = strict(
  { defaultSession: strict(defaultSession, 'session.defaultSession') },
  'session',
);
