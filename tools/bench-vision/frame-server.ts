import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { prepareVision } from '#tools/bundle/prepare-vision.ts';
import type { ClipSource } from './clip-source.ts';

/** As strict as the product's own: the worker must not need more here than there. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; img-src data: blob:";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

export interface FrameServer {
  readonly origin: string;
  /** Serves a clip's frames. @returns their address, to be followed by the frame's number. */
  addClip(source: ClipSource): string;
  removeClip(address: string): void;
  /** Serves a picture. @returns its address. */
  addPicture(file: string): string;
  close(): Promise<void>;
}

/** Builds the bench's page with the product's own vision code and serves it with the clips' frames. */
export const startFrameServer = async (): Promise<FrameServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'atalaya-bench-vision-'));
  const page = join(folder, 'page');
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'page'),
    base: './',
    publicDir: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: page, emptyOutDir: true, target: 'chrome140', assetsInlineLimit: 0 },
  });
  const vision = await prepareVision();
  const clips = new Map<string, ClipSource>();
  const pictures = new Map<string, string>();
  let given = 0;

  const sendFile = async (response: ServerResponse, file: string): Promise<void> => {
    try {
      const bytes = await readFile(file);
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      response
        .writeHead(200, { 'content-type': type, 'content-security-policy': POLICY })
        .end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  };
  const sendFrame = (response: ServerResponse, source: ClipSource, index: number): void => {
    const frame = source.frame(index);
    if (frame) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(frame);
    else response.writeHead(204).end();
  };
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const frame = /^\/(clips\/\d+\/)(\d+)$/.exec(path);
    const source = clips.get(`./${frame?.[1]}`);
    const picture = pictures.get(`.${path}`);
    if (source) sendFrame(response, source, Number(frame?.[2]));
    else if (picture !== undefined) void sendFile(response, picture);
    else if (path.startsWith('/vision/'))
      void sendFile(response, join(vision.folder, path.slice(8)));
    else void sendFile(response, join(page, path === '/' ? 'index.html' : path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');

  return {
    origin: `http://127.0.0.1:${address.port}`,
    addClip: (source) => {
      const place = `./clips/${++given}/`;
      clips.set(place, source);
      return place;
    },
    removeClip: (place) => {
      clips.delete(place);
    },
    addPicture: (file) => {
      const place = `./pictures/${++given}`;
      pictures.set(place, file);
      return place;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
