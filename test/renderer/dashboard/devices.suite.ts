import { beforeAll, describe, expect, it } from 'vitest';
import { type DashboardBench, type DashboardPage, DIALOG, sharedBench } from './dashboard-page.ts';

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
});

/** Signed in as technology staff, at the table of devices. */
const atDevices = async (
  options: Parameters<DashboardBench['open']>[0] = {},
  role: 'lab-technician' | 'coordinator' = 'coordinator',
): Promise<DashboardPage> => {
  const visit = await bench.open(options);
  bench.server.role = role;
  await visit.arrive('#/devices');
  await visit.page.getByRole('table').waitFor();
  return visit;
};
const row = (visit: DashboardPage, name: string) =>
  visit.page
    .getByRole('row')
    .filter({ has: visit.page.getByRole('button', { name, exact: true }) });
const names = (visit: DashboardPage) => visit.page.locator('[data-device]').allTextContents();

describe.each(['light', 'dark'] as const)('devices in %s colours', (scheme) => {
  it('have no accessibility violation and nothing sticks out: table, device, codes, builds', async () => {
    const visit = await atDevices({ scheme });
    const { page } = visit;
    const look = async (what: string, options?: Parameters<typeof visit.flaws>[1]) =>
      expect(await visit.flaws(scheme, options), what).toEqual([]);
    await look('table', { narrow: true });
    await page.getByRole('button', { name: 'PC-20', exact: true }).click();
    await page.getByRole('dialog').getByText('Programa de acceso remoto').waitFor();
    await look('device');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Códigos de inscripción' }).click();
    await page.getByRole('dialog').getByLabel('Cuántos').waitFor();
    await look('codes', { within: DIALOG });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Versiones autorizadas' }).click();
    await page.getByRole('dialog').getByText('Noviembre 2026').waitFor();
    await look('builds', { within: DIALOG });
    expect(visit.faults).toEqual([]);
  });
});

