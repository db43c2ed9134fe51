import { beforeAll, describe, expect, it } from 'vitest';
import { MINUTE } from '#shared/kernel/time.ts';
import { type DashboardBench, sharedBench } from './dashboard-page.ts';
import { roomSummary, seatMap } from './room-data.ts';

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

describe('log-in', () => {
  it('asks for what is missing before it asks the server', async () => {
    const visit = await bench.open();
    await visit.goto();
    await visit.page.getByRole('button', { name: 'Ingresar' }).click();
    await visit.page.getByText('Escriba su usuario.').waitFor();
    await visit.page.getByText('Escriba su contraseña.').waitFor();
    expect(bench.server.asked.get('/api/staff/sign-in')).toBeUndefined();
    expect(await visit.violations()).toEqual([]);
    expect(visit.faults).toEqual([]);
  });

  it('says what to do about a wrong password, and lets one try again', async () => {
    const visit = await bench.open();
    await visit.goto();
    await visit.signIn('otra');
    await visit.page.getByText(/usuario o la contraseña no coinciden/).waitFor();
    await visit.signIn();
    await visit.tile(1).waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('shows how long to wait after too many tries, and takes no further one until then', async () => {
    const visit = await bench.open();
    await visit.goto();
    bench.server.refusals.set('/api/staff/sign-in', { code: 'rate-limited', retryAfterMs: 2_000 });
    await visit.signIn('otra');
    await visit.page.getByText(/Podrá volver a intentar en 2 s/).waitFor();
    const button = visit.page.getByRole('button', { name: 'Ingresar' });
    expect(await button.isDisabled()).toBe(true);
    bench.server.refusals.clear();
    await expect.poll(() => button.isEnabled(), { timeout: 4_000 }).toBe(true);
    await visit.signIn();
    await visit.tile(1).waitFor();
  });

  it('says that the server cannot be reached, before and after the page is open', async () => {
    const visit = await bench.open();
    await visit.goto();
    await visit.page.getByLabel('Usuario').waitFor();
    bench.server.cable(false);
    await visit.signIn();
    await visit.page.getByText(/No hay conexión con el servidor/).waitFor();
    bench.server.cable(true);
    await visit.signIn();
    await visit.tile(1).waitFor();
  });

  it('keeps the session over a reload and ends it on sign-out', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    await visit.page.reload();
    await visit.tile(1).waitFor();
    await visit.page.getByRole('button', { name: 'Mónica Andrade' }).click();
    await visit.page.getByRole('menuitem', { name: 'Salir' }).click();
    await visit.page.getByLabel('Usuario').waitFor();
    await visit.page.reload();
    await visit.page.getByLabel('Usuario').waitFor();
    expect(bench.server.openSockets()).toBe(0);
    expect(visit.faults).toEqual([]);
  });
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
    await visit.goto();
    await visit.signIn();
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
    await visit.goto();
    await visit.signIn();
    await visit.page.getByText(/no tiene aulas a su cargo/).waitFor();
    const [room] = [roomSummary(Date.now())];
    if (room !== undefined) bench.server.rooms = [room];
    await visit.page.getByRole('button', { name: 'Actualizar' }).click();
    await visit.page.getByRole('heading', { name: 'Laboratorio 3' }).waitFor();
  });

  it('sends somebody whose role watches no rooms nowhere', async () => {
    const visit = await bench.open();
    bench.server.role = 'exam-author';
    await visit.goto();
    await visit.signIn();
    await visit.page.getByText(/Su rol no vigila aulas/).waitFor();
    expect(bench.server.asked.get('/api/rooms')).toBeUndefined();
  });
});
