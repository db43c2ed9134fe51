import { hookedShortcut, RIGHT_ALT } from './hooked-key.ts';
import type { NativeMessage } from './native-messages.ts';
import { NATIVE_BEAT_MS } from './native-process.ts';

/*
 * A process of its own for native code: the kiosk outlives whatever happens here. Started with the name of
 * its watcher as its argument; ends with its parent.
 */

/** A key that is held is one press; so long a pause makes it another one, ms. */
const HELD_MS = 1_000;

const send = (message: NativeMessage): void => {
  // Electron's utility process has a port, Node's child process a channel.
  if (process.parentPort !== undefined) process.parentPort.postMessage(message);
  else process.send?.(message);
};

const fail = (): void => {
  send({ type: 'failed' });
  // The message has to leave before the process does.
  setTimeout(() => process.exit(1), 200);
};

const ready = (): void => {
  send({ type: 'ready' });
  setInterval(() => send({ type: 'alive' }), NATIVE_BEAT_MS);
};

const watchKeys = async (): Promise<void> => {
  const { uIOhook } = await import('uiohook-napi');
  const lastMs = new Map<string, number>();
  let rightAlt = false;
  uIOhook.on('keyup', ({ keycode }) => {
    if (keycode === RIGHT_ALT) rightAlt = false;
  });
  uIOhook.on('keydown', (key) => {
    if (key.keycode === RIGHT_ALT) rightAlt = true;
    // Its release may have been somebody else's: without Alt it is not held.
    if (!key.altKey) rightAlt = false;
    const blocked = hookedShortcut({ ...key, rightAlt });
    if (blocked === null) return;
    const now = performance.now();
    const before = lastMs.get(blocked.shortcut) ?? Number.NEGATIVE_INFINITY;
    lastMs.set(blocked.shortcut, now);
    if (now - before > HELD_MS) send({ type: 'press', ...blocked });
  });
  // Throws where there is no display or no permission.
  uIOhook.start();
  ready();
};

const watchUsb = async (): Promise<void> => {
  const { usb } = await import('usb');
  // Rejects where there is no USB; listening there would throw from a timer of the library.
  await usb.getDevices();
  const plugged = () => send({ type: 'plugged' });
  usb.addEventListener('connect', plugged);
  usb.addEventListener('disconnect', plugged);
  ready();
};

process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
if (process.argv.includes('keys')) watchKeys().catch(fail);
else if (process.argv.includes('usb')) watchUsb().catch(fail);
else fail();
