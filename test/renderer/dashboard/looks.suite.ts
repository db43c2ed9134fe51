import { beforeAll, describe, expect, it } from 'vitest';
import { type DashboardBench, NARROW, SIZES, sharedBench } from './dashboard-page.ts';
import { fortyRoom, roomSummary, seatMap } from './room-data.ts';

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

const inBothSchemes = <T>(sizes: readonly T[]) =>
  sizes.flatMap((size) => (['light', 'dark'] as const).map((scheme) => ({ size, scheme })));

describe.each(inBothSchemes([...SIZES, ...NARROW]))(
  '$size.width x $size.height, $scheme',
  ({ size, scheme }) => {
    it('has no accessibility violation and nothing sticks out: log-in, room, panel, timeline', async () => {
      const visit = await bench.open({ size, scheme });
      await visit.goto();
      await visit.page.getByLabel('Usuario').waitFor();
      expect(await visit.page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(
        scheme,
      );
      const look = async (what: string, asksRules = true) => {
        expect(await visit.overflow(), what).toEqual([]);
        expect(await visit.smallTargets(), what).toEqual([]);
        if (asksRules) expect(await visit.violations(), what).toEqual([]);
      };
      // Log-in and timeline look alike in every window: once per variant saves a quarter of the time.
      const first = size === SIZES[0];
      await look('log-in', first);
      await visit.signIn();
      await visit.tile(1).waitFor();
      expect(await visit.cutOff('header h1')).toEqual([]);
      await look('room');
      await visit.tile(7).click();
      await visit.panel().getByRole('button', { name: 'Desestimar…' }).waitFor();
      expect(await visit.cutOff('main button:not([data-attempt-id]), header button')).toEqual([]);
      await look('panel');
      await visit.panel().getByText('Cronología').click();
      await visit.panel().getByText('Empezó el examen: 60 minutos').waitFor();
      await look('timeline', first);
      await visit.page.keyboard.press('Escape');
      await visit.panel().waitFor({ state: 'detached' });
      expect(await visit.tile(7).evaluate((tile) => tile === document.activeElement)).toBe(true);
      await visit.page.getByText('Lista', { exact: true }).click();
      await visit.page.getByRole('columnheader', { name: 'Examinado' }).waitFor();
      await look('list', first);
      expect(visit.faults).toEqual([]);
    });
  },
);

describe.each(inBothSchemes(SIZES))('$size.width x $size.height, $scheme', ({ size, scheme }) => {
  it('shows forty tiles without scrolling', async () => {
    const visit = await bench.open({ size, scheme });
    const forty = fortyRoom(Date.now());
    bench.server.rooms = [roomSummary(Date.now(), forty.map)];
    bench.server.tiles = [...forty.tiles];
    await visit.enterRoom();
    const last = await visit.tile(40).boundingBox();
    expect(last).not.toBeNull();
    expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(size.height);
    expect(await visit.overflow()).toEqual([]);
  });
});

describe('a room of six rows', () => {
  it('shows thirty tiles on a small screen without scrolling', async () => {
    const visit = await bench.open();
    const map = seatMap(6, 6, 3);
    const [first, ...tiles] = bench.server.tiles;
    if (first === undefined) throw new Error('no tile');
    bench.server.rooms = [roomSummary(Date.now(), map)];
    bench.server.tiles = [first, ...tiles].map((tile, i) => ({
      ...tile,
      seat: map.seats[i]?.label ?? '?',
    }));
    await visit.enterRoom();
    const { bottom, right } = await visit.page
      .locator('[data-seat=F5]')
      .evaluate((seat) => seat.getBoundingClientRect());
    expect(bottom).toBeLessThanOrEqual(SIZES[0].height);
    expect(right).toBeLessThanOrEqual(SIZES[0].width);
    expect(await visit.overflow()).toEqual([]);
  });
});

describe('language', () => {
  it('is complete in English too, and kept for the next visit', async () => {
    const visit = await bench.open();
    await visit.goto();
    await visit.page.getByRole('button', { name: 'English' }).click();
    await visit.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await visit.page.locator('html').getAttribute('lang')).toBe('en');
    await visit.signIn();
    await visit.tile(7).click();
    await visit.panel().getByText('Disagrees with a copy attempt').waitFor();
    await visit.panel().getByText('Timeline').click();
    await visit.panel().getByText('The exam began: 60 minutes').waitFor();
    const text = await visit.page.evaluate(() => document.body.innerText);
    expect(text).toContain('Front of the room');
    expect(text).not.toMatch(/Puesto|Intento de copia|Sin conexión|En curso/);
    expect(text).not.toMatch(/\b[a-z]+\.[a-z-]+\.[a-zA-Z-]+\b|\{\{/);
    expect(await visit.violations()).toEqual([]);
    await visit.page.reload();
    await visit.page.getByText('Front of the room').waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('changes colours by hand, with sound off until it is wanted', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    await visit.page.getByRole('button', { name: 'Usar colores oscuros' }).click();
    expect(await visit.page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    const sound = visit.page.locator('[data-sound]');
    expect(await sound.getAttribute('data-sound')).toBe('false');
    await sound.click();
    expect(await sound.getAttribute('data-sound')).toBe('true');
    await visit.page.reload();
    await visit.tile(1).waitFor();
    expect(await sound.getAttribute('data-sound')).toBe('true');
    expect(await visit.page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
    expect(visit.faults).toEqual([]);
  });
});
