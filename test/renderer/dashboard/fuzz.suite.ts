import type { Page } from '@playwright/test';
import type { TSchema } from 'typebox';
import { beforeAll, describe, expect, it } from 'vitest';
import { check } from '#shared/kernel/schema.ts';
import {
  type AttemptDetail,
  AttemptDetailSchema,
  ServerToDashboardSchema,
  type Tile,
  TileSchema,
} from '#shared/wire/dashboard.ts';
import {
  BuildsResponseSchema,
  DeviceDetailResponseSchema,
  DevicesResponseSchema,
} from '#shared/wire/devices.ts';
import {
  DeletionCertificateSchema,
  EnrolmentListSchema,
  KeptAttemptsSchema,
  RetentionSchema,
} from '#shared/wire/enrolment.ts';
import { RoomsResponseSchema } from '#shared/wire/http.ts';
import { IdentitySetupSchema } from '#shared/wire/identity-setup.ts';
import { amount, patience, RUN, SEED } from '#test/fuzz/amount.ts';
import { fitting, type Random, randomOf, spoiled } from '#test/fuzz/from-schema.ts';
import { said, someEntries, variant } from '#test/fuzz/messages.ts';
import { type DashboardBench, type DashboardPage, sharedBench } from './dashboard-page.ts';

const FRAMES = amount(800);
/** Frames between two looks at the page. */
const AT_ONCE = 200;
const DETAILS = amount(4);
const ENTRIES = 60;
const ROUNDS = amount(2);

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

/** The page is there and no part of it is broken. */
const stands = async (visit: DashboardPage, what: string): Promise<void> => {
  const found = await visit.page.evaluate(() => ({
    drawn: (document.querySelector('#root')?.textContent ?? '').length,
    broken: [...document.querySelectorAll('[data-broken]')].map((part) => part.outerHTML),
    polluted: 'polluted' in {},
  }));
  expect(found.broken, `${what}; ${RUN}`).toEqual([]);
  expect(found.drawn, `${what}; ${RUN}`).toBeGreaterThan(20);
  expect(found.polluted).toBe(false);
  expect(visit.faults, `${what}; ${RUN}`).toEqual([]);
};

const frameOf = (random: Random): unknown => {
  const type = random() < 0.97 ? 'frame' : random() < 0.5 ? 'more' : 'snapshot';
  const frame = fitting(variant(ServerToDashboardSchema, type), random);
  return random() < 0.2 ? spoiled(frame, random) : frame;
};

describe('whatever the schemas let through, and what they do not', () => {
  it(
    `${FRAMES} messages of a room: it stands, and the next good one is shown`,
    async () => {
      const random = randomOf(SEED);
      const visit = await bench.open();
      await visit.enterRoom();
      const [known] = bench.server.tiles;
      if (known === undefined) throw new Error('no tile');
      let fits = 0;
      for (let n = 0; n < FRAMES; n += AT_ONCE) {
        const frames = Array.from({ length: Math.min(AT_ONCE, FRAMES - n) }, () => frameOf(random));
        for (const frame of frames) {
          if (check(ServerToDashboardSchema, frame).ok) fits += 1;
          bench.server.raw(JSON.stringify(frame) ?? '');
        }
        const name = `Marca ${n}`;
        bench.server.frame({ tiles: [{ ...known, examinee: { ...known.examinee, name } }] });
        await visit.page.getByText(name, { exact: true }).first().waitFor();
        await stands(visit, `messages ${n} on`);
        // As a plan and as a list.
        const other = (n / AT_ONCE) % 2 === 0 ? 'Lista' : 'Plano';
        await visit.page.getByText(other, { exact: true }).click();
        await stands(visit, `${other} after ${n}`);
      }
      expect(fits).toBeGreaterThan(FRAMES * 0.6);
      expect(fits).toBeLessThan(FRAMES);
    },
    patience(20_000),
  );

  it(
    `${DETAILS} attempts of ${ENTRIES} entries: panel and timeline stand`,
    async () => {
      const random = randomOf(SEED + 1);
      const visit = await bench.open({ ownPage: true });
      let detail: unknown = null;
      await visit.page.route('**/api/attempts/*', (route) => route.fulfill({ json: detail }));
      await visit.enterRoom();
      for (let n = 0; n < DETAILS; n += 1) {
        const known = bench.server.tiles[(n % 27) + 1];
        if (known === undefined) throw new Error('no tile');
        const { attemptId, seat } = known;
        const tile = { ...(fitting(TileSchema, random) as Tile), attemptId, seat };
        const whole = {
          ...(fitting(AttemptDetailSchema, random) as AttemptDetail),
          tile,
          entries: someEntries(random, attemptId, ENTRIES),
        };
        expect(check(AttemptDetailSchema, whole).ok).toBe(true);
        detail = n % 3 === 2 ? spoiled(whole, random) : whole;
        bench.server.frame({ tiles: [tile] });
        await visit.page.evaluate((id) => {
          location.hash = location.hash.replace(/(\/room\/[^/]+\/[^/]+).*/, `$1/${id}`);
        }, attemptId);
        const answered = visit.page.waitForResponse(`**/api/attempts/${attemptId}`);
        await answered;
        await visit.panel().waitFor();
        await stands(visit, `panel ${n}`);
        const timeline = visit.panel().getByText('Cronología', { exact: true });
        await timeline.click();
        for (const more of await visit.panel().getByRole('switch').all()) await more.click();
        await stands(visit, `timeline ${n}`);
        await visit.panel().getByText('Ahora', { exact: true }).click();
      }
    },
    patience(20_000),
  );

  it(
    `${ROUNDS} rounds of every other screen, each with answers of its own`,
    async () => {
      const random = randomOf(SEED + 2);
      const visit = await bench.open({ ownPage: true });
      bench.server.role = 'coordinator';
      const answers: readonly (readonly [RegExp, TSchema])[] = [
        [/\/api\/devices$/, DevicesResponseSchema],
        [/\/api\/devices\/[^/]+$/, DeviceDetailResponseSchema],
        [/\/api\/builds$/, BuildsResponseSchema],
        [/\/api\/enrolments\?/, EnrolmentListSchema],
        [/\/api\/identity-settings$/, IdentitySetupSchema],
        [/\/api\/retention$/, RetentionSchema],
        [/\/api\/retention\/[^/]+\/attempts$/, KeptAttemptsSchema],
        [/\/api\/certificates\/[^/]+$/, DeletionCertificateSchema],
        [/\/api\/rooms$/, RoomsResponseSchema],
      ];
      let asked = 0;
      for (const [address, schema] of answers) {
        await visit.page.route(address, (route) => {
          asked += 1;
          return route.fulfill({ json: said(schema, random) ?? {} });
        });
      }
      await visit.arrive('#/devices');
      const screens = [
        '/devices',
        '/devices/device/device-1',
        '/devices/builds',
        '/identity',
        '/identity/people',
        '/identity/setup',
        '/identity/retention',
        '/identity/certificates',
        '/',
      ];
      for (let n = 0; n < ROUNDS; n += 1) {
        for (const screen of screens) {
          await show(visit.page, screen);
          await stands(visit, `${screen}, round ${n}`);
        }
      }
      expect(asked).toBeGreaterThanOrEqual(ROUNDS * 6);
    },
    patience(20_000),
  );
});

/** Goes to a screen of the page that is open, and lets its answers come. */
const show = async (page: Page, screen: string): Promise<void> => {
  await page.evaluate((address) => {
    location.hash = address;
  }, screen);
  await page.waitForLoadState('networkidle');
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
};
