import { type Browser, chromium, type Page } from '@playwright/test';
import type { TSchema } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NoticesSchema } from '#renderer/ui/about/third-party-notices.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  DeletionCertificateSchema,
  EnrolmentSignInResponseSchema,
  EnrolmentStatusSchema,
  KeptDataSchema,
} from '#shared/wire/enrolment.ts';
import { CONTENT_SECURITY_POLICY } from '#shared/wire/page-policy.ts';
import { amount, patience, RUN, SEED } from '#test/fuzz/amount.ts';
import { fitting, pick, randomOf, spoiled } from '#test/fuzz/from-schema.ts';
import { PRODUCT } from '#test/support/exam/product-build.ts';
import { type ServedFolder, serveFolder } from '#test/support/serve-folder.ts';
import { launchArgs, windowlessChromiumPath } from '#tools/chromium.ts';

const VISITS = amount(8);
const NOTICES = amount(6);
const BROWSERS = amount(6);

let pages: ServedFolder;
let browser: Browser;
beforeAll(async () => {
  const names = {
    '/enrolment/': 'enrolment/index.html',
    '/front/': 'front/index.html',
    '/install/': 'install/index.html',
  };
  pages = await serveFolder(PRODUCT.pages, names, CONTENT_SECURITY_POLICY);
  browser = await chromium.launch({
    executablePath: windowlessChromiumPath(),
    args: [...launchArgs],
  });
});
afterAll(async () => {
  await browser?.close();
  await pages?.close();
});

/** A page and what goes wrong in it. */
const open = async (
  path: string,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<{ page: Page; stands: (what: string) => Promise<void> }> => {
  const page = await browser.newPage({ locale: 'es-EC', reducedMotion: 'reduce' });
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (entry) => {
    if (entry.type() === 'error' && !entry.text().includes('Failed to load'))
      faults.push(entry.text());
  });
  await prepare?.(page);
  await page.goto(`${pages.origin}${path}`);
  const stands = async (what: string): Promise<void> => {
    const found = await page.evaluate(() => ({
      broken: [...document.querySelectorAll('[data-broken]')].map((part) => part.outerHTML),
      drawn: document.body.innerText.trim().length,
    }));
    expect(found.broken, `${what}; ${RUN}`).toEqual([]);
    expect(found.drawn, `${what}; ${RUN}`).toBeGreaterThan(20);
    expect(faults, `${what}; ${RUN}`).toEqual([]);
  };
  return { page, stands };
};

test(
  `${VISITS} people at the enrolment's door, whatever the server says of them`,
  async () => {
    const random = randomOf(SEED + 20);
    const { page, stands } = await open('/enrolment/');
    let answer: unknown = null;
    const route = (address: RegExp, schema: TSchema) =>
      page.route(address, (asked) => {
        const value = fitting(schema, random);
        return asked.fulfill({ json: random() < 0.2 ? (spoiled(value, random) ?? {}) : value });
      });
    await page.route(/\/api\/enrolment\/sign-in$/, (asked) => asked.fulfill({ json: answer }));
    await route(/\/api\/enrolment\/me$/, EnrolmentStatusSchema);
    await route(/\/api\/enrolment\/me\/data$/, KeptDataSchema);
    await route(/\/api\/enrolment\/me\/certificates\//, DeletionCertificateSchema);
    let inside = 0;
    for (let n = 0; n < VISITS; n += 1) {
      const whole = fitting(EnrolmentSignInResponseSchema, random);
      const bad = n % 4 === 3;
      answer = bad ? (spoiled(whole, random) ?? {}) : whole;
      await page.getByLabel('Cédula o pasaporte').fill('0912345678');
      await page.getByLabel('Clave de acceso').fill('clave-1234');
      await page.getByRole('button', { name: 'Ingresar', exact: true }).click();
      const leave = page.getByRole('button', { name: 'Salir', exact: true });
      if (!check(EnrolmentSignInResponseSchema, answer).ok) {
        await page.getByRole('alert').first().waitFor();
        await stands(`visit ${n}, refused`);
        continue;
      }
      await page.locator('[data-state]').waitFor();
      await stands(`visit ${n}`);
      inside += 1;
      await page.getByRole('button', { name: 'Mis datos', exact: true }).click();
      await page.waitForLoadState('networkidle');
      await stands(`visit ${n}, data`);
      await leave.click();
    }
    expect(inside).toBeGreaterThan(VISITS / 2);
    await page.close();
  },
  patience(20_000),
);

test(
  `${NOTICES} lists of notices on the front page`,
  async () => {
    const random = randomOf(SEED + 21);
    const { page, stands } = await open('/front/');
    let answer: unknown = null;
    await page.route(/third-parties\.json$/, (asked) => asked.fulfill({ json: answer }));
    for (let n = 0; n < NOTICES; n += 1) {
      const whole = fitting(NoticesSchema, random);
      answer = n % 3 === 2 ? (spoiled(whole, random) ?? {}) : whole;
      await page.getByText('Acerca de Atalaya', { exact: true }).click();
      const told = check(NoticesSchema, answer).ok ? '[data-works]' : '[role=alert]';
      await page.getByRole('dialog').locator(told).waitFor({ state: 'attached' });
      await stands(`notices ${n}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.close();
  },
  patience(20_000),
);

/** What the page for administrators asks of a browser, and answers that browsers do not give. */
const ASKED = [
  ['navigator', 'mediaDevices'],
  ['navigator', 'permissions'],
  ['navigator', 'storage'],
  ['navigator', 'serviceWorker'],
  ['navigator', 'userAgentData'],
  ['navigator', 'keyboard'],
  ['screen', 'isExtended'],
  ['window', 'caches'],
] as const;
const ANSWERS = ['missing', 'null', 'throws', 'refuses', 'nothing', 'odd'] as const;

test(
  `${BROWSERS} browsers that show the page for administrators`,
  async () => {
    const random = randomOf(SEED + 22);
    const show = async (n: number): Promise<void> => {
      const answers = ASKED.flatMap(([owner, name]) =>
        random() < 0.6 ? [{ owner, name, how: pick(random, ANSWERS) }] : [],
      );
      const { page, stands } = await open('/install/', (made) =>
        made.addInitScript((all) => {
          const made = (value: () => unknown): object =>
            new Proxy(() => undefined, {
              get: (_target, key) => (key === 'then' ? undefined : made(value)),
              apply: value,
            });
          const never = new Promise(() => undefined);
          const values: Record<string, () => unknown> = {
            missing: () => undefined,
            null: () => null,
            throws: () => {
              throw new Error('this browser does not say');
            },
            refuses: () =>
              made(() => {
                const refused = Promise.reject(new DOMException('refused', 'NotAllowedError'));
                // Whoever waits for it is asked to listen, not whoever only holds it.
                refused.catch(() => undefined);
                return refused;
              }),
            nothing: () => made(() => never),
            odd: () => 7,
          };
          const owners = { navigator, screen, window };
          for (const { owner, name, how } of all)
            Object.defineProperty(owners[owner], name, {
              get: () => values[how]?.(),
              configurable: true,
            });
        }, answers),
      );
      const what = `browser ${n}: ${JSON.stringify(answers)}`;
      await page.locator('[data-outcome]').nth(9).waitFor();
      await stands(what);
      await page.close();
    };
    // Each page waits for answers that do not come: six wait together.
    for (let n = 0; n < BROWSERS; n += 6)
      await Promise.all(Array.from({ length: Math.min(6, BROWSERS - n) }, (_, i) => show(n + i)));
  },
  patience(20_000),
);
