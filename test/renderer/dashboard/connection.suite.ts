import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roomSocketPath } from '#shared/wire/dashboard.ts';
import { type DashboardBench, type DashboardPage, sharedBench } from './dashboard-page.ts';
import { ROOM, SESSION } from './room-data.ts';

let bench: DashboardBench;
let visit: DashboardPage;
beforeAll(async () => {
  bench = await sharedBench();
});
const enter = async () => {
  visit = await bench.open();
  await visit.enterRoom();
};

const banner = () =>
  visit.page.getByText(
    /Sin conexión con el servidor desde las \d\d:\d\d: lo que ve puede no estar al día\./,
  );
const linkWord = () => visit.page.locator('[data-link]').textContent();

describe("the dashboard's own connection", () => {
  beforeEach(enter);

  it('says since when it is stale, keeps the last state readable, and comes back by itself with what changed', async () => {
    expect(await linkWord()).toBe('En vivo');
    bench.server.cable(false);
    await banner().waitFor();
    expect(await linkWord()).toBe('Sin conexión');
    expect(await visit.page.locator('button[data-attempt-id]').count()).toBe(29);
    expect(await visit.violations()).toEqual([]);
    const tile = bench.server.tiles.find((t) => t.attemptId === 'attempt-1');
    if (tile === undefined) throw new Error('no tile');
    bench.server.tiles = bench.server.tiles.map((t) =>
      t === tile ? { ...tile, phase: 'paused' as const } : t,
    );
    bench.server.cable(true);
    await banner().waitFor({ state: 'detached' });
    await expect.poll(() => visit.tile(1).getAttribute('data-state')).toBe('paused');
    expect(await linkWord()).toBe('En vivo');
    expect(visit.faults).toEqual([]);
  });

  it('tries at once when asked to', async () => {
    bench.server.cable(false);
    await banner().waitFor();
    // Let the waits grow, so that only the button can be this quick.
    await visit.page.getByText(/Nuevo intento en [34] s/).waitFor();
    bench.server.cable(true);
    await visit.page.getByRole('button', { name: 'Reintentar ahora' }).click();
    await banner().waitFor({ state: 'detached', timeout: 1_500 });
  });

  it('takes a message that does not fit as a loss and asks for a fresh snapshot', async () => {
    bench.server.raw('{"type":"frame","tiles":"none"}');
    await banner().waitFor();
    await banner().waitFor({ state: 'detached' });
    bench.server.raw('no JSON at all');
    await banner().waitFor();
    await banner().waitFor({ state: 'detached' });
    expect(visit.faults).toEqual([]);
  });

  it('goes back to the log-in when the session is over, and says so', async () => {
    await visit.context.clearCookies();
    bench.server.cable(false);
    await banner().waitFor();
    bench.server.cable(true);
    await visit.page.getByText('Su sesión terminó. Ingrese otra vez para continuar.').waitFor();
    await visit.signIn();
    await visit.tile(1).waitFor();
  });

  it('notices a connection that is silent and dead, not only one that was closed', async () => {
    visit = await bench.open({ ownPage: true });
    await visit.page.clock.install();
    await visit.enterRoom();
    await visit.tile(1).waitFor();
    const tries = () => bench.server.asked.get(roomSocketPath(ROOM, SESSION));
    expect(tries()).toBe(1);
    // Requests die without an answer, the socket stays open: a pulled cable.
    await visit.page.route('**/api/**', (route) => route.abort());
    await visit.page.clock.fastForward(16_000);
    await expect.poll(tries).toBe(2);
  });

  it('says what is wrong when the room is refused', async () => {
    bench.server.raw(JSON.stringify({ type: 'refused', problem: { code: 'forbidden' } }));
    await visit.page.getByText(/Su rol no permite/).waitFor();
    await visit.page.getByRole('main').getByRole('button', { name: 'Volver a las aulas' }).click();
    await visit.page.getByRole('heading', { name: 'Aulas y sesiones de hoy' }).waitFor();
  });
});
