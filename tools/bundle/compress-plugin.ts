import { readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = new Set(['.js', '.css', '.svg']);
/** Smaller ones fit into one packet as they are. */
const LEAST_BYTES = 1_400;

/**
 * Leaves each large text file of the build compressed beside itself (`.br`), for the server to send
 * (`server/platform/pages.ts`). The vision files come with theirs already (`tools/bundle/prepare-vision.ts`).
 */
export const compressed = (): Plugin => ({
  name: 'atalaya-compressed',
  apply: 'build',
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle)) {
      if (dir === undefined || !name.startsWith('assets/') || !TEXT.has(extname(name))) continue;
      const bytes = readFileSync(join(dir, name));
      if (bytes.length < LEAST_BYTES) continue;
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes, { params }));
    }
  },
});
