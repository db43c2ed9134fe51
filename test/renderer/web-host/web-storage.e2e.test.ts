import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type CDPSession,
  chromium,
  type Page,
} from '@playwright/test';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchArgs, windowlessChromiumPath } from '#tools/chromium.ts';
import type {} from './storage-page.ts';

/** The longest that anybody may wait for a write that cannot succeed, ms; 1 s by design, and a slow machine. */
const PATIENCE_MS = 2_500;

let server: Server;
let origin: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let devtools: CDPSession;
let publicKey: string;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'storage-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'chrome140',
  });
  const script = outputFiles[0]?.text ?? '';
  server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    executablePath: windowlessChromiumPath(),
    args: [...launchArgs],
  });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  await page.goto(origin);
  devtools = await context.newCDPSession(page);
});

/** A kiosk with three entries. @param quotaSize what the browser gives this page, bytes. */
const open = async (quotaSize?: number): Promise<void> => {
  if (quotaSize !== undefined) {
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  }
  publicKey = await page.evaluate(() => storagePage.open());
  for (const seq of [1, 2, 3]) await append(seq);
};
afterEach(() => context?.close());

const append = (seq: number, padding = 0): Promise<number> =>
  page.evaluate(([n = 0, size = 0]) => storagePage.append(n, size), [seq, padding]);
const stored = () => page.evaluate(() => storagePage.stored());
const expectStored = (count: number) =>
  expect.poll(stored, { timeout: 20_000 }).toEqual(Array.from({ length: count }, (_, i) => i + 1));
const expectWell = () =>
  expect
    .poll(() => page.evaluate(() => storagePage.standing()), { timeout: 20_000 })
    .toEqual({ failing: false, held: 0 });

describe('the storage of a browser kiosk', () => {
  test('that another page deletes gives way, and gets all of it again', async () => {
    await open();
    expect(await page.evaluate(() => storagePage.deleteDatabase())).toBe('deleted');
    expect(await append(4)).toBeLessThan(PATIENCE_MS);
    await expectStored(4);
    await expectWell();
    expect(await page.evaluate(() => storagePage.publicKey())).toBe(publicKey);
  });

  test('whose data are cleared is opened again, with what it had', async () => {
    await open();
    await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    for (const seq of [4, 5, 6]) expect(await append(seq)).toBeLessThan(PATIENCE_MS);
    await expectStored(6);
    await expectWell();
    expect(await page.evaluate(() => storagePage.publicKey())).toBe(publicKey);
  });

  test('that is full holds nobody up, and takes it all when there is room', async () => {
    await open(400_000);
    for (const seq of [4, 5, 6]) expect(await append(seq, 2_000_000)).toBeLessThan(PATIENCE_MS);
    await expect
      .poll(() => page.evaluate(() => storagePage.standing()), { timeout: 10_000 })
      .toMatchObject({ failing: true });
    await devtools.send('Storage.overrideQuotaForOrigin', { origin });
    await expectStored(6);
    await expectWell();
  });
});
