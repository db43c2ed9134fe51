/** Which watcher a native process is. */
export type NativeWatcher = 'keys' | 'usb';

/** How often a native process says that it works, ms. */
export const NATIVE_BEAT_MS = 2_000;

/** A process of its own with native code in it: what it breaks, it breaks there. */
export interface NativeProcess {
  onMessage(listener: (message: unknown) => void): void;
  /** Also when it could not be started. */
  onExit(listener: () => void): void;
  /** Idempotent. */
  end(): void;
}
export type ForkNative = (watcher: NativeWatcher) => NativeProcess;
