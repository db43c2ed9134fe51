import { beforeAll, describe, expect, it } from 'vitest';
import { type DashboardBench, type DashboardPage, SIZES, sharedBench } from './dashboard-page.ts';
import { ROOM, roomSummary, SESSION, seatMap } from './room-data.ts';

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

const HERE = `#/room/${ROOM}/${SESSION}`;
const hash = (visit: DashboardPage): Promise<string> => visit.page.evaluate(() => location.hash);
const title = (visit: DashboardPage): Promise<string> => visit.page.title();
const heading = (visit: DashboardPage, name: string | RegExp) =>
  visit.page.getByRole('heading', { name, level: 1 });
/** What has the focus, as a person would name it. */
const focused = (visit: DashboardPage): Promise<string> =>
  visit.page.evaluate(
    () => `${document.activeElement?.tagName} ${document.activeElement?.textContent ?? ''}`,
  );
const back = (visit: DashboardPage): Promise<void> =>
  visit.page.evaluate(() => {
    history.back();
  });
const forward = (visit: DashboardPage): Promise<void> =>
  visit.page.evaluate(() => {
    history.forward();
  });
/** Two rooms, so that nobody is led straight into the only one. */
const twoRooms = (): void => {
  const now = Date.now();
  const [lab] = bench.server.rooms;
  if (lab === undefined) throw new Error('no room');
  const hall = { ...roomSummary(now, seatMap(2, 2, null)), id: 'b' as never, name: 'Aula Magna' };
  bench.server.rooms = [lab, { ...hall, sessions: [] }];
};

