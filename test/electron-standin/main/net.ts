import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Net } from 'electron';
import { missing, strict } from '#test/electron-standin/strict.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

const isOnline = (): boolean =>
  Object.values(networkInterfaces()).some((list) => list?.some(({ internal }) => !internal));

/** Fetches files and, by Node's own fetch, http addresses. */
export const net = strict(
  {
    fetch: async (input: string | Request, init?: RequestInit): Promise<Response> => {
      const url = typeof input === 'string' ? input : input.url;
      if (/^https?:/.test(url)) return fetch(input, init);
      if (!url.startsWith('file:')) throw missing(`net.fetch of ${url}`);
      const path = fileURLToPath(url);
      try {
        const body = await readFile(path);
        const type = TYPES[extname(path)] ?? 'application/octet-stream';
        return new Response(body, { headers: { 'content-type': type } });
      } catch {
        throw new Error('net::ERR_FILE_NOT_FOUND');
      }
    },
    isOnline,
    get online() {
      return isOnline();
    },
  } satisfies Pick<Net, 'fetch' | 'isOnline' | 'online'>,
  'net',
);
