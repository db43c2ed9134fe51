import { beforeEach, describe, expect, test } from 'vitest';
import { type OfflinePages, offlinePages } from '#renderer/service-worker/offline-pages.ts';

const SCOPE = 'https://examenes.edu.ec/';
const PAGE = `${SCOPE}kiosk/`;
const FILES = ['kiosk/index.html', 'assets/kiosk-1.js', 'vision/model.tflite'];

/** As much of a browser's CacheStorage as the worker uses; it outlives workers. */
class FakeCaches {
  readonly stored = new Map<string, Map<string, Response>>();

  async open(name: string) {
    const cache = this.stored.get(name) ?? new Map<string, Response>();
    this.stored.set(name, cache);
    return {
      match: async (key: string) => cache.get(key)?.clone(),
      put: async (key: string, response: Response) => void cache.set(key, response),
      delete: async (key: string) => cache.delete(key),
    };
  }
  match = async (key: string, { cacheName }: { cacheName: string }) =>
    this.stored.get(cacheName)?.get(key)?.clone();
  has = async (name: string) => this.stored.has(name);
  keys = async () => [...this.stored.keys()];
  delete = async (name: string) => this.stored.delete(name);
}

let caches: FakeCaches;
/** What the network answers to an address; a thrown error is no network. */
let network: (address: string) => Response;
let asked: string[];
let newerComes: boolean;

const version = (name: string, files: readonly string[] = FILES): OfflinePages =>
  offlinePages({
    scope: SCOPE,
    version: name,
    files,
    caches: caches as unknown as CacheStorage,
    newerComes: () => newerComes,
    fetch: async (address) => {
      const url = typeof address === 'string' ? address : address.url;
      asked.push(url);
      return network(url);
    },
  });
const serves = (name: string) => (address: string) => new Response(`${name} ${address}`);
const offline = () => {
  throw new TypeError('no network');
};
const visit = (pages: OfflinePages, url = PAGE, mode = 'navigate', method = 'GET') =>
  pages.answer({ url, mode, method })?.then((response) => response.text()) ?? null;

beforeEach(() => {
  caches = new FakeCaches();
  asked = [];
  newerComes = false;
  network = serves('v1');
});

describe('the page', () => {
  test.each<[string, (address: string) => Response]>([
    ['no network', offline],
    ['a proxy that fails', () => new Response('bad gateway', { status: 502 })],
    [
      'a captive portal that sends elsewhere',
      () => Object.defineProperty(new Response('log in'), 'redirected', { value: true }),
    ],
  ])('with %s it is the kept one', async (_, answer) => {
    const pages = version('1');
    await pages.install();
    network = answer;
    expect(await visit(pages)).toBe(`v1 ${PAGE}index.html`);
    expect(await visit(pages, `${PAGE}index.html`)).toBe(`v1 ${PAGE}index.html`);
  });

  test('with a network it is the server’s', async () => {
    const pages = version('1');
    await pages.install();
    network = serves('v2');
    expect(await visit(pages)).toBe(`v2 ${PAGE}`);
  });

  test('what was never kept fails as it would without a worker', async () => {
    network = offline;
    await expect(visit(version('1'))).rejects.toThrow('no network');
  });
});

describe('files', () => {
  test('come from what is kept, without asking the network', async () => {
    const pages = version('1');
    await pages.install();
    asked = [];
    network = offline;
    const file = `${SCOPE}assets/kiosk-1.js`;
    expect(await visit(pages, file, 'cors')).toBe(`v1 ${file}`);
    expect(asked).toEqual([]);
  });

  test('one that is not kept is asked for', async () => {
    const pages = version('1');
    await pages.install();
    network = serves('v2');
    expect(await visit(pages, `${SCOPE}assets/dashboard-9.js`, 'cors')).toBe(
      `v2 ${SCOPE}assets/dashboard-9.js`,
    );
  });

  test.each([
    [`${SCOPE}api/health`, 'cors', 'GET'],
    [`${SCOPE}dashboard/`, 'navigate', 'GET'],
    [`${SCOPE}kiosk`, 'navigate', 'GET'],
    [`${SCOPE}kiosk/`, 'navigate', 'POST'],
    ['https://other.edu/assets/kiosk-1.js', 'cors', 'GET'],
  ])('%s (%s, %s) is none of the worker’s business', async (url, mode, method) => {
    const pages = version('1');
    await pages.install();
    expect(pages.answer({ url, mode, method })).toBeNull();
  });

  test.each<[string, (address: string) => Response]>([
    [
      'one is missing',
      (address) => new Response('x', { status: address.endsWith('.js') ? 404 : 200 }),
    ],
    [
      'the network goes',
      (address) => (address.endsWith('.tflite') ? offline() : new Response('x')),
    ],
  ])('a version is not installed when %s', async (_, answer) => {
    network = answer;
    await expect(version('1').install()).rejects.toThrow();
  });
});

describe('an open attempt', () => {
  test('keeps page and files of its version, over newer workers and restarts, until it is released', async () => {
    const first = version('1');
    await first.install();
    await first.hold('1');
    network = serves('v2');
    const newer = ['kiosk/index.html', 'assets/kiosk-2.js', 'vision/model.tflite'];
    const second = version('2', newer);
    await second.install();
    await second.tidy();
    expect(await visit(second)).toBe(`v1 ${PAGE}index.html`);
    expect(await visit(second, `${SCOPE}assets/kiosk-1.js`, 'cors')).toBe(
      `v1 ${SCOPE}assets/kiosk-1.js`,
    );
    expect(await visit(second, `${SCOPE}vision/model.tflite`, 'cors')).toContain('v1');

    const restarted = version('2', newer);
    expect(await visit(restarted)).toContain('v1');
    await restarted.release();
    expect(await visit(restarted)).toBe(`v2 ${PAGE}`);
    expect(await caches.keys()).not.toContain('atalaya-kiosk-1');
    expect(await caches.keys()).toContain('atalaya-kiosk-2');
  });

  test('of a version that is not kept holds nothing back', async () => {
    const pages = version('1');
    await pages.install();
    await pages.hold('0');
    network = serves('v2');
    expect(await visit(pages)).toBe(`v2 ${PAGE}`);
  });

  test('without one, older versions go and other caches stay', async () => {
    await caches.open('atalaya-kiosk-0');
    await caches.open('somebody-elses');
    const pages = version('1');
    await pages.install();
    await pages.tidy();
    expect((await caches.keys()).toSorted()).toEqual(['atalaya-kiosk-1', 'somebody-elses']);
  });

  test.each(['release', 'tidy'] as const)(
    'an old worker’s %s takes nothing from the newer version that waits',
    async (act) => {
      const first = version('1');
      await first.install();
      await first.hold('1');
      const second = version('2');
      newerComes = true;
      network = serves('v2');
      await second.install();
      await first[act]();
      newerComes = false;
      network = offline;
      await second.tidy();
      await second.release();
      expect(await caches.keys()).not.toContain('atalaya-kiosk-1');
      expect(await visit(second)).toBe(`v2 ${PAGE}index.html`);
    },
  );

  test('a file that is asked for while its version is removed does not bring the version back', async () => {
    const first = version('1');
    await first.install();
    await first.hold('1');
    const second = version('2');
    await second.install();
    // The question knows the held version, and looks into it once that is gone.
    const has = caches.has;
    caches.has = async (name) => {
      const found = await has(name);
      caches.has = has;
      await second.release();
      return found;
    };
    expect(await visit(second, `${SCOPE}assets/kiosk-1.js`, 'cors')).toContain('v1');
    expect(await caches.keys()).not.toContain('atalaya-kiosk-1');
  });
});