describe('addresses', () => {
  it('lead through a room and back, with a title and the focus on each heading', async () => {
    const visit = await bench.open();
    twoRooms();
    await visit.goto();
    await expect.poll(() => title(visit)).toBe('Tablero del aula · Atalaya');
    await visit.signIn();
    await heading(visit, 'Aulas y sesiones de hoy').waitFor();
    expect(await title(visit)).toBe('Aulas y sesiones de hoy · Atalaya');
    await expect.poll(() => focused(visit)).toBe('H1 Aulas y sesiones de hoy');

    await visit.page.getByRole('button', { name: /^Abrir Laboratorio 3/ }).click();
    await visit.tile(1).waitFor();
    expect(await hash(visit)).toBe(HERE);
    expect(await title(visit)).toMatch(/^Laboratorio 3 · .+ · Atalaya$/);
    await expect.poll(() => focused(visit)).toBe('H1 Laboratorio 3');

    await visit.tile(1).click();
    await visit.panel().waitFor();
    expect(await hash(visit)).toBe(`${HERE}/attempt-1`);
    // The seat and never the name: the history of a shared computer is read by others.
    await expect.poll(() => title(visit)).toMatch(/^Puesto \S+ · Laboratorio 3 · Atalaya$/);
    expect(bench.server.openSockets(), 'the room stays open').toBe(1);

    await back(visit);
    await visit.panel().waitFor({ state: 'detached' });
    expect(await hash(visit)).toBe(HERE);
    await back(visit);
    await heading(visit, 'Aulas y sesiones de hoy').waitFor();
    await expect.poll(() => bench.server.openSockets()).toBe(0);
    await forward(visit);
    await visit.tile(1).waitFor();
    await forward(visit);
    await visit.panel().waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('come back after the log-in: an examinee’s course of the exam', async () => {
    const visit = await bench.open();
    await visit.goto(`${HERE}/attempt-1/timeline`);
    await visit.page.getByLabel('Usuario').waitFor();
    await visit.signIn();
    await visit.panel().waitFor();
    await expect
      .poll(() => visit.page.getByRole('radio', { name: 'Cronología' }).isChecked())
      .toBe(true);
    await visit.page.reload();
    await visit.panel().waitFor();
    expect(await hash(visit)).toBe(`${HERE}/attempt-1/timeline`);
    await visit.page.getByText('Ahora', { exact: true }).click();
    await expect.poll(() => hash(visit)).toBe(`${HERE}/attempt-1`);
    expect(visit.faults).toEqual([]);
  });

  it('are the same for who signs in again after the session ended, and the beginning after a sign-out', async () => {
    const visit = await bench.open();
    bench.server.role = 'coordinator';
    await visit.arrive('#/devices/codes');
    await visit.page.getByRole('dialog').waitFor();
    await visit.page.keyboard.press('Escape');
    await visit.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await hash(visit)).toBe('#/devices');
    await visit.page.getByRole('button', { name: 'Mónica Andrade' }).click();
    await visit.page.getByRole('menuitem', { name: 'Salir', exact: true }).click();
    await visit.page.getByLabel('Usuario').waitFor();
    expect(await hash(visit)).toBe('#/');
    expect(visit.faults).toEqual([]);
  });

  it('name each part of the identity desk, and only those of the role', async () => {
    const visit = await bench.open();
    bench.server.role = 'coordinator';
    await visit.arrive('#/identity/retention');
    const tab = (name: string) => visit.page.getByRole('tab', { name });
    await expect.poll(() => tab('Conservación').getAttribute('aria-selected')).toBe('true');
    await tab('Personas').click();
    expect(await hash(visit)).toBe('#/identity/people');
    await expect.poll(() => title(visit)).toBe('Personas · Identidad y datos · Atalaya');
    await back(visit);
    await expect.poll(() => tab('Conservación').getAttribute('aria-selected')).toBe('true');
    expect(visit.faults).toEqual([]);
  });

  it.each([
    ['proctor', '#/devices'],
    ['proctor', '#/identity/retention'],
    ['lab-technician', '#/identity'],
    ['exam-author', HERE],
  ] as const)('that are not for the role are not opened (%s, %s)', async (role, address) => {
    const visit = await bench.open();
    bench.server.role = role;
    await visit.arrive(address);
    await heading(visit, 'Esta página no es para su rol').waitFor();
    expect(bench.server.openSockets()).toBe(0);
    for (const path of ['/api/devices', '/api/retention', '/api/enrolments?state=waiting'])
      expect(bench.server.asked.get(path), path).toBeUndefined();
    expect(await visit.violations()).toEqual([]);
    await visit.page.getByRole('button', { name: 'Ir a las aulas' }).click();
    await heading(visit, 'Aulas y sesiones de hoy').waitFor();
    expect(visit.faults).toEqual([]);
  });

  it.each(SIZES)('that name nothing say so, with a way back ($width px)', async (size) => {
    const visit = await bench.open({ size });
    await visit.arrive('#/aula/7');
    await heading(visit, 'Aquí no hay ninguna página').waitFor();
    await expect.poll(() => title(visit)).toBe('Aquí no hay ninguna página · Atalaya');
    expect(await visit.violations()).toEqual([]);
    expect(await visit.overflow()).toEqual([]);
    await visit.page.keyboard.press('Tab');
    await visit.page.getByRole('button', { name: 'Ir a las aulas' }).press('Enter');
    await heading(visit, 'Aulas y sesiones de hoy').waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('of a session that is not on today’s list say so, and open it once it is', async () => {
    const visit = await bench.open();
    const [room] = bench.server.rooms;
    if (room === undefined) throw new Error('no room');
    bench.server.rooms = [{ ...room, sessions: [] }];
    await visit.arrive(HERE);
    await heading(visit, 'Esta sesión no está en su lista de hoy').waitFor();
    expect(bench.server.openSockets()).toBe(0);
    expect(await visit.violations()).toEqual([]);
    bench.server.rooms = [room];
    await visit.page.getByRole('button', { name: 'Actualizar' }).click();
    await visit.tile(1).waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('of an examinee who is not in the room leave the room as it is', async () => {
    const visit = await bench.open();
    await visit.arrive(`${HERE}/nobody`);
    await visit.panel().getByRole('heading', { name: 'Examinado sin datos' }).waitFor();
    await visit.tile(1).waitFor();
    await visit.page.keyboard.press('Escape');
    await visit.panel().waitFor({ state: 'detached' });
    expect(await hash(visit)).toBe(HERE);
    expect(visit.faults).toEqual([]);
  });
});
