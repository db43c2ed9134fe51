import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect as see } from '@playwright/test';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '#shared/wire/roles.ts';
import { COLOURS } from '#test/support/axe.ts';
import { type DashboardBench, type DashboardPage, DIALOG, sharedBench } from './dashboard-page.ts';

/** Set to a folder to keep pictures of the screens (for people who look at the design). */
const shots = process.env.PRIVACY_SHOTS;

let bench: DashboardBench;
beforeAll(async () => {
  bench = await sharedBench();
  if (shots !== undefined) mkdirSync(shots, { recursive: true });
});

const atPrivacy = async (
  options: Parameters<DashboardBench['open']>[0] = {},
  role: Role = 'coordinator',
): Promise<DashboardPage> => {
  const visit = await bench.open(options);
  bench.server.role = role;
  await visit.arrive('#/identity');
  await visit.page.getByRole('tab').first().waitFor();
  return visit;
};
const tab = (visit: DashboardPage, name: string) => visit.page.getByRole('tab', { name }).click();
const button = (visit: DashboardPage, name: string | RegExp) =>
  visit.page.getByRole('button', { name, exact: true });
const dialog = (visit: DashboardPage) => visit.page.getByRole('dialog');

describe.each(['light', 'dark'] as const)('identity and data, %s', (scheme) => {
  it('has no accessibility violation and nothing sticks out, at all sizes', async () => {
    const visit = await atPrivacy({ scheme });
    const { page } = visit;
    const look = async (what: string, options: Parameters<typeof visit.flaws>[1] = {}) => {
      const shot = async (width: number) =>
        shots !== undefined &&
        width > 1_000 &&
        (await page.screenshot({ path: join(shots, `${what}-${scheme}-${width}.png`) }));
      expect(await visit.flaws(scheme, { ...options, shot }), what).toEqual([]);
    };
    await button(visit, /^Comparar: Andrade/).waitFor();
    await look('waiting');
    await button(visit, /^Comparar: Andrade/).click();
    await see(dialog(visit).locator('img')).toHaveCount(2);
    await look('compare', { within: DIALOG });
    await page.keyboard.press('Escape');
    await tab(visit, 'Personas');
    await page.getByLabel(/^Apellidos, nombres/).fill('zambrano');
    await button(visit, 'Buscar').click();
    await page.getByText('Zambrano Vera Kevin').waitFor();
    await look('people');
    await button(visit, 'Código de aula para Zambrano Vera Kevin').click();
    await button(visit, 'Crear el código').click();
    await page.locator('[data-room-code]').waitFor();
    await look('code', { within: DIALOG });
    // It is shown once: Escape does not take it away.
    await page.keyboard.press('Escape');
    await page.locator('[data-room-code]').waitFor();
    await button(visit, 'Cerrar de todos modos').click();
    await tab(visit, 'Conservación');
    await page.locator('[data-process]').first().waitFor();
    await look('retention');
    await button(visit, /^Fijar fecha de Matemática/).click();
    await dialog(visit).getByLabel('Motivo').waitFor();
    await look('clock', { within: DIALOG });
    await page.keyboard.press('Escape');
    await button(visit, /^Retener intentos de Matemática/).click();
    await dialog(visit).getByText('Quishpe').waitFor();
    await look('hold', { within: DIALOG });
    await page.keyboard.press('Escape');
    await tab(visit, 'Certificados');
    await button(visit, /^Descargar el certificado/)
      .first()
      .waitFor();
    await look('certificates');
    expect(visit.faults).toEqual([]);
  });
});

