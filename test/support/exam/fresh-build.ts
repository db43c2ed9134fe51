import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Before the first test of the product: it is built from the sources as they are now, once for all files. */
export default (): void => {
  execFileSync(process.execPath, ['tools/setup.mjs', 'build'], { cwd: root, stdio: 'inherit' });
};
