import { beforeAll, describe, expect, it } from 'vitest';
import { COLOURS } from '#test/support/axe.ts';
import { type DashboardBench, NARROW, PANEL, SIZES, sharedBench } from './dashboard-page.ts';
import { fortyRoom, roomSummary, seatMap } from './room-data.ts';

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

describe.each(['light', 'dark'] as const)('in %s colours', (scheme) => {
  it('has no accessibility violation and nothing sticks out: log-in, room, panel, timeline, list', async () => {
    const visit = await bench.open({ scheme });
    const look = async (what: string, options?: Parameters<typeof visit.flaws>[1]) =>
      expect(await visit.flaws(scheme, options), what).toEqual([]);
    await visit.goto();
    await visit.page.getByLabel('Usuario').waitFor();
    expect(await visit.page.locator('html').getAttribute('data-mantine-color-scheme')).toBe(scheme);
    await look('log-in');
    await visit.signIn();
    await visit.tile(1).waitFor();
    for (const size of [...SIZES, ...NARROW]) {
      await visit.page.setViewportSize(size);
      expect(await visit.cutOff('header h1'), `${size.width}`).toEqual([]);
    }
    await look('room', { narrow: true });
    await visit.tile(7).click();
    await visit.panel().getByRole('button', { name: 'Desestimar…' }).waitFor();
    for (const size of [...NARROW, ...SIZES.toReversed()]) {
      await visit.page.setViewportSize(size);
      const cut = await visit.cutOff('main button:not([data-attempt-id]), header button');
      expect(cut, `${size.width}`).toEqual([]);
    }
    await look('panel', { narrow: true });
    await visit.panel().getByText('Cronología').click();
    await visit.panel().getByText('Empezó el examen: 60 minutos').waitFor();
    await look('timeline', { within: PANEL });
    await visit.page.keyboard.press('Escape');
    await visit.panel().waitFor({ state: 'detached' });
    expect(await visit.tile(7).evaluate((tile) => tile === document.activeElement)).toBe(true);
    await visit.page.getByText('Lista', { exact: true }).click();
    await visit.page.getByRole('columnheader', { name: 'Examinado' }).waitFor();
    await look('list');
    expect(visit.faults).toEqual([]);
  });
});

describe('a room of forty', () => {
  it.each(SIZES)('shows all tiles without scrolling at $width x $height', async (size) => {
    const visit = await bench.open({ size });
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
    await visit.panel().getByText('Disagrees:').waitFor();
    await visit.panel().getByText('Timeline').click();
    await visit.panel().getByText('The exam began: 60 minutes').waitFor();
    const text = await visit.page.evaluate(() => document.body.innerText);
    expect(text).toContain('Front of the room');
    expect(text).not.toMatch(/Puesto|Intento de copia|Sin conexión|En curso/);
    expect(text).not.toMatch(/\b[a-z]+\.[a-z-]+\.[a-zA-Z-]+\b|\{\{/);
    expect(await visit.violations({ without: COLOURS })).toEqual([]);
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
