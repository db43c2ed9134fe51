import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for what several test files share; it goes with the run. */
    scratch: string;
  }
}

/** Around all files of a project: a process of the tests ends without a word, and cannot tidy up itself. */
export default ({ provide }: TestProject): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-tests-'));
  provide('scratch', folder);
  // The programs that tests start are compiled once, not at each start.
  process.env.NODE_COMPILE_CACHE = join(folder, 'compiled');
  return () => rmSync(folder, { recursive: true, force: true });
};
