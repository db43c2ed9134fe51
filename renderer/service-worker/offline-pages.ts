/**
 * How the kiosk's page starts without a network. Pure of the worker's globals, so that it is tested by
 * itself; `service-worker.ts` wires it to them.
 */
export interface OfflinePages {
  /** Fetches every file of this version; a version that misses one is not installed. */
  install(): Promise<void>;
  /** Removes what other versions left, but for the one that an open attempt holds. While a newer one comes, it is that one's to do. */
  tidy(): Promise<void>;
  /** Until `release`, also over restarts and newer workers, the page and its files are those of this version. */
  hold(version: string): Promise<void>;
  release(): Promise<void>;
  /** The answer to a request; null leaves it to the browser. */
  answer(request: AskedRequest): Promise<Response> | null;
}

/** What of a request decides. */
export interface AskedRequest {
  readonly method: string;
  readonly mode: string;
  readonly url: string;
}

export interface OfflinePagesDeps {
  /** Origin and scope of the pages, ending with a slash. */
  readonly scope: string;
  /** Of this build: a hash over `files` and their content. */
  readonly version: string;
  /** Addresses relative to the scope. */
  readonly files: readonly string[];
  readonly caches: CacheStorage;
  /** Whether a newer version is being installed, or waits. */
  readonly newerComes: () => boolean;
  readonly fetch: (address: string | AskedRequest, init?: RequestInit) => Promise<Response>;
}

const PREFIX = 'atalaya-kiosk-';
/** Not a version: remembers over restarts which one an open attempt holds. */
const NOTES = 'atalaya-notes';
/** The page is asked of the network first, but nobody waits longer than this for it, ms. */
const PATIENCE_MS = 3_000;

/** Rules: the page comes from the network where there is one, except during an attempt; its files from the cache. */
export const offlinePages = (deps: OfflinePagesDeps): OfflinePages => {
  const { scope, caches } = deps;
  const cacheName = `${PREFIX}${deps.version}`;
  const address = (file: string): string => new URL(file, scope).href;
  const files = new Set(deps.files.map(address));
  const page = address('kiosk/index.html');
  const pageAddresses = new Set([page, address('kiosk/')]);
  /** Where files of any version lie. */
  const places = ['assets/', 'vision/'].map(address);
  const heldNote = address('held');

  /** Looks without opening: that would make a cache anew which was removed in between. */
  const kept = (cacheName: string, url: string): Promise<Response | undefined> =>
    caches.match(url, { cacheName });

  const heldCache = async (): Promise<string | null> => {
    const note = await kept(NOTES, heldNote);
    const name = note === undefined ? null : `${PREFIX}${await note.text()}`;
    return name !== null && (await caches.has(name)) ? name : null;
  };

  const tidy = async (): Promise<void> => {
    if (deps.newerComes()) return;
    const keep = new Set([cacheName, await heldCache()]);
    const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && !keep.has(name));
    await Promise.all(old.map((name) => caches.delete(name)));
  };

  const fromNetwork = async (request: AskedRequest): Promise<Response> => {
    const response = await deps.fetch(request.url, {
      cache: 'no-cache',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    // A captive portal or a failing proxy answers too, and is not the kiosk.
    if (!response.ok || response.redirected) throw new Error(`HTTP ${response.status}`);
    return response;
  };

  const openPage = async (request: AskedRequest): Promise<Response> => {
    const held = await heldCache();
    const stored = await kept(held ?? cacheName, page);
    if (stored !== undefined && held !== null) return stored;
    try {
      return await fromNetwork(request);
    } catch (failure) {
      if (stored !== undefined) return stored;
      throw failure;
    }
  };

  const openFile = async (request: AskedRequest, plain: string): Promise<Response> => {
    const held = await heldCache();
    for (const name of [held, cacheName]) {
      if (name === null) continue;
      const stored = await kept(name, plain);
      if (stored !== undefined) return stored;
    }
    return deps.fetch(request);
  };

  return {
    install: async () => {
      const cache = await caches.open(cacheName);
      await Promise.all(
        [...files].map(async (file) => {
          const response = await deps.fetch(file, { cache: 'no-cache' });
          if (!response.ok || response.redirected) throw new Error(`${file}: ${response.status}`);
          await cache.put(file, response);
        }),
      );
    },
    tidy,
    hold: async (version) => {
      await (await caches.open(NOTES)).put(heldNote, new Response(version));
    },
    release: async () => {
      await (await caches.open(NOTES)).delete(heldNote);
      await tidy();
    },
    answer: (request) => {
      const { origin, pathname } = new URL(request.url);
      if (request.method !== 'GET') return null;
      const plain = `${origin}${pathname}`;
      if (request.mode === 'navigate') return pageAddresses.has(plain) ? openPage(request) : null;
      const ours = files.has(plain) || places.some((place) => plain.startsWith(place));
      return ours ? openFile(request, plain) : null;
    },
  };
};
