import type { createBridge } from '#test/electron-standin/page/bridge.ts';

/** What the preload's world does for the shims in the page's world. */
export interface Services {
  permission(
    permission: string,
    mediaTypes: ('video' | 'audio')[],
    how: 'check' | 'request',
  ): Promise<boolean>;
  windowOpen(target: string, frameName: string, features: string): void;
}

/**
 * Runs in the page's world before any of its scripts: puts up what the preload exposes, and asks
 * the main process where Chromium itself would not (permissions, new windows). The page gets its
 * source text, so it may use nothing from outside of itself but its parameters.
 *
 * @param bridge the bridge's maker, in source text too.
 * @param eventName the bridge's event name.
 */
export function pageWorld(bridge: typeof createBridge, eventName: string): void {
  if (window !== window.top) return;
  let services: Services | undefined;

  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) {
      for (const item of Object.values(value)) freeze(item);
      Object.freeze(value);
    }
    return value;
  };
  bridge(eventName, 'page', (name, api) => {
    if (name === 'services') services = api as Services;
    else {
      const key = name.slice('expose:'.length);
      Object.defineProperty(window, key, { value: freeze(api), enumerable: true });
    }
  });

  type AnyFunction = (...args: unknown[]) => unknown;
  const denied = (): DOMException => new DOMException('Permission denied', 'NotAllowedError');
  const ask = async (
    permission: string,
    mediaTypes: ('video' | 'audio')[] = [],
  ): Promise<boolean> => (await services?.permission(permission, mediaTypes, 'request')) ?? false;

  /** Replaces one method by one that asks first and fails as a refused permission does. */
  const guard = (
    owner: object | undefined,
    method: string,
    permission: string,
    mediaTypes?: (args: unknown[]) => ('video' | 'audio')[],
    refused?: (args: unknown[]) => unknown,
  ): void => {
    const original = (owner as Record<string, AnyFunction> | undefined)?.[method];
    if (!owner || !original) return;
    Object.defineProperty(owner, method, {
      configurable: true,
      writable: true,
      value: async function guarded(this: unknown, ...args: unknown[]) {
        if (await ask(permission, mediaTypes?.(args))) return original.apply(this, args);
        if (refused) return refused(args);
        throw denied();
      },
    });
  };

  const mediaOf = (args: unknown[]): ('video' | 'audio')[] => {
    const wanted = (args[0] ?? {}) as MediaStreamConstraints;
    return (['video', 'audio'] as const).filter((type) => wanted[type]);
  };
  if (typeof MediaDevices === 'function') {
    guard(MediaDevices.prototype, 'getUserMedia', 'media', mediaOf);
    guard(MediaDevices.prototype, 'getDisplayMedia', 'display-capture', mediaOf);
  }
  if (typeof Notification === 'function') {
    guard(Notification, 'requestPermission', 'notifications', undefined, () => 'denied');
  }
  if (typeof Clipboard === 'function') {
    guard(Clipboard.prototype, 'read', 'clipboard-read');
    guard(Clipboard.prototype, 'readText', 'clipboard-read');
    guard(Clipboard.prototype, 'write', 'clipboard-sanitized-write');
    guard(Clipboard.prototype, 'writeText', 'clipboard-sanitized-write');
  }
  guard(Element.prototype, 'requestFullscreen', 'fullscreen');
  guard(Element.prototype, 'requestPointerLock', 'pointerLock');
  const { keyboard } = navigator as Navigator & { keyboard?: object };
  guard(keyboard && Object.getPrototypeOf(keyboard), 'lock', 'keyboardLock');
  guard(window, 'getScreenDetails', 'window-management');
  if (typeof WakeLock === 'function') guard(WakeLock.prototype, 'request', 'screen-wake-lock');
  for (const method of ['getCurrentPosition', 'watchPosition']) {
    guard(Geolocation.prototype, method, 'geolocation', undefined, (args) => {
      const onError = args[1] as ((error: object) => void) | undefined;
      onError?.({ code: 1, message: 'User denied Geolocation' });
    });
  }

  const PERMISSION_OF_QUERY: Record<string, string> = { camera: 'media', microphone: 'media' };
  const query = Permissions.prototype.query;
  Permissions.prototype.query = async function (descriptor) {
    const status = await query.call(this, descriptor);
    const permission = PERMISSION_OF_QUERY[descriptor.name] ?? descriptor.name;
    const types: ('video' | 'audio')[] = descriptor.name === 'camera' ? ['video'] : [];
    const granted = (await services?.permission(permission, types, 'check')) ?? false;
    Object.defineProperty(status, 'state', { value: granted ? 'granted' : 'denied' });
    return status;
  };

  window.open = (target, frameName, features) => {
    const url = target === undefined || target === '' ? 'about:blank' : String(target);
    services?.windowOpen(new URL(url, document.baseURI).href, frameName ?? '', features ?? '');
    return null;
  };
}
