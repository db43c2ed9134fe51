import type { ForkNative } from '#electron/sensors/native/native-process.ts';

/** Native processes that a test speaks for. */
export const fakeNative = () => {
  let tell = (_: unknown): void => undefined;
  let exit = (): void => undefined;
  const state = { started: 0, ended: 0, watchers: [] as string[] };
  const fork: ForkNative = (watcher) => {
    state.started += 1;
    state.watchers.push(watcher);
    return {
      onMessage: (listener) => {
        tell = listener;
      },
      onExit: (listener) => {
        exit = listener;
      },
      end: () => {
        state.ended += 1;
      },
    };
  };
  return { fork, state, tell: (message: unknown) => tell(message), exit: () => exit() };
};
