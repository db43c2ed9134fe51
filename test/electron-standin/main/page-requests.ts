import type { EventEmitter } from 'node:events';
import type {
  WebContents as ElectronWebContents,
  IpcMainInvokeEvent,
  WebFrameMain,
} from 'electron';
import type { PageSession } from '#test/electron-standin/chromium/page-session.ts';
import { asElectron, electronEvent } from '#test/electron-standin/events.ts';
import { ipcMainParts } from '#test/electron-standin/main/ipc-main.ts';
import { originOf, toElectron } from '#test/electron-standin/main/protocol.ts';
import { defaultSession } from '#test/electron-standin/main/session.ts';
import { createCodec } from '#test/electron-standin/page/codec.ts';
import type { PageMessage } from '#test/electron-standin/page/messages.ts';
import { missing, strict } from '#test/electron-standin/strict.ts';

type WindowOpenHandler = Parameters<ElectronWebContents['setWindowOpenHandler']>[0];
type Message<T extends PageMessage['t']> = Extract<PageMessage, { t: T }>;

/** The contents that a page belongs to, as the app sees them. */
export interface Contents extends EventEmitter {
  send(channel: string, ...args: unknown[]): void;
  getURL(): string;
  isDestroyed(): boolean;
}

/** Where a page's message comes from. */
export interface Origin {
  readonly contents: Contents;
  readonly page: PageSession;
  readonly openHandler: WindowOpenHandler | undefined;
}

const codec = createCodec();

/** Does what a page asks of the main process, and answers it where it waits. */
export async function answerPage(message: PageMessage, origin: Origin): Promise<void> {
  const { contents } = origin;
  switch (message.t) {
    case 'send':
      return receive(message, contents);
    case 'invoke':
      return invoke(message, origin);
    case 'permission': {
      const granted = await defaultSession.decide(contents, message.ask, message.url);
      return origin.page.deliver({ t: 'permitted', id: message.id, granted });
    }
    case 'window-open':
      return askToOpen(message, origin);
    case 'unasked-key': {
      const event = electronEvent({});
      contents.emit('before-input-event', event, message.key);
      if (!event.defaultPrevented) return;
      throw missing(`preventDefault of before-input-event in a page at ${contents.getURL()}`);
    }
    case 'preload-error': {
      const error = Object.assign(new Error(message.message), { stack: message.stack });
      console.error('electron stand-in: the preload script failed:', error);
      contents.emit('preload-error', electronEvent({}), '', error);
    }
  }
}

/** The main frame of a page. @param url as Chromium has it. */
export function makeFrame(url: string, contents: Contents): WebFrameMain {
  const frame = {
    url: toElectron(url),
    origin: originOf(url),
    name: '',
    parent: null,
    frameTreeNodeId: 1,
    routingId: 1,
    processId: 1,
    detached: false,
    isDestroyed: () => contents.isDestroyed(),
    send: (channel: string, ...args: unknown[]) => contents.send(channel, ...args),
    get top() {
      return frame;
    },
  };
  return asElectron<WebFrameMain>(strict(frame, 'webFrameMain'));
}

function place(url: string, sender: Contents): object {
  return { frameId: 1, processId: 1, type: 'frame', sender, senderFrame: makeFrame(url, sender) };
}

function receive({ channel, args: text, url }: Message<'send'>, contents: Contents): void {
  const args = codec.decode(text) as unknown[];
  const reply = (to: string, ...rest: unknown[]): void => contents.send(to, ...rest);
  const event = electronEvent({ ...place(url, contents), reply, ports: [] });
  contents.emit('ipc-message', event, channel, ...args);
  ipcMainParts.emit(channel, event, ...args);
}

async function invoke(message: Message<'invoke'>, { contents, page }: Origin): Promise<void> {
  const { id, channel } = message;
  try {
    const event = asElectron<IpcMainInvokeEvent>(electronEvent(place(message.url, contents)));
    const args = codec.decode(message.args) as unknown[];
    const result = await ipcMainParts.run(channel, event, args);
    page.deliver({ t: 'invoked', id, value: codec.encode(result) });
  } catch (error) {
    const text = `Error invoking remote method '${channel}': ${error}`;
    page.deliver({ t: 'failed', id, message: text });
  }
}

function askToOpen(message: Message<'window-open'>, { contents, openHandler }: Origin): void {
  const { frameName, features } = message;
  const referrer = { url: contents.getURL(), policy: 'strict-origin-when-cross-origin' } as const;
  const url = toElectron(message.target);
  const disposition = features === '' ? 'foreground-tab' : 'new-window';
  const decision = openHandler?.({ url, frameName, features, disposition, referrer });
  if (decision?.action === 'deny') return;
  throw missing(`a second window (window.open of ${url} was not denied)`);
}
