import { feature } from './feature.ts';
import { healthRoutes } from './health.routes.ts';
import { pages } from './pages.ts';
import type { ServerClock } from './ports.ts';

export interface PlatformDeps {
  readonly clock: ServerClock;
  /** Folder of the built pages; null serves none. */
  readonly pagesFolder: string | null;
}

/** What is there without any feature: the server's clock, and the built pages. */
export const platformFeature = feature('platform', (deps: PlatformDeps) => ({
  routes: async (app) => {
    healthRoutes(app, deps);
    await pages(app, deps.pagesFolder);
  },
}));
