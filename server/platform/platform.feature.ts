import { SECOND } from '#shared/kernel/time.ts';
import { feature } from './feature.ts';
import { healthRoutes } from './health.routes.ts';
import { pages } from './pages.ts';
import type { ServerClock } from './ports.ts';
import type { ServerLog } from './server-log.ts';
import { type StorageProbe, storageState } from './storage-state.ts';

export interface PlatformDeps {
  readonly clock: ServerClock;
  /** Folder of the built pages; null serves none. */
  readonly pagesFolder: string | null;
  readonly probe: StorageProbe;
  /** How often the storage is tried, ms; only tests change it. */
  readonly probeMs?: number;
}

/** How often the storage is tried, ms. */
const PROBE_MS = 5 * SECOND;

/** What is there without any feature: the server's clock, its storage's state, and the built pages. */
export const platformFeature = feature(
  'platform',
  (deps: PlatformDeps & { readonly log: ServerLog }) => {
    const storage = storageState(deps);
    return {
      storage,
      routes: async (app) => {
        healthRoutes(app, { clock: deps.clock, storage });
        await pages(app, deps.pagesFolder);
      },
      jobs: [{ name: 'storage', everyMs: deps.probeMs ?? PROBE_MS, run: storage.check }],
    };
  },
);

export type PlatformFeature = Awaited<ReturnType<typeof platformFeature>>;
