import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tile } from '#shared/wire/dashboard.ts';
import { type DashboardBench, type DashboardPage, SIZES, sharedBench } from './dashboard-page.ts';
import { incident } from './room-data.ts';

const shots = process.env.DASHBOARD_SHOTS;
/** Whatever draws these letters fails. */
const POISON = 'ROMPE';

let bench: DashboardBench;
let visit: DashboardPage;
beforeAll(async () => {
  bench = await sharedBench();
});

/** Plants a fault in the page: no schema lets anything through that breaks a part of it. */
const plant = () =>
  visit.page.evaluate((poison) => {
    const refuse = (text: unknown): void => {
      if (typeof text === 'string' && text.includes(poison)) throw new Error('planted');
    };
    const { setAttribute } = Element.prototype;
    Element.prototype.setAttribute = function (name: string, value: string) {
      refuse(value);
      setAttribute.call(this, name, value);
    };
    const text = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent');
    Object.defineProperty(Node.prototype, 'textContent', {
      ...text,
      set(value: string) {
        refuse(value);
        text?.set?.call(this, value);
      },
    });
    const create = document.createTextNode.bind(document);
    document.createTextNode = (data: string) => {
      refuse(data);
      return create(data);
    };
  }, POISON);

const tileOf = (number: number): Tile => {
  const tile = bench.server.tiles.find((t) => t.attemptId === `attempt-${number}`);
  if (tile === undefined) throw new Error(`no tile ${number}`);
  return tile;
};
const named = (tile: Tile, name: string): Tile => ({
  ...tile,
  examinee: { ...tile.examinee, name },
});
/** Answers of which one row each cannot be drawn. */
const poisoned = ({ setup, privacy, rooms, devices }: DashboardBench['server']) => {
  const { windows, sessions, exams } = setup.answer;
  setup.answer = {
    ...setup.answer,
    windows: windows.map((row, i) => (i === 1 ? { ...row, venue: POISON } : row)),
    sessions: sessions.map((row, i) => (i === 2 ? { ...row, examTitle: POISON } : row)),
    exams: exams.map((row, i) => (i === 2 ? { ...row, title: POISON } : row)),
  };
  privacy.retention = {
    ...privacy.retention,
    certificates: privacy.retention.certificates.map((row, i) =>
      i === 1 ? { ...row, reason: POISON as never } : row,
    ),
  };
  privacy.attempts = privacy.attempts.map((row, i) => (i === 1 ? { ...row, name: POISON } : row));
  devices.words = { label: POISON, oldVersion: POISON };
  const [room] = rooms;
  if (room === undefined) throw new Error('no room');
  bench.server.rooms = [room, { ...room, id: 'room-2' as typeof room.id, name: POISON }];
};
const shot = async (what: string) => {
  if (shots === undefined) return;
  for (const size of SIZES) {
    await visit.page.setViewportSize(size);
    await visit.page.screenshot({ path: join(shots, `broken-${what}-${size.width}.png`) });
  }
};

describe.each(['es', 'en'] as const)('a part that fails, in %s', (locale) => {
  beforeEach(async () => {
    visit = await bench.open();
    await visit.enterRoom();
    if (locale === 'en') await visit.page.getByRole('button', { name: 'English' }).click();
    await plant();
  });
  const words = locale === 'es' ? 'No se puede mostrar' : 'Cannot be shown';

  it('is shown as broken at its seat, the room stands, and it comes back', async () => {
    const healthy = tileOf(4);
    bench.server.frame({ tiles: [named(healthy, `${POISON} Ana`)] });
    const broken = visit.page.locator('[data-broken=tile]');
    await broken.waitFor();
    expect(await broken.innerText()).toContain(words);
    expect(await broken.innerText()).toContain(healthy.seat);
    expect(await visit.page.locator('button[data-attempt-id]').count()).toBe(28);
    expect(await visit.violations()).toEqual([]);
    await shot(`tile-${locale}`);
    await visit.page.getByText(locale === 'es' ? 'Lista' : 'List', { exact: true }).click();
    await visit.page.locator('[data-broken=row]').waitFor();
    expect(await visit.page.locator('tbody tr').count()).toBe(29);
    await shot(`row-${locale}`);
    bench.server.frame({ tiles: [healthy] });
    await visit.page.locator('[data-broken=row]').waitFor({ state: 'detached' });
    expect(await visit.page.locator('[data-broken]').count()).toBe(0);
  });

  it('leaves the orders of a panel and the other incidents', async () => {
    const made = incident('attempt-3', 'clipboard', Date.now(), {
      objection: `${POISON} no fui yo`,
      copyAttempt: 1,
    });
    bench.server.frame({ incidents: [made] });
    await visit.tile(3).click();
    await visit.panel().locator('[data-broken=line]').waitFor();
    const orders = locale === 'es' ? /Enviar un mensaje|Mensaje/ : /message/i;
    await visit.panel().getByRole('button', { name: orders }).first().waitFor();
    await shot(`panel-${locale}`);
  });
});

describe.each(['es', 'en'] as const)('a row that fails, in %s', (locale) => {
  const words = locale === 'es' ? 'No se puede mostrar' : 'Cannot be shown';

  it.each([
    ['enrolment’s dates, sessions and exams', '#/identity/setup', 3],
    ['certificates', '#/identity/certificates', 1],
    ['rooms', '#/', 1],
    ['builds that are allowed, and that run', '#/devices/builds', 2],
  ])('is one row of the desk: %s', async (_name, address, parts) => {
    visit = await bench.open();
    bench.server.role = 'coordinator';
    poisoned(bench.server);
    await visit.arrive('#/devices');
    if (locale === 'en') await visit.page.getByRole('button', { name: 'English' }).click();
    await plant();
    await visit.page.evaluate((there) => {
      location.hash = there;
    }, address);
    await visit.page
      .locator('[data-broken]')
      .nth(parts - 1)
      .waitFor();
    expect(await visit.page.locator('[data-broken]').count()).toBe(parts);
    expect(await visit.page.locator('[data-broken]').first().innerText()).toContain(words);
    // Its neighbours are there.
    expect(
      await visit.page.locator('tbody tr:not([data-broken]), main section').count(),
    ).toBeGreaterThan(0);
    expect(await visit.page.locator('[data-broken=screen]').count()).toBe(0);
    await shot(`desk-${parts}-${locale}`);
  });

  it('is one attempt of those that may be held', async () => {
    visit = await bench.open();
    bench.server.role = 'coordinator';
    poisoned(bench.server);
    await visit.arrive('#/identity/retention');
    if (locale === 'en') await visit.page.getByRole('button', { name: 'English' }).click();
    await plant();
    const hold = locale === 'es' ? /^Retener intentos de/ : /^Hold attempts of/;
    await visit.page.getByRole('button', { name: hold }).first().click();
    const dialog = visit.page.getByRole('dialog');
    expect(await dialog.locator('[data-broken=line]').innerText()).toContain(words);
    expect(await dialog.locator('[data-broken]').count()).toBe(1);
    await dialog.getByText('Andrade Ponce Lucía').waitFor();
    await shot(`hold-${locale}`);
  });
});
