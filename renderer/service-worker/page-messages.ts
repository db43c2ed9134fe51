/** In the page's head: the version of the files that it was built with. */
export const VERSION_META = 'atalaya-pages';

/** What the kiosk's page tells its service worker. */
export type ToServiceWorker =
  /** An attempt is open: until `release` the page stays the one that it was begun with. */
  | { readonly type: 'hold'; readonly version: string }
  | { readonly type: 'release' }
  /** Nobody is at an exam: a newer version that waits may take over. */
  | { readonly type: 'take-over' };
