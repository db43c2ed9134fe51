import { offlinePages } from './offline-pages.ts';
import type { ToServiceWorker } from './page-messages.ts';

declare const self: ServiceWorkerGlobalScope;
/** Written in by the build (`tools/bundle/offline-start-plugin.ts`). */
declare const __ATALAYA_OFFLINE__: { readonly version: string; readonly files: readonly string[] };

const pages = offlinePages({
  ...__ATALAYA_OFFLINE__,
  scope: self.registration.scope,
  caches: self.caches,
  newerComes: () => {
    const { installing, waiting } = self.registration;
    return [installing, waiting].some((worker) => worker !== null && worker !== self.serviceWorker);
  },
  fetch: (address, init) =>
    self.fetch(typeof address === 'string' ? address : (address as Request), init),
});

self.addEventListener('install', (event) => event.waitUntil(pages.install()));
self.addEventListener('activate', (event) =>
  event.waitUntil(pages.tidy().then(() => self.clients.claim())),
);
self.addEventListener('fetch', (event) => {
  const answer = pages.answer(event.request);
  if (answer !== null) event.respondWith(answer);
});
self.addEventListener('message', (event) => {
  const message = event.data as ToServiceWorker;
  if (message.type === 'hold') event.waitUntil(pages.hold(message.version));
  else if (message.type === 'release') event.waitUntil(pages.release());
  else if (message.type === 'take-over') event.waitUntil(self.skipWaiting());
});
