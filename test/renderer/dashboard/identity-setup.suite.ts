import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect as see } from '@playwright/test';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DashboardBench, type DashboardPage, DIALOG, sharedBench } from './dashboard-page.ts';

/** Set to a folder to keep pictures of the screens (for people who look at the design). */
const shots = process.env.PRIVACY_SHOTS;

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
  if (shots !== undefined) mkdirSync(shots, { recursive: true });
});

const atSetup = async (
  options: Parameters<DashboardBench['open']>[0] = {},
): Promise<DashboardPage> => {
  const visit = await bench.open(options);
  bench.server.role = 'coordinator';
  await visit.arrive('#/identity');
  await visit.page.getByRole('tab', { name: 'Fechas y aulas' }).click();
  return visit;
};
const button = (visit: DashboardPage, name: string | RegExp) =>
  visit.page.getByRole('button', { name, exact: true });
const dialog = (visit: DashboardPage) => visit.page.getByRole('dialog');
const done = (): readonly string[] => bench.server.setup.done;

describe.each(['light', 'dark'] as const)('dates and rooms, %s', (scheme) => {
  it('has no accessibility violation and nothing sticks out, at all sizes', async () => {
    const visit = await atSetup({ scheme });
    const { page } = visit;
    const look = async (what: string, options: Parameters<typeof visit.flaws>[1] = {}) => {
      const shot = async (width: number) =>
        shots !== undefined &&
        width > 1_000 &&
        (await page.screenshot({ path: join(shots, `${what}-${scheme}-${width}.png`) }));
      expect(await visit.flaws(scheme, { ...options, shot }), what).toEqual([]);
    };
    await page.locator('[data-session]').first().waitFor();
    await look('setup', { narrow: true });
    await button(visit, 'Agregar fechas…').click();
    await button(visit, 'Agregar').click();
    await dialog(visit).getByText('Escriba un motivo').waitFor();
    await look('setup-add', { within: DIALOG });
    await page.keyboard.press('Escape');
    await button(visit, /^Quitar las fechas/)
      .first()
      .click();
    await dialog(visit).getByLabel('Motivo').waitFor();
    await look('setup-remove', { within: DIALOG });
    await button(visit, 'Cancelar').click();
    await button(visit, /^Cambiar la comprobación de Laboratorio/).click();
    await dialog(visit).getByLabel('A mano').check();
    await look('setup-choose', { within: DIALOG });
    await button(visit, 'Revisar').click();
    await look('setup-confirm', { within: DIALOG });
    await button(visit, 'Cancelar').click();
    await page.keyboard.press('Escape');
    await button(visit, /^Permitir imágenes pequeñas/).click();
    await look('setup-thumbnails', { within: DIALOG });
    await button(visit, 'Cancelar').click();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Enrolment dates' }).waitFor();
    await look('setup-english');
    expect(visit.faults).toEqual([]);
  });
});

describe('dates of enrolment', () => {
  it('are added for a venue, once they make sense', async () => {
    const visit = await atSetup();
    await button(visit, 'Agregar fechas…').click();
    await dialog(visit).getByLabel('Sede').selectOption('Extensión Chone');
    await dialog(visit).getByLabel('Abre el').fill('2020-03-02T08:00');
    await dialog(visit).getByLabel('Cierra el').fill('2020-03-01T18:30');
    await button(visit, 'Agregar').click();
    await dialog(visit).getByText('Escriba una fecha y hora que no haya pasado.').waitFor();
    await dialog(visit).getByText('posterior a la apertura').waitFor();
    await dialog(visit)
      .getByText(/al menos tres/)
      .waitFor();
    await dialog(visit).getByLabel('Abre el').fill('2040-03-02T08:00');
    await dialog(visit).getByLabel('Cierra el').fill('2040-03-05T18:30');
    await dialog(visit).getByLabel('Motivo').fill('Segunda convocatoria.');
    expect(done()).toEqual([]);
    bench.server.refusals.set('/api/enrolment-windows', { code: 'bad-request' });
    await button(visit, 'Agregar').click();
    await dialog(visit).getByText('El servidor no aceptó las fechas.').waitFor();
    bench.server.refusals.clear();
    await button(visit, 'Agregar').click();
    await visit.page
      .locator('[data-window="window-9"]')
      .getByText(/2 de marzo de 2040/)
      .waitFor();
    // As the clock of that venue shows it, wherever the desk stands.
    const opens = Date.parse('2040-03-02T08:00-05:00');
    const closes = Date.parse('2040-03-05T18:30-05:00');
    expect(done()).toEqual([`window venue-2 ${opens} ${closes}: Segunda convocatoria.`]);
    expect(visit.faults).toEqual([]);
  });

  it('are taken away after it was said what that means, and none is said too', async () => {
    const visit = await atSetup();
    const remove = button(visit, /^Quitar las fechas/);
    await remove.first().click();
    await dialog(visit).getByText('Abierto ahora, hasta el').waitFor();
    await button(visit, 'Quitar').click();
    await dialog(visit)
      .getByText(/al menos 3/)
      .waitFor();
    expect(done()).toEqual([]);
    await button(visit, 'Las fechas estaban mal.').click();
    await button(visit, 'Quitar').click();
    await see(remove).toHaveCount(1);
    await remove.click();
    await dialog(visit).getByText('Sin estas fechas').waitFor();
    await button(visit, 'El registro cambia de fecha.').click();
    await button(visit, 'Quitar').click();
    await visit.page.getByText('No hay fechas fijadas.').waitFor();
    expect(done()).toEqual([
      'remove window-1: Las fechas estaban mal.',
      'remove window-2: El registro cambia de fecha.',
    ]);
  });
});

