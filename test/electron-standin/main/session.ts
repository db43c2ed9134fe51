import { EventEmitter } from 'node:events';
import type { Session as ElectronSession, WebContents } from 'electron';
import { asElectron, guardEvents } from '#test/electron-standin/events.ts';
import { originOf, protocol, toElectron } from '#test/electron-standin/main/protocol.ts';
import type { PermissionAsk } from '#test/electron-standin/page/messages.ts';
import { recordCall } from '#test/electron-standin/recorder.ts';
import { strict } from '#test/electron-standin/strict.ts';

type RequestHandler = Parameters<ElectronSession['setPermissionRequestHandler']>[0];
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
    >
{
  readonly protocol = protocol;
  private requestHandler: RequestHandler = null;
  private checkHandler: CheckHandler = null;

  constructor() {
    super();
    guardEvents(this, 'session', {
      fires: [],
      quiet: [
        'will-download',
        'extension-loaded',
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

  setDisplayMediaRequestHandler(handler: unknown): void {
    recordCall('session.setDisplayMediaRequestHandler', handler !== null);
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
}

/** The one session that the stand-in has. */
export const defaultSession = new Session();
export const session = strict(
  { defaultSession: strict(defaultSession, 'session.defaultSession') },
  'session',
);
