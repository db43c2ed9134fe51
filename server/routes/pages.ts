import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { App } from './typed.ts';

/** Files whose names carry a hash of their content never change. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Model files keep their names between versions: asked for again after a day. */
const A_DAY = 'public, max-age=86400';

/** The built pages: `/kiosk/`, `/dashboard/` and what they load. */
export const pages = async (app: App, folder: string | null): Promise<void> => {
  app.get('/', async (_request, reply) => reply.redirect('/dashboard/'));
  if (folder === null || !existsSync(folder)) return;
  await app.register(fastifyStatic, {
    root: folder,
    redirect: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const place = path.slice(folder.length).replaceAll('\\', '/');
      const age = place.startsWith('/assets/')
        ? FOR_EVER
        : place.startsWith('/vision/')
          ? A_DAY
          : 'no-cache';
      reply.header('cache-control', age);
    },
  });
};
