import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import en from '#assets/locales/en/common.json' with { type: 'json' };
import es from '#assets/locales/es/common.json' with { type: 'json' };
import type { DemoCredentials } from '#server/demo/demo.ts';
import { type ServerProcess, startServerProcess } from '#test/fault/server-process.ts';
import { axeViolations } from '#test/support/axe.ts';
import { PRODUCT } from '#test/support/exam/product-build.ts';
import { layRoomData } from '#test/support/exam/room-data.ts';
import { launchArgs, windowlessChromiumPath } from '#tools/chromium.ts';
import { shippedParts } from '#tools/third-parties/shipped.ts';

/** Set to a folder to keep pictures (for people who look at the design). */
const shots = process.env.ABOUT_SHOTS;
const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1366, height: 768 },
] as const;
const PARTS = shippedParts(join(import.meta.dirname, '../..')).filter(({ variant }) => !variant);

let server: ServerProcess;
let credentials: DemoCredentials;
let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-about-'));
  credentials = await layRoomData(folder, { examinees: 1 });
  server = await startServerProcess(folder, ['--pages', PRODUCT.pages]);
  browser = await chromium.launch({
    executablePath: windowlessChromiumPath(),
    args: [...launchArgs],
  });
  if (shots !== undefined) mkdirSync(shots, { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const openDesk = async (page: Page): Promise<void> => {
  const { user = '', password = '' } = credentials.staff.find((p) => p.role === 'proctor') ?? {};
  await page.getByLabel(/^(Usuario|User name)$/).fill(user);
  await page.getByLabel(/^(Contraseña|Password)$/).fill(password);
  await page.getByRole('button', { name: /^(Ingresar|Sign in)$/ }).click();
  // The header comes anew with the room.
  await page.locator('[data-attempt-id]').first().waitFor();
  await page.locator('header button[aria-haspopup=menu]').click();
};

describe.each([
  ['es', es],
  ['en', en],
] as const)('what the program is made of is told, in %s', (locale, { about, language }) => {
  // One dialog for all three: in the other language its words are others, not where it stands.
  const pages = [
    ['front', async () => {}],
    ['kiosk', async () => {}],
    ['dashboard', openDesk],
  ] as const;
  test.each(locale === 'es' ? pages : pages.slice(0, 1))('on the page %s', async (name, reach) => {
    const page = await browser.newPage({ viewport: SIZES[1], locale: 'es-EC' });
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !url.startsWith('data:')) faults.push(url);
    });
    await page.goto(`${server.url}/${name}/`);
    if (locale === 'en') await page.getByText(language.en, { exact: true }).first().click();
    await reach(page);
    const before = join(shots ?? '', `${name}-door-${locale}.png`);
    if (shots !== undefined) await page.screenshot({ path: before });
    await page.getByText(about.title, { exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator(`[data-works="${PARTS.length}"]`).waitFor();
    for (const text of [about.thanks, about.own, about.licences])
      await dialog.getByText(text, { exact: true }).waitFor();
    // A font, a model and a runtime, each with its notice when somebody asks.
    for (const part of ['@fontsource-variable/inter', 'libuiohook', '@mediapipe/tasks-vision']) {
      const { notice = '' } = PARTS.find((one) => one.name === part) ?? {};
      const line = dialog.locator('details', { hasText: part }).first();
      await line.locator('summary').click();
      expect(await line.locator('pre').textContent()).toBe(notice);
      await line.locator('summary').click();
    }
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const path = join(shots ?? '', `${name}-${locale}-${size.width}.png`);
      if (shots !== undefined) await page.screenshot({ path });
      const wide = await dialog.evaluate((box) => box.scrollWidth - box.clientWidth);
      expect(wide).toBeLessThanOrEqual(1);
    }
    // The words alone are others in another language.
    if (locale === 'es') expect(await axeViolations(page, { within: '[role=dialog]' })).toEqual([]);
    await dialog.getByRole('button', { name: about.close }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await page.close();
  });
});

test('without an answer it says so, and the page stands', async () => {
  const page = await browser.newPage({ viewport: SIZES[1], locale: 'es-EC' });
  await page.route('**/third-parties.json', (route) => route.abort());
  await page.goto(`${server.url}/front/`);
  await page.getByText(es.about.title, { exact: true }).click();
  await page.getByRole('dialog').getByText(es.about.none).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.close();
});
