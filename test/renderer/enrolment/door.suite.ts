import { expect as see } from '@playwright/test';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EnrolmentBench, type EnrolmentPage, sharedBench } from './enrolment-page.ts';
import { ROOM_CODE } from './scripted-enrolment.ts';

let bench: EnrolmentBench;
beforeAll(async () => {
  bench = await sharedBench();
});

describe('the door', () => {
  it('says what is missing, and what is wrong', async () => {
    const visit = await bench.open();
    const { page } = visit;
    await visit.button('Ingresar').click();
    await page.getByText('Escriba su cédula o pasaporte.').waitFor();
    await page.getByText('Escriba su clave de acceso.').waitFor();
    await visit.signIn('0912345678', 'nada');
    await page.getByText('El documento o la clave no coinciden').waitFor();
    bench.server.refusals.set('/api/enrolment/sign-in', {
      code: 'rate-limited',
      retryAfterMs: 40_000,
    });
    await visit.signIn();
    await page.getByText(/Podrá volver a intentar en \d+ s/).waitFor();
    bench.server.refusals.clear();
    bench.server.cable(false);
    await visit.button('Ingresar').click();
    await page.getByText('No hay conexión con el servidor').waitFor();
    bench.server.cable(true);
    await visit.button('Ingresar').click();
    await visit.heading('Hola, Ana Modelo Ejemplo').waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('opens with the code of a room, typed or in the address, which keeps it secret', async () => {
    const visit = await bench.open();
    const { page } = visit;
    await page.getByText('Con un código').click();
    await page.getByLabel('Código del aula').fill('zzzz-zzzz');
    await visit.button('Ingresar').click();
    await page.getByText('Ese código no existe o ya venció. Pida uno nuevo al personal.').waitFor();
    await visit.goto(`?again#code=${ROOM_CODE}`);
    await visit.heading('Hola, Ana Modelo Ejemplo').waitFor();
    expect(page.url()).not.toContain(ROOM_CODE);
    expect(bench.server.signIns.at(-1)).toEqual({ roomCode: ROOM_CODE });
  });

  it('a code in the address that is no good can be typed anew', async () => {
    const visit = await bench.open();
    await visit.goto('?again#code=OLD-CODE');
    await visit.page.getByText('Ese código no existe o ya venció').waitFor();
    await visit.page.getByLabel('Código del aula').fill(ROOM_CODE);
    await visit.button('Ingresar').click();
    await visit.heading('Hola, Ana Modelo Ejemplo').waitFor();
  });
});

describe('where things stand', () => {
  // Whoever signs in anew is told anew, on the same page.
  let visit: EnrolmentPage | undefined;
  const at = async (
    change: Partial<EnrolmentBench['server']['status']>,
  ): Promise<EnrolmentPage> => {
    if (visit === undefined) visit = await bench.open();
    else await visit.button('Salir').click();
    bench.server.reset();
    bench.server.status = { ...bench.server.status, ...change };
    await visit.signIn();
    await visit.page.locator('[data-state]').waitFor();
    return visit;
  };
  const DAY = 86_400_000;
  const now = Date.now();

  it.each([
    ['before', { opensAt: now + DAY, closesAt: now + 2 * DAY }, 'El registro todavía no abre'],
    ['after', { opensAt: now - 2 * DAY, closesAt: now - DAY }, 'El registro cerró el'],
    ['none', null, 'Ahora no puede registrarse desde aquí'],
  ] as const)('closed, %s', async (closed, window, text) => {
    const visit = await at({ open: false, window });
    await visit.page.locator(`[data-closed=${closed}]`).getByText(text).waitFor();
    expect(await visit.button('Empezar el registro').count()).toBe(0);
    await visit.button('Mis datos').waitFor();
  });

  it('rejected, with the reason of whoever decided', async () => {
    const visit = await at({ state: 'rejected', rejectedReason: 'La imagen está borrosa.' });
    await visit.page.getByText('La imagen está borrosa.').waitFor();
    await visit.button('Empezar el registro').waitFor();
  });

  it('who is registered already is told that a person approves another one', async () => {
    const visit = await at({ state: 'active' });
    await visit.page.getByText('el cambio necesita la aprobación de coordinación').waitFor();
    await visit.button('Registrarme otra vez').waitFor();
  });
});

describe('the consent', () => {
  it('is given by a tick that nobody made before, and may be refused', async () => {
    const visit = await bench.open();
    const { page } = visit;
    await visit.signIn();
    await visit.button('Empezar el registro').click();
    const box = page.getByRole('checkbox');
    expect(await box.isChecked()).toBe(false);
    await page.getByText('Hasta 180 días después de cerrar los reclamos').waitFor();
    await visit.button('Acepto y continúo').focus();
    await page.keyboard.press('Enter');
    await see(box).toBeFocused();
    await visit.heading('Antes de empezar: usted decide').waitFor();
    await visit.button('No acepto').click();
    await visit.heading('Está bien: no se guardó nada').waitFor();
    await page.getByText('una persona verificará su identidad').waitFor();
    expect(await visit.violations()).toEqual([]);
    await visit.button('Volver al consentimiento').click();
    expect(await page.getByRole('checkbox').isChecked()).toBe(false);
    expect(bench.server.submitted).toEqual([]);
  });

  it('of another version than the page knows is not asked for', async () => {
    const visit = await bench.open();
    bench.server.status = { ...bench.server.status, consentVersion: '99' };
    await visit.signIn();
    await visit.button('Empezar el registro').click();
    await visit.page.getByText('La universidad cambió este texto').waitFor();
    expect(await visit.page.getByRole('checkbox').count()).toBe(0);
  });
});

describe('my data', () => {
  const open = async (): Promise<EnrolmentPage> => {
    const visit = await bench.open();
    bench.server.status = { ...bench.server.status, state: 'active' };
    await visit.signIn();
    await visit.button('Mis datos').click();
    await visit.page.locator('[data-kept="template"]').waitFor();
    return visit;
  };

  it('says what is kept, until when, and who looked', async () => {
    const { page } = await open();
    await page.locator('[data-kept="stills"]').getByText('Retenido por un reclamo').waitFor();
    await page.locator('[data-kept="ledger"]').getByText('Sin fecha').waitFor();
    await page.getByText('Coordinación miró: su retrato').waitFor();
    await page.getByText('Aplicador miró: la foto de su documento').waitFor();
  });

  it('is deleted only after the word is typed, and proves it with a file', async () => {
    const visit = await open();
    const { page } = visit;
    await visit.button('Borrar mi registro…').click();
    await visit.button('Borrar ahora').click();
    await page.getByText('Escriba BORRAR para confirmar.').waitFor();
    expect(bench.server.deletions).toBe(0);
    await page.getByLabel('Para confirmar, escriba BORRAR').fill('borrar');
    await visit.button('Borrar ahora').click();
    await page.locator('[data-deleted]').getByText('Su registro se borró').waitFor();
    expect(bench.server.deletions).toBe(1);
    await page.locator('[data-kept="template"]').waitFor({ state: 'detached' });
    expect(await visit.violations()).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('[data-deleted]').getByRole('button', { name: 'Descargar' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('certificado-de-borrado.json');
    expect(visit.faults).toEqual([]);
  });

  it('that do not come are asked for again', async () => {
    const visit = await bench.open();
    bench.server.refusals.set('/api/enrolment/me/data', { code: 'server-failed' });
    await visit.signIn();
    await visit.button('Mis datos').click();
    await visit.page.getByText('El servidor tuvo una falla').waitFor();
    bench.server.refusals.clear();
    await visit.button('Volver a intentar').click();
    await visit.page.locator('[data-kept="template"]').waitFor();
  });
});
