import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { App } from './typed.ts';

/** Files whose names carry a hash of their content never change. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Everything else keeps its name between versions: asked for again each time, answered with 304. */
const ASK_AGAIN = 'no-cache';

/** The built pages: `/front/` with a door for everybody, `/kiosk/`, `/dashboard/`, `/enrolment/`, `/install/` and what they load. */
export const pages = async (app: App, folder: string | null): Promise<void> => {
  app.get('/', async (_request, reply) => reply.redirect('/front/'));
  // What administrators and examinees are told by word of mouth.
  app.get('/instalar', async (_request, reply) => reply.redirect('/install/'));
  app.get('/registro', async (_request, reply) => reply.redirect('/enrolment/'));
  if (folder === null || !existsSync(folder)) return;
  await app.register(fastifyStatic, {
    root: folder,
    redirect: true,
    cacheControl: false,
    // The build leaves them beside the large files: a whole room loads 18 MB at the same time.
    preCompressed: true,
    setHeaders: (reply, path) => {
      const place = path.slice(folder.length).replaceAll('\\', '/');
      const age = place.startsWith('/assets/') ? FOR_EVER : ASK_AGAIN;
      reply.header('cache-control', age);
    },
  });
};
