import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { App } from '#server/platform/typed.ts';
import type { KioskSession } from '#server/record/kiosk-session.ts';
import { kioskSocketRoutes } from '#server/record/kiosk-socket.routes.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A socket as the route sees it, and with which codes it was closed. */
const opened = (receive: KioskSession['receive']) => {
  const closed: number[] = [];
  const socket = Object.assign(new EventEmitter(), {
    isPaused: false,
    pause: () => {},
    resume: () => {},
    close: (code: number) => closed.push(code),
  });
  let handle: (socket: unknown, request: unknown) => void = () => {};
  const app = {
    get: (_path: string, _options: unknown, handler: typeof handle) => {
      handle = handler;
    },
  };
  const session = { receive, oversized: () => {}, closed: () => {} };
  kioskSocketRoutes(app as unknown as App, {
    limits: { messagesPerSecond: 50, messageBurst: 200 } as never,
    kiosks: { open: () => session, sweep: () => {} },
    log: () => {},
  });
  handle(socket, { ip: '127.0.0.1' });
  const say = (text: string) => socket.emit('message', Buffer.from(text), false);
  return { say, closed };
};

test('who says nothing, or nothing that is a hello, is closed', async () => {
  for (const text of [null, '{', 'null']) {
    const { say, closed } = opened(() => null);
    if (text !== null) say(text);
    await vi.advanceTimersByTimeAsync(10_100);
    expect(closed).toEqual([4401]);
  }
});

test('who said hello is not closed because the server takes long to answer', async () => {
  const answered = Promise.withResolvers<void>();
  const { say, closed } = opened(() => answered.promise);
  say('hello');
  await vi.advanceTimersByTimeAsync(60_000);
  answered.resolve();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(closed).toEqual([]);
});

test('what lay unread when the time was up is heard first', async () => {
  const { say, closed } = opened(() => Promise.resolve());
  vi.advanceTimersByTime(9_999);
  // In the same turn of the loop: first the timers, then what came in.
  vi.advanceTimersToNextTimer();
  say('hello');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(closed).toEqual([]);
});