describe('re-enrolments that wait', () => {
  it('are compared side by side, each look on record, and decided with a reason', async () => {
    const visit = await atPrivacy();
    const { page } = visit;
    const row = page.locator('[data-examinee="examinee-2"]');
    await row.locator('[data-near=far]').waitFor();
    await page.locator('[data-examinee="examinee-1"] [data-near=near]').waitFor();
    expect(bench.server.privacy.looks).toEqual([]);
    await button(visit, /^Comparar: Quishpe/).click();
    await dialog(visit).getByText('Cada vez que abre una imagen queda anotado').waitFor();
    await see(dialog(visit).locator('img')).toHaveCount(2);
    await expect
      .poll(() => [...bench.server.privacy.looks].sort())
      .toEqual(['examinee-2 new-portrait', 'examinee-2 portrait']);
    await button(visit, 'Ver los documentos').click();
    await dialog(visit).getByText('No hay imagen').waitFor();
    await button(visit, 'Rechazar…').click();
    await button(visit, 'Rechazar').click();
    await dialog(visit)
      .getByText(/al menos 3/)
      .waitFor();
    expect(bench.server.privacy.done).toEqual([]);
    await button(visit, 'El retrato nuevo no es de la misma persona.').click();
    await button(visit, 'Rechazar').click();
    await row.waitFor({ state: 'detached' });
    expect(bench.server.privacy.done).toEqual([
      'reject examinee-2: El retrato nuevo no es de la misma persona.',
    ]);
    await button(visit, /^Comparar: Andrade/).click();
    await dialog(visit).getByText('codigo=SPECIMEN-1').waitFor();
    await button(visit, 'Aprobar…').click();
    await dialog(visit).getByLabel('Motivo de la aprobación').fill('La conozco.');
    await button(visit, 'Aprobar').click();
    await page.getByText('No hay registros por aprobar.').waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('that do not come are asked for again', async () => {
    const visit = await bench.open();
    bench.server.role = 'coordinator';
    bench.server.refusals.set('/api/enrolments', { code: 'server-failed' });
    await visit.arrive('#/identity');
    await visit.page.getByText('El servidor tuvo una falla').waitFor();
    bench.server.refusals.delete('/api/enrolments');
    await button(visit, 'Actualizar').click();
    await button(visit, /^Comparar: Andrade/).waitFor();
  });
});

describe('people', () => {
  const find = async (visit: DashboardPage, words: string) => {
    await tab(visit, 'Personas');
    await visit.page.getByLabel(/^Apellidos, nombres/).fill(words);
    await button(visit, 'Buscar').click();
  };

  it('are found, and get a code that can be read from afar and by a phone', async () => {
    const visit = await atPrivacy();
    const { page } = visit;
    await find(visit, 'za');
    await page.getByText('Escriba al menos tres letras o números.').waitFor();
    await find(visit, 'nadie así');
    await page.getByText('Nadie coincide con lo que busca.').waitFor();
    await find(visit, 'zambrano');
    await button(visit, 'Código de aula para Zambrano Vera Kevin').click();
    expect(bench.server.privacy.done).toEqual([]);
    await button(visit, 'Crear el código').click();
    const code = page.locator('[data-room-code]');
    await see(code).toHaveText('K7QM-2XHD');
    const size = await code.evaluate((element) =>
      Number.parseFloat(getComputedStyle(element).fontSize),
    );
    expect(size).toBeGreaterThanOrEqual(40);
    await dialog(visit)
      .getByRole('img', { name: 'Dirección del registro con el código' })
      .waitFor();
    expect(bench.server.privacy.done).toEqual(['room-code examinee-4']);
  });

  it('are deleted with a reason, and the proof is a file', async () => {
    const visit = await atPrivacy();
    const { page } = visit;
    await find(visit, 'zambrano');
    expect(await button(visit, 'Borrar el registro de Zambrano Vera Kevin').count()).toBe(0);
    await button(visit, /^Borrar el registro de Zambrano Intriago/).click();
    bench.server.refusals.set('/api/enrolments/:id/delete', { code: 'not-in-this-stage' });
    await button(visit, 'Lo pidió la persona.').click();
    await button(visit, 'Borrar el registro').click();
    await dialog(visit).getByText('hay un intento retenido o con un reclamo abierto').waitFor();
    bench.server.refusals.clear();
    await button(visit, 'Borrar el registro').click();
    await dialog(visit).getByText('El registro se borró.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button(visit, 'Descargar').click(),
    ]);
    expect(download.suggestedFilename()).toBe('certificado-certificate-9.json');
    expect(bench.server.privacy.done).toEqual(['delete examinee-3: Lo pidió la persona.']);
  });
});

describe('retention', () => {
  it('is set after it was said what goes and when', async () => {
    const visit = await atPrivacy();
    const { page } = visit;
    await tab(visit, 'Conservación');
    await button(visit, /^Fijar fecha de Matemática/).click();
    await button(visit, 'Revisar').click();
    await dialog(visit).getByText('Escriba un motivo').waitFor();
    await dialog(visit).getByLabel('Los reclamos cerraron el').fill('2030-03-01');
    await dialog(visit).getByLabel('Días de conservación').fill('10');
    await dialog(visit).getByLabel('Motivo').fill('Cerró el período de reclamos.');
    await button(visit, 'Revisar').click();
    await dialog(visit)
      .getByText(/^Se borrarán 214 imágenes el 11 mar/)
      .waitFor();
    await dialog(visit).getByText('1 intento retenido no se borra.').waitFor();
    expect(bench.server.privacy.done).toEqual([]);
    bench.server.refusals.set('/api/retention/:examId', { code: 'conflict' });
    await button(visit, 'Fijar').click();
    await dialog(visit).getByText('Un turno de este proceso termina después').waitFor();
    bench.server.refusals.clear();
    await button(visit, 'Fijar').click();
    await page
      .locator('[data-process=exam-1]')
      .getByText(/11 mar/)
      .waitFor();
    const closed = Date.parse('2030-03-01T23:59:59.999-05:00');
    expect(bench.server.privacy.done).toEqual([
      `clock exam-1 ${closed} 10: Cerró el período de reclamos.`,
    ]);
  });

  it('of one attempt is held, and let go, with a reason', async () => {
    const visit = await atPrivacy();
    await tab(visit, 'Conservación');
    await button(visit, /^Retener intentos de Matemática/).click();
    await dialog(visit).getByPlaceholder('Buscar persona o documento').fill('lucia');
    await see(dialog(visit).locator('[data-attempt]')).toHaveCount(1);
    await button(visit, /^Retener el intento de Andrade/).click();
    await button(visit, 'Hay un reclamo abierto.').click();
    await button(visit, 'Retener').click();
    await dialog(visit).locator('[data-attempt="attempt-1"][data-held=true]').waitFor();
    await button(visit, /^Liberar el intento de Andrade/).click();
    await button(visit, 'El reclamo terminó.').click();
    await button(visit, 'Liberar').click();
    await dialog(visit).locator('[data-attempt="attempt-1"][data-held=false]').waitFor();
    expect(bench.server.privacy.done).toEqual([
      'hold attempt-1: Hay un reclamo abierto.',
      'release attempt-1: El reclamo terminó.',
    ]);
  });
});

describe('who sees it', () => {
  it('proctors help people enrol, and keep no dates', async () => {
    const visit = await atPrivacy({}, 'proctor');
    expect(await visit.page.getByRole('tab').allTextContents()).toEqual([
      'Por aprobar',
      'Personas',
    ]);
    await tab(visit, 'Personas');
    await visit.page.getByLabel(/^Apellidos, nombres/).fill('zambrano');
    await button(visit, 'Buscar').click();
    await button(visit, 'Código de aula para Zambrano Vera Kevin').waitFor();
    expect(await button(visit, /^Borrar/).count()).toBe(0);
    expect(bench.server.asked.get('/api/retention')).toBeUndefined();
  });

  it('laboratory staff find their rooms at its address', async () => {
    const visit = await bench.open();
    bench.server.role = 'lab-technician';
    await visit.arrive('#/identity');
    await visit.page.getByRole('banner').waitFor();
    expect(await visit.page.getByRole('link', { name: 'Identidad y datos' }).count()).toBe(0);
    expect(bench.server.asked.get('/api/enrolments?state=waiting')).toBeUndefined();
  });

  it('is one click from the rooms, and in English too', async () => {
    const visit = await bench.open();
    bench.server.role = 'coordinator';
    await visit.arrive();
    await visit.tile(1).waitFor();
    await visit.page.getByRole('button', { name: 'Volver a las aulas' }).click();
    await visit.page.getByRole('link', { name: 'Identidad y datos' }).click();
    await button(visit, /^Comparar: Andrade/).waitFor();
    await visit.page.getByRole('button', { name: 'English' }).click();
    await visit.page.getByRole('tab', { name: 'Retention' }).click();
    await visit.page.getByRole('columnheader', { name: 'Claims closed' }).waitFor();
    expect(await visit.violations({ without: COLOURS })).toEqual([]);
    expect(visit.faults).toEqual([]);
  });
});
