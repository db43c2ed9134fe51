import { join } from 'node:path';
import { utilityProcess } from 'electron';
import type { ForkNative } from '#electron/sensors/native/native-process.ts';

/**
 * Native watchers as Electron's utility processes, which end with the program and need no Node mode of it.
 * @param folder where the bundle `native-watch.cjs` is.
 */
export const forkNativeFrom =
  (folder: string): ForkNative =>
  (watcher) => {
    const child = utilityProcess.fork(join(folder, 'native-watch.cjs'), [watcher], {
      serviceName: `atalaya-${watcher}`,
      stdio: 'ignore',
    });
    return {
      onMessage: (listener) => {
        child.on('message', listener);
      },
      onExit: (listener) => {
        child.on('exit', listener);
      },
      end: () => {
        child.kill();
      },
    };
  };
