import { beforeAll, describe, expect, it } from 'vitest';
import { MINUTE } from '#shared/kernel/time.ts';
import {
  type DashboardBench,
  type DashboardPage,
  NARROW,
  SIZES,
  sharedBench,
} from './dashboard-page.ts';
import { roomSummary, seatMap } from './room-data.ts';

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

describe('rooms', () => {
  it('lists rooms and tells which session is now when there is a choice', async () => {
    const visit = await bench.open();
    const now = Date.now();
    const [lab] = bench.server.rooms;
    if (lab === undefined) throw new Error('no room');
    const later = {
      id: 'later',
      examTitle: 'Matemática',
      startsAt: now + 90 * MINUTE,
      endsAt: now + 150 * MINUTE,
      expected: 30,
    };
    bench.server.rooms = [
      lab,
      {
        ...roomSummary(now, seatMap(2, 2, null)),
        id: 'b' as never,
        name: 'Aula Magna',
        sessions: [later],
      },
    ];
    await visit.arrive();
    await visit.page.getByRole('heading', { name: 'Aula Magna' }).waitFor();
    expect(await visit.page.locator('[data-time=now]').count()).toBe(1);
    expect(await visit.page.locator('[data-time=later]').count()).toBe(1);
    expect(await visit.violations()).toEqual([]);
    expect(await visit.overflow()).toEqual([]);
    await visit.page.getByRole('button', { name: /^Abrir Laboratorio 3/ }).click();
    await visit.tile(1).waitFor();
    await visit.page.goBack();
    await visit.page.getByRole('heading', { name: 'Aula Magna' }).waitFor();
    await expect.poll(() => bench.server.openSockets()).toBe(0);
    expect(visit.faults).toEqual([]);
  });

  it('says why there is none, and what to do', async () => {
    const visit = await bench.open();
    bench.server.rooms = [];
    await visit.arrive();
    await visit.page.getByText(/no tiene aulas a su cargo/).waitFor();
    const [room] = [roomSummary(Date.now())];
    if (room !== undefined) bench.server.rooms = [room];
    await visit.page.getByRole('button', { name: 'Actualizar' }).click();
    await visit.page.getByRole('heading', { name: 'Laboratorio 3' }).waitFor();
  });

  it('sends somebody whose role watches no rooms nowhere', async () => {
    const visit = await bench.open();
    bench.server.role = 'exam-author';
    await visit.arrive();
    await visit.page.getByText(/Su rol no vigila aulas/).waitFor();
    expect(bench.server.asked.get('/api/rooms')).toBeUndefined();
  });
});

/** Two rooms, so that there is a choice. */
const twoRooms = () => {
  const now = Date.now();
  const [lab] = bench.server.rooms;
  if (lab === undefined) throw new Error('no room');
  const hall = { ...roomSummary(now, seatMap(2, 2, null)), id: 'b' as never, name: 'Aula Magna' };
  return [lab, { ...hall, sessions: [] }];
};
const heading = (visit: DashboardPage, name: string) =>
  visit.page.getByRole('heading', { name, exact: true });
const top = async (visit: DashboardPage, name = 'Laboratorio 3'): Promise<number | undefined> =>
  (await heading(visit, name).boundingBox())?.y;
const asked = () => bench.server.asked.get('/api/rooms');
/** As the browser does when one comes back to the window. */
const comeBack = (visit: DashboardPage) =>
  visit.page.evaluate(() => dispatchEvent(new Event('focus')));

describe('the list of rooms', () => {
  it('is asked for again on coming back to it and to the window', async () => {
    const visit = await bench.open({ ownPage: true });
    bench.server.rooms = twoRooms();
    await visit.page.clock.install();
    await visit.arrive();
    await heading(visit, 'Aula Magna').waitFor();
    expect(asked()).toBe(1);
    await comeBack(visit);
    expect(asked(), 'a list of a moment ago is good enough').toBe(1);

    await visit.page.clock.fastForward(5_000);
    bench.server.rooms = [...twoRooms(), { ...twoRooms()[1], id: 'c', name: 'Aula 12' } as never];
    await comeBack(visit);
    await heading(visit, 'Aula 12').waitFor();

    await visit.page.getByRole('button', { name: /^Abrir Laboratorio 3/ }).click();
    await visit.tile(1).waitFor();
    await visit.page.clock.fastForward(5_000);
    bench.server.rooms = twoRooms();
    await visit.page.goBack();
    await heading(visit, 'Aula Magna').waitFor();
    await heading(visit, 'Aula 12').waitFor({ state: 'detached' });
    expect(visit.faults).toEqual([]);
  });

  it('stays in its place and readable at all sizes while the server is away, and comes back by itself', async () => {
    const visit = await bench.open();
    bench.server.rooms = twoRooms();
    await visit.arrive();
    await visit.page.getByText(/^Lista de las \d\d:\d\d$/).waitFor();
    /** Where the first room stands in windows of all sizes. */
    const places = async (name?: string) => {
      const found: (number | undefined)[] = [];
      for (const size of [...NARROW, ...SIZES]) {
        await visit.page.setViewportSize(size);
        found.push(await top(visit, name));
        expect(await visit.overflow(), `${size.width}`).toEqual([]);
      }
      return found;
    };
    const before = await places();
    bench.server.cable(false);
    await visit.page.getByRole('button', { name: 'Actualizar' }).click();
    await visit.page.getByText(/La lista es de las \d\d:\d\d\./).waitFor();
    await visit.page.getByText(/Nuevo intento en \d s/).waitFor();
    expect(await places()).toEqual(before);
    expect(await visit.violations()).toEqual([]);
    bench.server.rooms = [...twoRooms()].reverse();
    bench.server.cable(true);
    await visit.page.getByText(/^Lista de las/).waitFor();
    expect(await places('Aula Magna')).toEqual(before);
    expect(visit.faults).toEqual([]);
  });

  it('says that it did not come, and goes into the room that the address names once it does', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    bench.server.refusals.set('/api/rooms', { code: 'server-failed' });
    await visit.page.reload();
    await heading(visit, 'La lista de aulas no llegó').waitFor();
    await visit.page.getByText(/El servidor tuvo una falla/).waitFor();
    expect(await visit.violations()).toEqual([]);
    bench.server.refusals.clear();
    await visit.tile(1).waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('leaves the focus on the button that asks again', async () => {
    const visit = await bench.open();
    bench.server.rooms = twoRooms();
    await visit.arrive();
    const button = visit.page.getByRole('button', { name: 'Actualizar' });
    await button.focus();
    await visit.page.keyboard.press('Enter');
    await expect.poll(asked).toBe(2);
    await expect.poll(() => button.getAttribute('data-busy')).toBe('false');
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('is asked for again when the connection of a room comes back, and may lack that room', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    const before = asked();
    const [room] = bench.server.rooms;
    if (room === undefined) throw new Error('no room');
    bench.server.rooms = [{ ...room, name: 'Laboratorio 3 (bloque C)' }];
    bench.server.cable(false);
    await visit.page.getByText(/lo que ve puede no estar al día/).waitFor();
    bench.server.cable(true);
    await heading(visit, 'Laboratorio 3 (bloque C)').waitFor();
    expect(asked()).toBe((before ?? 0) + 1);
    bench.server.rooms = [];
    bench.server.cable(false);
    await visit.page.getByText(/lo que ve puede no estar al día/).waitFor();
    bench.server.cable(true);
    await expect.poll(asked).toBe((before ?? 0) + 2);
    await visit.tile(1).waitFor();
    await heading(visit, 'Laboratorio 3 (bloque C)').waitFor();
    expect(visit.faults).toEqual([]);
  });
});
