import { beforeAll, describe, expect, it } from 'vitest';
import { type DashboardBench, sharedBench } from './dashboard-page.ts';
import { INSTITUTION } from './scripted-server.ts';

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

describe('log-in', () => {
  it('asks for what is missing before it asks the server', async () => {
    const visit = await bench.open();
    await visit.goto();
    await visit.page.getByText(INSTITUTION).waitFor();
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
    await visit.page.getByText(/Podrá volver a intentar en [12] s/).waitFor();
    const button = visit.page.getByRole('button', { name: 'Ingresar' });
    expect(await button.isDisabled()).toBe(true);
    bench.server.refusals.clear();
    await expect.poll(() => button.isEnabled()).toBe(true);
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
    await visit.page.getByRole('menuitem', { name: 'Salir', exact: true }).click();
    await visit.page.getByLabel('Usuario').waitFor();
    await visit.page.reload();
    await visit.page.getByLabel('Usuario').waitFor();
    expect(bench.server.openSockets()).toBe(0);
    expect(visit.faults).toEqual([]);
  });
});
