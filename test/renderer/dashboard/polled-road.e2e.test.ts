import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoCredentials } from '#server/demo/demo.ts';
import { type ServerProcess, startServerProcess } from '#test/fault/server-process.ts';
import { enrol, openKiosk, signIn } from '#test/protocol-client/kiosk.ts';
import { newKey } from '#test/protocol-client/ledger.ts';
import { bySocket } from '#test/protocol-client/roads.ts';
import { PRODUCT } from '#test/support/exam/product-build.ts';
import { layRoomData } from '#test/support/exam/room-data.ts';
import { type PickyProxy, startPickyProxy } from '#test/support/picky-proxy.ts';
import { launchArgs, windowlessChromiumPath } from '#tools/chromium.ts';

const folder = mkdtempSync(join(tmpdir(), 'atalaya-polled-'));
let credentials: DemoCredentials;
let server: ServerProcess;
let proxy: PickyProxy;
let browser: Browser;
beforeAll(async () => {
  const data = join(folder, 'data');
  const demo = { examinees: 10, enrolmentCodes: 2, identityCheck: 'by-hand' } as const;
  credentials = await layRoomData(data, demo);
  server = await startServerProcess(data, ['--pages', PRODUCT.pages]);
  proxy = await startPickyProxy(server.url);
  proxy.upgrades = 'refuse';
  browser = await chromium.launch({
    executablePath: windowlessChromiumPath(),
    args: [...launchArgs],
  });
});
afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('behind a proxy that refuses sockets the room is live, and what changes arrives', async () => {
  const page = await browser.newPage({ locale: 'es-EC' });
  const proctor = credentials.staff.find(({ role }) => role === 'proctor');
  await page.goto(`${proxy.origin}/dashboard/`);
  await page.getByRole('textbox', { name: 'Usuario' }).fill(proctor?.user ?? '');
  await page.getByRole('textbox', { name: 'Contraseña' }).fill(proctor?.password ?? '');
  await page.getByRole('button', { name: 'Ingresar' }).click();
  const link = page.locator('[data-link]');
  await expect.poll(() => link.textContent()).toBe('En vivo');
  // By requests, because the sockets were refused.
  expect(proxy.seen.some((line) => /^UPGRADE .*rooms/.test(line))).toBe(true);
  expect(proxy.seen.some((line) => /^POST .*frames/.test(line))).toBe(true);

  const key = newKey();
  const device = await enrol(server.url, credentials.enrolmentCodes[0] ?? '', key, 'PC-01');
  const { document = '', accessCode = '' } = credentials.examinees[0] ?? {};
  const signedIn = await signIn(server.url, device, document, accessCode);
  const kiosk = await openKiosk(server.url, device, key, signedIn, bySocket);
  await kiosk.connect();
  await kiosk.prepare(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
  const tile = page.locator(`[data-attempt-id="${kiosk.attemptId}"]`);
  await expect.poll(() => tile.getAttribute('data-state')).toBe('waiting');
  await kiosk.start();
  await expect.poll(() => tile.getAttribute('data-state')).toBe('in-progress');
  kiosk.disconnect();
  expect(await link.textContent()).toBe('En vivo');
});
