import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IncidentView, Tile } from '#shared/wire/dashboard.ts';
import { type DashboardBench, type DashboardPage, DIALOG, sharedBench } from './dashboard-page.ts';
import { incident } from './room-data.ts';

let bench: DashboardBench;
let visit: DashboardPage;
beforeAll(async () => {
  bench = await sharedBench();
});
const enter = async () => {
  visit = await bench.open();
  await visit.enterRoom();
};

const tileOf = (number: number): Tile => {
  const tile = bench.server.tiles.find((t) => t.attemptId === `attempt-${number}`);
  if (tile === undefined) throw new Error(`no tile ${number}`);
  return tile;
};
/** A copy attempt of one examinee, as the server tells it: the incident and the tile in one frame. */
const strike = (number: number, count: number): IncidentView => {
  const made = incident(`attempt-${number}`, 'clipboard', Date.now(), {
    copyAttempt: count,
    stills: 1,
    lastedMs: 0,
    agoMs: 0,
  });
  const closed: Partial<Tile> =
    count >= 3
      ? { phase: 'closed', closedBy: 'copy-attempts', endsAt: null, frozenRemainingMs: 900_000 }
      : {};
  bench.server.frame({
    incidents: [made],
    tiles: [{ ...tileOf(number), copyAttempts: count, lastIncident: made, ...closed }],
  });
  return made;
};

