import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import en from '#assets/locales/en/install.json' with { type: 'json' };
import es from '#assets/locales/es/install.json' with { type: 'json' };
import { chromeOsPolicies } from '#renderer/install/chromeos-policies.ts';
import { type ServerProcess, startServerProcess } from '#test/fault/server-process.ts';
import { axeViolations } from '#test/support/axe.ts';
import { PRODUCT } from '#test/support/exam/product-build.ts';
import { layRoomData } from '#test/support/exam/room-data.ts';
import { see } from '#test/support/see.ts';
import { launchArgs, windowlessChromiumPath } from '#tools/chromium.ts';

/** Set to a folder to keep a picture of the page (for people who look at the design). */
const shots = process.env.INSTALL_SHOTS;
const SIZES = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
  { width: 800, height: 600 },
] as const;

let server: ServerProcess;
let folder: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-install-'));
  await layRoomData(folder, { examinees: 1 });
  server = await startServerProcess(folder, ['--pages', PRODUCT.pages]);
  browser = await chromium.launch({
    executablePath: windowlessChromiumPath(),
    args: [...launchArgs],
  });
  if (shots !== undefined) await mkdir(shots, { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const problems: string[] = [];
beforeEach(async () => {
  await context?.close();
  context = await browser.newContext({ viewport: SIZES[0] });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  page = await context.newPage();
  problems.length = 0;
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${server.url}/instalar`);
  await page.getByRole('heading', { level: 1, name: es.heading }).waitFor();
});

describe.each([
  ['es', es],
  ['en', en],
] as const)('in %s', (locale, words) => {
  beforeEach(async () => {
    if (locale === 'en') await page.getByText('English').click();
    await page.getByRole('heading', { level: 1, name: words.heading }).waitFor();
  });

  test('is accessible, fits, and keeps to itself', async () => {
    await page.getByText(words.checks.secure.ok).waitFor();
    expect(await page.evaluate(() => [document.documentElement.lang, document.title])).toEqual([
      locale,
      words.title,
    ]);
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, `${size.width}`).toBeLessThanOrEqual(0);
      if (shots === undefined) continue;
      await page.screenshot({
        path: join(shots, `install-${locale}-${size.width}.png`),
        fullPage: true,
      });
    }
    expect(await axeViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('says how this browser stands', async () => {
    const lines = page.locator('[data-outcome]');
    await see(lines).toHaveCount(10);
    const outcome = (name: string) => lines.filter({ hasText: name }).getAttribute('data-outcome');
    expect(await outcome(words.checks.secure.name)).toBe('ok');
    expect(await outcome(words.checks.session.name)).toBe('mild');
    expect(await outcome(words.checks.camera.name)).toBe('failed');
    expect(await outcome(words.checks.offline.name)).toBe('mild');
  });
});

test('copies the policies with this server’s address', async () => {
  await page.getByRole('button', { name: `${es.copy}: ${es.blocks.policies}` }).click();
  await see(page.getByRole('button', { name: `${es.copy}: ${es.blocks.policies}` })).toHaveText(
    es.copied,
  );
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(copied)).toEqual(chromeOsPolicies(server.url).kioskSession);
});

test('once the exam was opened here, it is ready to start without a connection', async () => {
  const kiosk = await context.newPage();
  await kiosk.goto(`${server.url}/kiosk/`);
  await kiosk.evaluate(async () => void (await navigator.serviceWorker.ready));
  await kiosk.close();
  await page.getByRole('button', { name: es.browser.again }).click();
  await see(page.getByText(es.checks.offline.ok)).toBeVisible();
});
