import type { App, BrowserWindow, PowerMonitor } from 'electron';
import type { Stated } from './page-guard.ts';

/** What the ways out of the program lead through. */
export interface WaysOut {
  readonly app: Pick<App, 'on' | 'quit' | 'exit'>;
  readonly window: Pick<BrowserWindow, 'on' | 'isDestroyed' | 'isMinimized' | 'restore' | 'focus'>;
  readonly powerMonitor: Pick<PowerMonitor, 'on'>;
  readonly process: Pick<NodeJS.Process, 'on'>;
  /** Whether the machine is locked for an exam now. */
  readonly locked: () => boolean;
  readonly stated: Stated;
  /** Writes what is to write and gives the machine back. Called once. */
  readonly close: () => Promise<void>;
}

/** What was stated last is on the disk by then, ms. */
const WRITTEN_WITHIN_MS = 250;
/**
 * Longest time that giving the machine back may hold up the system's own shutting down, ms. A slow laptop needs seconds
 * for the hundred settings of a desktop, and each of three tools that hang takes its 5 s before the next step has its
 * turn. A system that waits less (Windows 5 s; a service manager on Linux 90 s) ends the program by itself, and the next
 * start undoes what is left.
 */
const CLOSE_WITHIN_MS = 30_000;

/**
 * While the machine is locked for an exam, closing the window or quitting does nothing but go on record. The
 * system itself may end the program at any time (shutting down, signing out, a signal of its service
 * manager): then everything is written and undone first, and the exam goes on at the next start.
 */
export const watchWaysOut = (ways: WaysOut): void => {
  const { app, window, powerMonitor, stated } = ways;
  let closing: Promise<void> | null = null;
  let closed = false;
  let ending = false;
  const close = (): Promise<void> => {
    const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref());
    closing ??= Promise.race([ways.close(), late])
      .catch((error: unknown) => console.error(error))
      .then(() => {
        closed = true;
      });
    return closing;
  };
  const refuse = (event: { preventDefault(): void }, shortcut: string): void => {
    if (!ways.locked() || ending || closing !== null) return;
    event.preventDefault();
    stated('outside-input', { shortcut });
  };
  window.on('close', (event) => refuse(event, 'close-window'));
  app.on('before-quit', (event) => refuse(event, 'quit'));
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void close().then(() => app.quit());
  });

  const endNow = (action: string): void => {
    if (ending || closing !== null) return;
    ending = true;
    stated('power', { action });
    setTimeout(() => void close().then(() => app.exit(0)), WRITTEN_WITHIN_MS);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    ways.process.on(signal, () => endNow(signal.toLowerCase()));
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    // Linux and macOS wait a little for a program that asks them to.
    event?.preventDefault();
    endNow('shutdown');
  });
  window.on('query-session-end', (event) => {
    event.preventDefault();
    endNow('session-end');
  });
  window.on('session-end', () => endNow('session-end'));

  app.on('second-instance', () => {
    stated('outside-input', { shortcut: 'second-instance' });
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
};
