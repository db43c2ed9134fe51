import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/**
 * Takes away whatever nobody holds, and lets finalizers run. What was looked up through a weak reference in this
 * turn of the loop is held until its end, so it starts with a new one.
 */
export const collectGarbage = async (): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve));
  gc();
  await new Promise((resolve) => setImmediate(resolve));
};
