import type { createBridge } from '#test/electron-standin/page/bridge.ts';
import type { createCodec } from '#test/electron-standin/page/codec.ts';
import type {
  KeyQuestion,
  MainMessage,
  PageMessage,
} from '#test/electron-standin/page/messages.ts';

/** What the main process fixes before the page exists. */
export interface PreloadSettings {
  readonly eventName: string;
  readonly binding: string;
  readonly receiver: string;
  /** Where a synchronous request reaches the main process. */
  readonly questionPath: string;
  readonly platform: string;
  readonly versions: Record<string, string>;
  readonly argv: readonly string[];
}

/**
 * Runs in an isolated world of the page before any page script: what Electron gives a sandboxed,
 * context-isolated preload. The page gets its source text, so it may use nothing from outside of
 * itself but its parameters.
 *
 * @param runPreload the bundled preload script in a CommonJS wrapper.
 */
export function preloadWorld(
  bridge: typeof createBridge,
  codecMaker: typeof createCodec,
  settings: PreloadSettings,
  runPreload: (require: unknown, process: unknown, module: unknown, exports: unknown) => void,
): void {
  if (window !== window.top) return;
  type Listener = (event: object, ...args: unknown[]) => void;
  interface Waiting {
    resolve(value: never): void;
    reject(error: Error): void;
  }
  const globals = globalThis as unknown as Record<string, (text: string) => void>;
  const codec = codecMaker();
  const tell = (message: PageMessage): void => globals[settings.binding]?.(JSON.stringify(message));
  const missing = (name: string): Error =>
    new Error(`electron stand-in: ${name} is not covered in a preload script.`);

  let lastId = 0;
  let keysWanted = false;
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, { listener: Listener; once: boolean }[]>();
  const wait = <T>(): { id: number; promise: Promise<T> } => {
    lastId += 1;
    const id = lastId;
    const promise = new Promise<T>((resolve, reject) => waiting.set(id, { resolve, reject }));
    return { id, promise };
  };
  const take = (id: number): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    return found;
  };

  const deliver = (channel: string, args: unknown[]): void => {
    const event = { sender: ipcRenderer, ports: [] };
    for (const entry of [...(listeners.get(channel) ?? [])]) {
      if (entry.once) ipcRenderer.removeListener(channel, entry.listener);
      entry.listener(event, ...args);
    }
  };
  const add = (channel: string, listener: Listener, once: boolean): typeof ipcRenderer => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, once }]);
    return ipcRenderer;
  };
  const ipcRenderer = {
    send: (channel: string, ...args: unknown[]): void =>
      tell({ t: 'send', url: location.href, channel, args: codec.encode(args) }),
    invoke: (channel: string, ...args: unknown[]): Promise<unknown> => {
      const text = codec.encode(args);
      const { id, promise } = wait<unknown>();
      tell({ t: 'invoke', url: location.href, id, channel, args: text });
      return promise;
    },
    on: (channel: string, listener: Listener) => add(channel, listener, false),
    addListener: (channel: string, listener: Listener) => add(channel, listener, false),
    once: (channel: string, listener: Listener) => add(channel, listener, true),
    removeListener: (channel: string, listener: Listener) => {
      const kept = (listeners.get(channel) ?? []).filter((entry) => entry.listener !== listener);
      listeners.set(channel, kept);
      return ipcRenderer;
    },
    off: (channel: string, listener: Listener) => ipcRenderer.removeListener(channel, listener),
    removeAllListeners: (channel?: string) => {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return ipcRenderer;
    },
    listenerCount: (channel: string): number => listeners.get(channel)?.length ?? 0,
  };

  globals[settings.receiver] = (text) => {
    const message = JSON.parse(text) as MainMessage;
    switch (message.t) {
      case 'deliver':
        return deliver(message.channel, codec.decode(message.args) as unknown[]);
      case 'invoked':
        return take(message.id)?.resolve(codec.decode(message.value) as never);
      case 'failed':
        return take(message.id)?.reject(new Error(message.message));
      case 'permitted':
        return take(message.id)?.resolve(message.granted as never);
      case 'keys':
        keysWanted = message.wanted;
    }
  };

  const worlds = bridge(settings.eventName, 'preload', () => {});
  worlds.offer('services', {
    permission: (
      permission: string,
      mediaTypes: ('video' | 'audio')[],
      how: 'check' | 'request',
    ) => {
      const { id, promise } = wait<boolean>();
      tell({ t: 'permission', url: location.href, id, ask: { permission, mediaTypes, how } });
      return promise;
    },
    windowOpen: (target: string, frameName: string, features: string) =>
      tell({ t: 'window-open', target, frameName, features }),
  });
  const exposed = new Set<string>();
  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown): void => {
      if (exposed.has(key)) {
        throw new Error('Cannot bind an API on top of an existing property on the window object');
      }
      exposed.add(key);
      worlds.offer(`expose:${key}`, api);
    },
  };

  // The main process says what a key does before the page sees it, so the page has to stand still
  // until it has. A pause in the debugger would too, but drops the keys that arrive meanwhile.
  const askAboutKey = (question: KeyQuestion): boolean => {
    const request = new XMLHttpRequest();
    try {
      request.open('POST', settings.questionPath, false);
      request.send(JSON.stringify(question));
      return request.responseText === 'prevent';
    } catch {
      tell({ t: 'unasked-key', key: question });
      return false;
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    if (!event.isTrusted || !keysWanted) return;
    const { key, code, repeat, isComposing, location: place } = event;
    const modifiers = [
      ...(event.shiftKey ? ['shift'] : []),
      ...(event.ctrlKey ? ['control'] : []),
      ...(event.altKey ? ['alt'] : []),
      ...(event.metaKey ? ['meta'] : []),
      ...(repeat ? ['isautorepeat'] : []),
    ];
    const prevented = askAboutKey({
      type: event.type === 'keydown' ? 'keyDown' : 'keyUp',
      key,
      code,
      isAutoRepeat: repeat,
      isComposing,
      shift: event.shiftKey,
      control: event.ctrlKey,
      alt: event.altKey,
      meta: event.metaKey,
      location: place,
      modifiers,
    });
    if (!prevented) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', onKey, true);
  window.addEventListener('keyup', onKey, true);

  // Chromium's own shortcuts (new tab, print, developer tools, history...) do not exist in an
  // Electron window without a menu. The page has seen the key by now.
  const isBrowserShortcut = (event: KeyboardEvent): boolean => {
    const key = event.key.toLowerCase();
    if (event.ctrlKey && event.shiftKey) return 'bcdeijmnoptw'.includes(key) || key === 'tab';
    if (event.ctrlKey) {
      return 'bdefghjklnoprstuw0123456789+-='.includes(key) || ['tab', 'f4', 'f5'].includes(key);
    }
    if (event.altKey) return ['arrowleft', 'arrowright', 'home', 'd', 'e', 'f'].includes(key);
    return /^f([1356789]|1[0-2])$/.test(key) || key.startsWith('browser');
  };
  window.addEventListener('keydown', (event) => {
    if (isBrowserShortcut(event)) event.preventDefault();
  });

  // Links that open a window of their own: ask main without letting Chromium open one.
  window.addEventListener('click', (event) => {
    const link = event.composedPath().find((item) => item instanceof HTMLAnchorElement);
    if (!link?.href || event.defaultPrevented) return;
    const own = ['', '_self', '_top', '_parent'].includes(link.target);
    if (own && !event.ctrlKey && !event.shiftKey && !event.metaKey) return;
    event.preventDefault();
    tell({ t: 'window-open', target: link.href, frameName: link.target, features: '' });
  });

  // Makes Chromium ask before the window goes, which is how main gets to emit 'close' first.
  // The same event comes with a navigation, and then nobody is to be asked.
  let navigating = false;
  const { navigation } = window as unknown as { navigation?: EventTarget };
  navigation?.addEventListener('navigate', () => {
    navigating = true;
    setTimeout(() => {
      navigating = false;
    }, 0);
  });
  window.addEventListener('beforeunload', (event) => {
    if (!navigating) event.preventDefault();
  });

  const modules: Record<string, object> = {
    electron: new Proxy(
      { contextBridge, ipcRenderer },
      {
        get(target, name) {
          if (name in target) return Reflect.get(target, name);
          throw missing(`electron.${String(name)}`);
        },
      },
    ),
  };
  modules['electron/renderer'] = modules['electron'] ?? {};
  const require = (name: string): object => {
    const found = modules[name];
    if (!found) throw new Error(`module not found: ${name}`);
    return found;
  };
  const process = {
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    isMainFrame: true,
    platform: settings.platform,
    versions: settings.versions,
    argv: settings.argv,
  };
  try {
    const module = { exports: {} };
    runPreload(require, process, module, module.exports);
    tell({ t: 'preload-done' });
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    tell({ t: 'preload-error', message, stack: stack ?? '' });
  }
}