describe('the table of devices', () => {
  it('says how each one stands, what needs a person first', async () => {
    const visit = await atDevices();
    expect((await names(visit)).slice(0, 5)).toEqual(['PC-20', 'PC-22', 'PC-21', 'PC-23', 'PC-1']);
    await row(visit, 'PC-20').getByText('No sirve').waitFor();
    await row(visit, 'PC-22').getByText('Versión no autorizada').waitFor();
    await row(visit, 'PC-23').getByText('Sin pasaporte').waitFor();
    await row(visit, 'PC-24').getByText('En examen').waitFor();
    await row(visit, 'PC-1').getByText('3 se impiden · 18 se detectan · 2 sin vigilar').waitFor();
    expect(await names(visit)).not.toContain('PC-25');
  });

  it('is narrowed by buttons and by words', async () => {
    const visit = await atDevices();
    const { page } = visit;
    await page.getByRole('button', { name: /revocados/ }).click();
    expect(await names(visit)).toEqual(['PC-25']);
    await page.getByRole('button', { name: /^\d+ equipos$/ }).click();
    await page.getByLabel('Buscar equipo, aula, modelo o versión').fill('pc-21');
    expect(await names(visit)).toEqual(['PC-21']);
    await page.getByLabel('Buscar equipo, aula, modelo o versión').fill('no hay');
    await page.getByText('Ningún equipo coincide con lo que busca.').waitFor();
  });

  it('is for those who keep devices; others find their rooms at its address', async () => {
    const visit = await bench.open();
    bench.server.role = 'proctor';
    await visit.arrive('#/devices');
    await visit.page.getByRole('banner').waitFor();
    expect(await visit.page.getByRole('link', { name: 'Equipos' }).count()).toBe(0);
    expect(bench.server.asked.get('/api/devices')).toBeUndefined();
  });

  it('is one click from the rooms, and back', async () => {
    const visit = await bench.open();
    bench.server.role = 'lab-technician';
    await visit.arrive();
    await visit.tile(1).waitFor();
    await visit.page.getByRole('button', { name: 'Volver a las aulas' }).click();
    await visit.page.getByRole('link', { name: 'Equipos' }).click();
    await visit.page.getByRole('table').waitFor();
    await visit.page.getByRole('button', { name: 'Volver a las aulas' }).click();
    await visit.page.getByRole('link', { name: 'Equipos' }).waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('keeps the last list when the server does not answer, and says so', async () => {
    const visit = await atDevices();
    bench.server.refusals.set('/api/devices', { code: 'server-failed' });
    await visit.page.getByRole('button', { name: 'Actualizar' }).click();
    await visit.page.getByText('El servidor tuvo una falla').waitFor();
    expect((await names(visit)).length).toBeGreaterThan(10);
    bench.server.refusals.delete('/api/devices');
    await visit.page.getByRole('button', { name: 'Actualizar' }).click();
    await visit.page.getByText('El servidor tuvo una falla').waitFor({ state: 'detached' });
  });
});

describe('one device', () => {
  it('shows its passport, and what mends what is wrong', async () => {
    const visit = await atDevices();
    await visit.page.getByRole('button', { name: 'PC-20', exact: true }).click();
    const dialog = visit.page.getByRole('dialog');
    for (const text of [
      'LENOVO ThinkPad L14',
      'Hay más de una pantalla conectada.',
      'Programa de acceso remoto',
      'Desinstálelo o detenga su servicio antes del examen.',
      'Pasaportes anteriores',
    ]) {
      await dialog.getByText(text).first().waitFor();
    }
  });

  it('is revoked with a reason, by keyboard alone, and the focus comes back', async () => {
    const visit = await atDevices();
    const { page } = visit;
    const button = page.getByRole('button', { name: 'PC-3', exact: true });
    await button.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Revocar equipo…' }).focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('No se puede deshacer').waitFor();
    await page.keyboard.type('Se lo llevaron del aula');
    await dialog.getByRole('button', { name: 'Revocar el equipo' }).focus();
    await page.keyboard.press('Enter');
    await dialog
      .getByText(/^Revocado el .* por Mónica Andrade: Se lo llevaron del aula$/)
      .waitFor();
    expect(bench.server.devices.done).toEqual(['revoke device-PC-3: Se lo llevaron del aula']);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => names(visit)).not.toContain('PC-3');
    expect(visit.faults).toEqual([]);
  });

  it('that is in an exam cannot be revoked, and the page says why', async () => {
    const visit = await atDevices();
    await visit.page.getByRole('button', { name: 'PC-24', exact: true }).click();
    const dialog = visit.page.getByRole('dialog');
    await dialog.getByText('Hay un examen en curso o en pausa en este equipo').waitFor();
    expect(await dialog.getByRole('button', { name: 'Revocar equipo…' }).count()).toBe(0);
    await visit.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const focused = () => visit.page.evaluate(() => document.activeElement?.textContent);
    await expect.poll(focused).toBe('PC-24');
  });
});

describe('enrolment codes', () => {
  it('are made after a confirmation and shown once', async () => {
    const visit = await atDevices();
    const { page } = visit;
    await page.getByRole('button', { name: 'Códigos de inscripción' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Quedan 4 códigos sin usar.').waitFor();
    await dialog.getByLabel('Cuántos').fill('900');
    await dialog.getByRole('button', { name: 'Continuar' }).click();
    await dialog.getByText('Escriba un número del 1 al 200.').waitFor();
    await dialog.getByLabel('Cuántos').fill('3');
    await dialog.getByLabel('Para el aula').selectOption('Laboratorio 2');
    await dialog.getByLabel('Valen').selectOption('8 horas');
    await dialog.getByRole('button', { name: 'Continuar' }).click();
    await dialog.getByText(/Se crearán 3 códigos para: Laboratorio 2/).waitFor();
    expect(bench.server.devices.done).toEqual([]);
    await dialog.getByRole('button', { name: 'Crear los códigos' }).click();
    await dialog.getByText('ABCD-2002').waitFor();
    expect(bench.server.devices.done).toEqual(['codes 3 room-2 8']);
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    const download = page.waitForEvent('download');
    await dialog.getByRole('link', { name: 'Guardar la lista' }).click();
    expect((await download).suggestedFilename()).toBe('codigos-atalaya.csv');
    // Shown once: Escape asks, Escape again stays, and so does a click beside it.
    await page.keyboard.press('Escape');
    await dialog.getByText(/Estos códigos no se vuelven a mostrar/).waitFor();
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    await dialog.getByText(/Estos códigos no se vuelven a mostrar/).waitFor();
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    await dialog.getByRole('button', { name: 'Volver' }).click();
    await dialog.getByText('ABCD-2002').waitFor();
    await dialog.getByRole('button', { name: 'Cerrar', exact: true }).click();
    await dialog.getByRole('button', { name: 'Cerrar de todos modos' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByText('ABCD-2002').count()).toBe(0);
    expect(visit.faults).toEqual([]);
  });

  it('that nobody used are voided after a confirmation', async () => {
    const visit = await atDevices();
    await visit.page.getByRole('button', { name: 'Códigos de inscripción' }).click();
    const dialog = visit.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Anular los códigos sin usar…' }).click();
    expect(bench.server.devices.done).toEqual([]);
    await dialog.getByRole('button', { name: 'Anular los códigos' }).click();
    await dialog.getByText('Se anularon 4 códigos.').waitFor();
    expect(bench.server.devices.done).toEqual(['void 4']);
  });
});

describe('allowed builds', () => {
  it('are decided by coordination: one is added, one is taken off after a confirmation', async () => {
    const visit = await atDevices();
    await visit.page.getByRole('button', { name: 'Versiones autorizadas' }).click();
    const dialog = visit.page.getByRole('dialog');
    await dialog.getByLabel(/^Nombre para la versión cdcd/).fill('Versión de octubre');
    await dialog.getByRole('button', { name: 'Autorizar' }).click();
    await expect.poll(() => bench.server.devices.done).toEqual(['allow cdcd Versión de octubre']);
    await dialog
      .getByRole('button', { name: 'Quitar de la lista: Noviembre 2026' })
      .first()
      .click();
    await dialog.getByRole('button', { name: 'Sí, quitar' }).click();
    await expect.poll(() => bench.server.devices.done.length).toBe(2);
  });

  it('an empty list says that nothing is checked', async () => {
    const visit = await atDevices();
    bench.server.devices.allowed = [];
    await visit.page.getByRole('button', { name: 'Versiones autorizadas' }).click();
    await visit.page.getByText('La lista está vacía: no se revisa ninguna versión.').waitFor();
  });

  it('a technician sees them and cannot change them', async () => {
    const visit = await atDevices({}, 'lab-technician');
    await visit.page.getByRole('button', { name: 'Versiones autorizadas' }).click();
    const dialog = visit.page.getByRole('dialog');
    await dialog.getByText('Solo coordinación puede cambiar esta lista.').waitFor();
    await dialog.getByText('Noviembre 2026').waitFor();
    expect(await dialog.getByRole('button', { name: /Autorizar|Quitar/ }).count()).toBe(0);
  });
});

describe('the exit code', () => {
  it('is shown behind a button that says that it goes on record, and is gone afterwards', async () => {
    const visit = await bench.open();
    await visit.enterRoom();
    const { page } = visit;
    await page.getByRole('button', { name: 'Código de salida' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/queda registrado quién lo vio/).waitFor();
    expect(bench.server.devices.done).toEqual([]);
    await dialog.getByRole('button', { name: 'Mostrar código' }).click();
    await dialog.getByText('7K3M-9QXD').waitFor();
    expect(bench.server.devices.done).toEqual(['exit-code']);
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Código de salida' }).click();
    await dialog.getByRole('button', { name: 'Mostrar código' }).waitFor();
    expect(await page.getByText('7K3M-9QXD').count()).toBe(0);
    expect(visit.faults).toEqual([]);
  });

  it('is not offered to who may not see it', async () => {
    const visit = await bench.open();
    bench.server.role = 'coordinator';
    await visit.enterRoom();
    expect(await visit.page.getByRole('button', { name: 'Código de salida' }).count()).toBe(0);
  });
});

describe('devices in English', () => {
  it('leave nothing in Spanish', async () => {
    const visit = await atDevices();
    await visit.page.getByRole('button', { name: 'English' }).click();
    await visit.page.getByRole('button', { name: 'PC-20', exact: true }).click();
    await visit.page.getByRole('dialog').getByText('Remote control program').waitFor();
    const text = await visit.page.evaluate(() => document.body.innerText);
    expect(text).not.toMatch(/Equipo|Versión|Aula\b|Revocar|pasaporte/);
    expect(text).not.toMatch(/\b[a-z]+\.[a-z-]+\.[a-zA-Z-]+\b|\{\{/);
  });
});
