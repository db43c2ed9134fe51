import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { DemoCredentials } from './server-process.ts';

const root = join(import.meta.dirname, '../..');
const SCREEN_MS = 30_000;

/** Signs the demo's proctor in and waits until the room with its seats is on the screen. */
export const openRoom = async (
  page: Page,
  origin: string,
  credentials: DemoCredentials,
): Promise<void> => {
  const words = JSON.parse(
    readFileSync(join(root, 'assets/locales/es/dashboard/people.json'), 'utf8'),
  );
  const proctor = credentials.staff.find((person) => person.role === 'proctor');
  if (proctor === undefined) throw new Error('The demo has no proctor.');
  await page.goto(`${origin}/dashboard/`);
  await page.getByLabel(words.signIn.user).fill(proctor.user);
  await page.getByLabel(words.signIn.password, { exact: true }).fill(proctor.password);
  await page.keyboard.press('Enter');
  await page.locator('[data-attempt-id]').first().waitFor({ timeout: SCREEN_MS });
};