describe('plan of the room', () => {
  beforeEach(enter);

  it('puts everybody at their seat, shows the empty ones, the front and the totals', async () => {
    expect(await visit.page.locator('button[data-attempt-id]').count()).toBe(29);
    await visit.page.getByText('Frente del aula').waitFor();
    expect(await visit.page.locator('[data-seat=E6]').textContent()).toContain('Vacío');
    const box = async (number: number) => {
      const found = await visit.tile(number).boundingBox();
      if (found === null) throw new Error(`tile ${number} is not drawn`);
      return found;
    };
    const [a1, a3, a4, b1] = [await box(1), await box(3), await box(4), await box(7)];
    expect(a3.y).toBe(a1.y);
    expect(a4.x - a3.x - a3.width, 'the aisle').toBeGreaterThan(15);
    expect(b1.x).toBe(a1.x);
    expect(b1.y).toBeGreaterThan(a1.y);
    const totals = await visit.page.locator('[data-total]').allTextContents();
    expect(totals.map((text) => text.replace(/\s+/g, ' ').trim())).toEqual([
      '28/29presentes',
      '19en curso',
      '1en pausa',
      '4cerrados',
      '1sin conexión',
      '7por atender',
    ]);
    expect(visit.faults).toEqual([]);
  });

  it('says each state with a word, and keeps red for copy attempts and closed exams', async () => {
    const tones = await visit.page
      .locator('button[data-attempt-id]')
      .evaluateAll((tiles) =>
        tiles.map(
          (t) =>
            [t.getAttribute('data-state'), t.getAttribute('data-tone'), t.textContent] as const,
        ),
      );
    for (const [state, tone, text] of tones) {
      expect(text, String(state)).toMatch(
        /En curso|En pausa|Cerrado|Entregado|Sin tiempo|Aún no llega|En espera|Encuadra|Lee normas|Revisa equipo/,
      );
      if (tone === 'alarm') expect(['closed-copy', 'closed-proctor']).toContain(state);
    }
    expect(new Set(tones.map(([state]) => state)).size).toBe(11);
    expect(await visit.tile(23).getAttribute('data-attention')).toBe('chain-broken');
    expect(await visit.tile(6).textContent()).toMatch(/12%.*4/s);
  });

  it('draws live frames at their tile and in the feed, without moving the others', async () => {
    const before = await visit.tile(8).boundingBox();
    const made = strike(1, 1);
    await visit.page.locator(`[data-incident-id="${made.id}"]`).waitFor();
    await expect.poll(() => visit.tile(1).getAttribute('data-strikes')).toBe('1');
    expect(await visit.tile(1).textContent()).toContain('1/3');
    expect(await visit.tile(8).boundingBox()).toEqual(before);
    const first = visit.page.locator('[data-incident-id]').first();
    expect(await first.textContent()).toMatch(/Intento de copia 1.*Intento de copiar o pegar/s);
    await expect
      .poll(() => visit.page.locator('[data-announce=urgent]').textContent())
      .toMatch(/Puesto A1.*Intento de copia 1/);
    strike(1, 2);
    strike(1, 3);
    await expect.poll(() => visit.tile(1).getAttribute('data-tone')).toBe('alarm');
    expect(await visit.tile(1).textContent()).toContain('Cerrado');
    expect(visit.faults).toEqual([]);
  });

  it('tells counted, review, technical and dismissed incidents apart by word', async () => {
    const weights = await visit.page
      .locator('[data-incident-id]')
      .evaluateAll((items) =>
        items.map((i) => `${i.getAttribute('data-weight')}: ${i.textContent}`),
      );
    for (const [weight, word] of [
      ['counted', 'Intento de copia'],
      ['review', 'Para revisar'],
      ['technical', 'Técnica'],
      ['dismissed', 'Desestimado'],
      ['same-act', 'Mismo acto'],
    ]) {
      expect(
        weights.some((text) => text.startsWith(`${weight}: `) && text.includes(String(word))),
      ).toBe(true);
    }
    await visit.page
      .getByRole('region', { name: 'Incidencias en vivo' })
      .getByText('Técnicas', { exact: true })
      .click();
    await expect.poll(() => visit.page.locator('[data-incident-id]').count()).toBe(2);
  });

  it('shows stills and opens one large', async () => {
    const thumb = visit.page.getByRole('button', { name: /^Ampliar la imagen 1 de 3/ }).first();
    await expect
      .poll(() => thumb.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBe(640);
    await thumb.click();
    const dialog = visit.page.getByRole('dialog');
    await dialog.getByText('1 / 3').waitFor();
    await visit.page.keyboard.press('ArrowRight');
    await dialog.getByText('2 / 3').waitFor();
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    await visit.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('finds by name without accents and by total, and leaves every seat in its place', async () => {
    const place = await visit.tile(20).boundingBox();
    await visit.page.getByRole('searchbox').fill('navarrete');
    await expect.poll(() => visit.page.locator('button[data-attempt-id]').count()).toBe(1);
    expect(await visit.tile(20).boundingBox()).toEqual(place);
    await visit.page.getByRole('searchbox').fill('');
    await visit.page.locator('[data-total=attention]').click();
    await expect.poll(() => visit.page.locator('button[data-attempt-id]').count()).toBe(7);
  });

  it('works by keyboard alone: search, arrows, open, close, back at the same tile', async () => {
    const focused = () =>
      visit.page.evaluate(
        () => document.activeElement?.getAttribute('data-attempt-id') ?? document.activeElement?.id,
      );
    await visit.page.keyboard.press('/');
    expect(
      await visit.page.getByRole('searchbox').evaluate((e) => e === document.activeElement),
    ).toBe(true);
    await visit.page.keyboard.type('laboratorio inexistente');
    await visit.page.keyboard.press('Escape');
    expect(await visit.page.getByRole('searchbox').inputValue()).toBe('');
    for (let i = 0; i < 6 && (await focused()) !== 'attempt-1'; i++)
      await visit.page.keyboard.press('Tab');
    expect(await focused()).toBe('attempt-1');
    for (const [key, to] of [
      ['ArrowRight', 'attempt-2'],
      ['ArrowDown', 'attempt-8'],
      ['ArrowRight', 'attempt-9'],
      ['ArrowRight', 'attempt-10'],
      ['ArrowLeft', 'attempt-9'],
      ['ArrowUp', 'attempt-3'],
      ['End', 'attempt-29'],
      ['Home', 'attempt-1'],
    ] as const) {
      await visit.page.keyboard.press(key);
      expect(await focused(), key).toBe(to);
    }
    await visit.page.keyboard.press('Enter');
    await visit.panel().waitFor();
    expect(await focused()).toBe('panel-title');
    await visit.page.keyboard.press('Escape');
    await visit.panel().waitFor({ state: 'detached' });
    expect(await focused()).toBe('attempt-1');
  });

  it('shows the same room as a list', async () => {
    await visit.page.getByText('Lista', { exact: true }).click();
    expect(await visit.page.locator('tbody tr').count()).toBe(29);
    await visit.page.getByRole('button', { name: 'Chávez Ronquillo, Diego', exact: true }).click();
    await visit.panel().getByText('No está de acuerdo:').waitFor();
  });

  it('begins with an empty room without a word of error', async () => {
    const other = await bench.open();
    bench.server.tiles = [];
    bench.server.incidents = [];
    await other.arrive();
    await other.page.getByText(/todavía no hay examinados/).waitFor();
    await other.page.getByText(/Sin incidencias/).waitFor();
    expect(await other.violations()).toEqual([]);
    expect(other.faults).toEqual([]);
  });
});
