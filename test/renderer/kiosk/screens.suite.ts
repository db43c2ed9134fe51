import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { axeViolations, WORDS } from '#test/support/axe.ts';
import {
  type KioskHarness,
  type KioskPage,
  SIZES,
  SMALL,
  sharedHarness,
} from './harness/kiosk-page.ts';
import { bringAbout, STATES } from './states.ts';

/** A page is at rest within this time after its window changed, ms. */
const REST_MS = 2_000;

describe('looks', () => {
  /** Set to a folder to keep a picture of every state (for people who look at the design). */
  const shots = process.env.KIOSK_SHOTS;

  let harness: KioskHarness;
  beforeAll(async () => {
    harness = await sharedHarness();
    if (shots !== undefined) await mkdir(shots, { recursive: true });
  });

  /** What does not fit: a page that scrolls, a control outside the window, words cut off. */
  const misfits = (): string[] => {
    const found: string[] = [];
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > innerWidth) found.push(`page is ${scrollWidth} wide`);
    if (scrollHeight > innerHeight) found.push(`page is ${scrollHeight} high`);
    const scrolls = (element: Element): boolean => {
      for (let up = element.parentElement; up !== null; up = up.parentElement) {
        if (up.scrollHeight > up.clientHeight && getComputedStyle(up).overflowY === 'auto')
          return true;
      }
      return false;
    };
    for (const control of document.querySelectorAll(
      'button, input, textarea, header *, footer *',
    )) {
      const { left, top, right, bottom, width } = control.getBoundingClientRect();
      if (width === 0 || scrolls(control)) continue;
      if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) {
        found.push(`outside: ${control.outerHTML.slice(0, 120)}`);
      }
    }
    for (const element of document.querySelectorAll('body *')) {
      const { overflowX } = getComputedStyle(element);
      const cut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 8;
      if (
        cut &&
        overflowX !== 'visible' &&
        !element.closest('.visually-hidden, svg, [aria-hidden=true]')
      ) {
        found.push(`cut: ${element.outerHTML.slice(0, 120)}`);
      }
    }
    return found;
  };

  /** What nobody can get to where there is little room: beside the window, or cut off; what scrolls down is within reach. */
  const lost = (): string[] => {
    const found: string[] = [];
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > innerWidth) found.push(`page is ${scrollWidth} wide`);
    if (scrollHeight > innerHeight) found.push(`page is ${scrollHeight} high`);
    for (const control of document.querySelectorAll('button, input, textarea, h1, h2, p, label')) {
      const { left, right, width, height } = control.getBoundingClientRect();
      if (width < 2 || height < 2 || control.closest('.visually-hidden, [aria-hidden=true]'))
        continue;
      if (left < -1 || right > innerWidth + 1)
        found.push(`beside: ${control.outerHTML.slice(0, 120)}`);
    }
    for (const element of document.querySelectorAll('body *')) {
      const { overflowY } = getComputedStyle(element);
      const cut = element.scrollHeight > element.clientHeight + 2 && element.clientHeight > 8;
      if (
        cut &&
        overflowY === 'hidden' &&
        !element.closest('.visually-hidden, svg, [aria-hidden=true]')
      )
        found.push(`cut: ${element.outerHTML.slice(0, 120)}`);
    }
    return found;
  };

  /** What moves to its new place has arrived; what moves for ever is not waited for. */
  const settled = async (): Promise<void> => {
    await new Promise((done) => requestAnimationFrame(done));
    const moving = document
      .getAnimations()
      .filter((one) => one.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(moving.map((one) => one.finished));
  };

  /** Buttons and choices of the kiosk that are smaller than a finger needs. */
  const smallTargets = (): string[] =>
    [
      ...document.querySelectorAll(
        'main button, footer button, [role=dialog] button, fieldset label',
      ),
    ]
      .filter((target) => {
        const { width, height } = target.getBoundingClientRect();
        return width > 0 && (height < 43.5 || width < 43.5);
      })
      .map((target) => target.outerHTML.slice(0, 120));

  /** What is wrong once the page has come to rest: what is drawn a frame later on a busy machine is no fault. */
  const atRest = async (page: Page, measure: () => string[]): Promise<string[]> => {
    const until = performance.now() + REST_MS;
    let found = await page.evaluate(measure);
    while (found.length > 0 && performance.now() < until) found = await page.evaluate(measure);
    return found;
  };

  describe.each(['es', 'en'] as const)('screens in %s', (locale) => {
    let kiosk: KioskPage;
    beforeAll(async () => {
      kiosk = await harness.open({ locale, clock: true });
    });
    beforeEach(() => kiosk.restart());
    afterAll(() => kiosk?.page.context().close());

    test.each(STATES)('$name', async (state) => {
      const { page } = kiosk;
      await bringAbout(kiosk, state);
      // What fits the smaller screen in both languages and the larger one in one of them fits there too.
      for (const size of locale === 'es' || shots !== undefined ? SIZES : SIZES.slice(0, 1)) {
        await page.setViewportSize(size);
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
        if (shots !== undefined) {
          const name = `${state.name}-${locale}-${size.width}.png`;
          await page.screenshot({ path: join(shots, name) });
        }
        expect.soft(await atRest(page, misfits), `fits ${size.width}x${size.height}`).toEqual([]);
      }
      expect.soft(await page.evaluate(smallTargets), 'targets of 44 px').toEqual([]);
      for (const { width, height, text } of SMALL) {
        await page.setViewportSize({ width, height });
        await page.evaluate((size) => {
          document.documentElement.style.setProperty('--text-size', String(size / 100));
          return new Promise((done) => requestAnimationFrame(done));
        }, text);
        await page.evaluate(settled);
        if (shots !== undefined) {
          await page.screenshot({
            path: join(shots, `${state.name}-${locale}-${width}-${text}.png`),
          });
        }
        expect.soft(await atRest(page, lost), `fits ${width}x${height} at ${text} %`).toEqual([]);
      }
      await page.evaluate(() => document.documentElement.style.removeProperty('--text-size'));
      await page.setViewportSize(SIZES[0]);
      expect(kiosk.faults).toEqual([]);
      // With the language nothing changes but the words.
      const scope = locale === 'es' ? {} : { only: WORDS };
      expect.soft(await axeViolations(page, scope), 'axe').toEqual([]);
    });
  });

  test('who was shut out finds the place to disagree without looking for it', async () => {
    const kiosk = await harness.open();
    const voided = STATES.find(({ name }) => name === 'closed-copy-attempts');
    if (voided === undefined) throw new Error('no such state');
    await bringAbout(kiosk, voided);
    await kiosk.page.setViewportSize(SIZES[0]);
    const footer = await kiosk.page.locator('footer').boundingBox();
    const places = kiosk.page.getByRole('button', { name: 'No estoy de acuerdo' });
    expect(await places.count()).toBe(2);
    for (const place of await places.all()) {
      const box = await place.boundingBox();
      expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(footer?.y ?? 0);
    }
    await kiosk.page.context().close();
  });
});