describe('how a session checks identity', () => {
  it('changes with the keyboard alone, after it was said what that means', async () => {
    const visit = await atSetup();
    const { page } = visit;
    await page.locator('[data-session="session-1"]').getByText('Ya ingresó alguien').waitFor();
    await see(button(visit, /^Cambiar la comprobación/)).toHaveCount(2);
    await button(visit, /^Cambiar la comprobación de Laboratorio/).focus();
    await page.keyboard.press('Enter');
    await see(dialog(visit).getByLabel('Por rostro, con giros')).toBeFocused();
    await page.keyboard.press('Enter');
    await dialog(visit).getByText('Elija una forma distinta de la actual.').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await dialog(visit)
      .getByText('«Por rostro, con giros» pasa a «A mano». El aplicador compara')
      .waitFor();
    await see(dialog(visit).getByLabel('Motivo')).toBeFocused();
    await page.keyboard.type('No hay cámaras.');
    expect(done()).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('[data-session="session-2"]').getByText('A mano').waitFor();
    expect(done()).toEqual(['identity session-2 by-hand false: No hay cámaras.']);
    expect(visit.faults).toEqual([]);
  });

  it('stays as it is when somebody signed in meanwhile', async () => {
    const visit = await atSetup();
    await button(visit, /^Cambiar la comprobación de Aula 204/).click();
    await dialog(visit).getByLabel('Por rostro, sin giros').check();
    await button(visit, 'Revisar').click();
    await button(visit, 'Así lo decidió la coordinación.').click();
    bench.server.refusals.set('/api/sessions/:id/identity', { code: 'conflict' });
    bench.server.setup.answer.sessions = bench.server.setup.answer.sessions.map((row) => ({
      ...row,
      begun: true,
    }));
    await button(visit, 'Cambiar').click();
    await dialog(visit).getByText('Alguien ya ingresó a esta sesión').waitFor();
    await button(visit, 'Cerrar').last().click();
    await see(visit.page.getByText('Ya ingresó alguien')).toHaveCount(3);
    expect(done()).toEqual([]);
  });
});

describe('small pictures', () => {
  it('are allowed and ended per exam, with a reason', async () => {
    const visit = await atSetup();
    const { page } = visit;
    await page.locator('[data-exam="exam-1"]').getByText('Hay alguien rindiéndolo').waitFor();
    await button(visit, 'Permitir imágenes pequeñas en Suficiencia de inglés B1').click();
    await dialog(visit).getByText('No se guardan').waitFor();
    await button(visit, 'Así lo decidió la coordinación.').click();
    await button(visit, 'Permitir').click();
    await page.locator('[data-exam="exam-3"]').getByText('Se ven').waitFor();
    await button(visit, 'No permitir imágenes pequeñas en Suficiencia de inglés B1').click();
    await button(visit, 'No hacen falta para este examen.').click();
    await button(visit, 'No permitir').click();
    await page.locator('[data-exam="exam-3"]').getByText('No se ven').waitFor();
    expect(done()).toEqual([
      'thumbnails exam-3 true: Así lo decidió la coordinación.',
      'thumbnails exam-3 false: No hacen falta para este examen.',
    ]);
  });
});

it('dates and rooms that do not come are asked for again', async () => {
  const visit = await bench.open();
  bench.server.role = 'coordinator';
  bench.server.refusals.set('/api/identity-settings', { code: 'server-failed' });
  await visit.arrive('#/identity');
  await visit.page.getByRole('tab', { name: 'Fechas y aulas' }).click();
  await visit.page.getByText('El servidor tuvo una falla').waitFor();
  bench.server.refusals.delete('/api/identity-settings');
  bench.server.setup.answer = { venues: [], windows: [], sessions: [], exams: [] };
  await button(visit, 'Actualizar').click();
  await visit.page.getByText('No hay sesiones por venir.').waitFor();
  await visit.page.getByText('No hay exámenes por venir.').waitFor();
});
