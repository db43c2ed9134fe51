import { check } from '#shared/kernel/schema.ts';
import { type NativeMessage, NativeMessageSchema } from './native-messages.ts';
import type { ForkNative, NativeWatcher } from './native-process.ts';

/** Between the end of a native process and the next one, ms: doubled each time up to the last. */
const RESTART_MS = { first: 1_000, last: 60_000 } as const;

/** What never got ready is asked again after 16 s at the earliest. */
const NEVER_READY_FAILURES = 4;

/** A process that is not ready by then hangs, ms. */
const READY_MS = 15_000;

/** A native process that is started again when it dies. */
export interface NativeLink {
  /** Idempotent. */
  end(): void;
}

/**
 * Keeps a native process running. One that never got ready cannot watch here and is asked again only
 * rarely; one that dies later is started again soon.
 * @param onState whether it watches now.
 * @param onMessage what it tells, checked; `ready`, `alive` and `failed` included.
 */
export const openNative = (
  fork: ForkNative,
  watcher: NativeWatcher,
  onMessage: (message: NativeMessage) => void,
  onState: (watches: boolean) => void,
): NativeLink => {
  let over = false;
  let failures = 0;
  let endChild = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;

  const again = (): void => {
    if (over) return;
    onState(false);
    const waitMs = Math.min(RESTART_MS.first * 2 ** failures, RESTART_MS.last);
    failures += 1;
    timer = setTimeout(begin, waitMs);
    timer.unref();
  };

  const begin = (): void => {
    let child: ReturnType<ForkNative>;
    try {
      child = fork(watcher);
    } catch {
      again();
      return;
    }
    let wasReady = false;
    // Its end is told by `onExit` like any other.
    const tooLong = setTimeout(() => child.end(), READY_MS);
    endChild = () => {
      clearTimeout(tooLong);
      child.end();
    };
    child.onMessage((message) => {
      const told = check(NativeMessageSchema, message);
      if (over || !told.ok) return;
      if (told.value.type === 'ready') {
        wasReady = true;
        clearTimeout(tooLong);
        failures = 0;
        onState(true);
      }
      onMessage(told.value);
    });
    child.onExit(() => {
      clearTimeout(tooLong);
      // No reason to try again every second where there is no display, no USB, no library.
      if (!wasReady) failures = Math.max(failures, NEVER_READY_FAILURES);
      again();
    });
  };

  begin();
  return {
    end: () => {
      over = true;
      clearTimeout(timer);
      endChild();
    },
  };
};
