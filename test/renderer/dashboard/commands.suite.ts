import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type DashboardBench,
  type DashboardPage,
  DIALOG,
  PANEL,
  SIZES,
  sharedBench,
} from './dashboard-page.ts';

let bench: DashboardBench;
let visit: DashboardPage;
beforeAll(async () => {
  bench = await sharedBench();
});
const enter = async () => {
  visit = await bench.open();
  await visit.enterRoom();
};

const open = async (number: number) => {
  await visit.tile(number).click();
  await visit.panel().waitFor();
  return visit.panel();
};
const state = () =>
  visit.page.locator('[data-command-id]').first().getAttribute('data-command-state');

describe('orders', () => {
  beforeEach(enter);

  it('sends a message and shows sent, delivered and applied as they happen', async () => {
    const panel = await open(1);
    await panel.getByRole('button', { name: 'Mensaje' }).click();
    await panel.getByLabel('Mensaje para el examinado').fill('Por favor, mire la pantalla.');
    await panel.getByRole('button', { name: 'Enviar mensaje' }).click();
    await expect.poll(state).toBe('sent');
    expect(bench.server.received).toEqual([
      {
        attemptId: 'attempt-1',
        command: { type: 'message', text: 'Por favor, mire la pantalla.' },
      },
    ]);
    for (const [step, word] of [
      ['delivered', 'Entregada'],
      ['applied', 'Aplicada'],
    ] as const) {
      bench.server.advance('command-1', step);
      await expect.poll(state).toBe(step);
      await panel.getByRole('status').getByText(word).waitFor();
    }
    bench.server.advance('command-1', 'sent');
    await visit.page.waitForTimeout(100);
    expect(await state(), 'a late message takes nothing back').toBe('applied');
    expect(visit.faults).toEqual([]);
  });

  it('asks for a reason, takes a usual one, and shows a rejection', async () => {
    const panel = await open(1);
    await panel.getByRole('button', { name: 'Pausar' }).click();
    await panel.getByRole('button', { name: 'Pausar el examen' }).click();
    await panel.getByText('Escriba al menos 3 caracteres.').waitFor();
    expect(bench.server.received).toEqual([]);
    await panel.getByRole('button', { name: 'Motivo de salud' }).click();
    await panel.getByRole('button', { name: 'Pausar el examen' }).click();
    await expect.poll(state).toBe('sent');
    bench.server.advance('command-1', 'rejected');
    await panel.getByRole('status').getByText('Rechazada').waitFor();
  });

  it('resumes what is paused', async () => {
    const panel = await open(10);
    expect(await panel.getByRole('button', { name: 'Pausar' }).count()).toBe(0);
    await panel.getByRole('button', { name: 'Reanudar' }).click();
    await panel.getByRole('button', { name: 'Problema resuelto' }).click();
    await panel.getByRole('button', { name: 'Reanudar el examen' }).click();
    await expect
      .poll(() => bench.server.received)
      .toEqual([
        { attemptId: 'attempt-10', command: { type: 'resume', reason: 'Problema resuelto' } },
      ]);
  });

  it('opens a locked machine', async () => {
    const panel = await open(2);
    await panel.getByRole('button', { name: 'Liberar equipo' }).click();
    await panel.getByText(/Al reanudar se bloquea otra vez/).waitFor();
    expect(await visit.violations({ within: PANEL })).toEqual([]);
    await panel.getByRole('button', { name: 'Cambio de equipo' }).click();
    await panel.getByRole('button', { name: 'Liberar el equipo' }).click();
    await expect
      .poll(() => bench.server.received)
      .toEqual([
        { attemptId: 'attempt-2', command: { type: 'release', reason: 'Cambio de equipo' } },
      ]);
  });

  it('tells what the device watches, and what to do about the rest', async () => {
    const panel = await open(2);
    await panel.getByText('Equipo, conexión y datos').click();
    await panel.getByText('Qué vigila el equipo').click();
    await panel.getByText('2 se impiden · 2 se detectan · 2 sin vigilar').waitFor();
    await panel.getByText(/No cuenta en su contra/).waitFor();
    await panel.getByText(/en parte: Wayland/).waitFor();
    expect(await visit.violations({ within: PANEL })).toEqual([]);
  });

  it('dismisses the copy attempt that closed an exam, and says that it reopens', async () => {
    const panel = await open(9);
    const closing = bench.server.incidents.find((i) => i.attemptId === 'attempt-9');
    await panel.getByRole('button', { name: 'Desestimar…' }).click();
    await panel.getByText(/se volverá a abrir con el tiempo que quedaba/).waitFor();
    expect(await visit.violations({ within: PANEL })).toEqual([]);
    await panel.getByLabel('Motivo para desestimar').fill('Pasó alguien por detrás');
    await panel.getByRole('button', { name: 'Desestimar', exact: true }).click();
    await panel.getByText(/se espera al equipo/).waitFor();
    expect(bench.server.received[0]?.command).toEqual({
      type: 'dismiss',
      incidentId: closing?.id,
      reason: 'Pasó alguien por detrás',
    });
  });

  it('closes only after a confirmation that names the examinee', async () => {
    const panel = await open(2);
    await panel.getByRole('button', { name: 'Cerrar examen' }).click();
    const dialog = visit.page.getByRole('dialog', {
      name: 'Cerrar el examen de Arteaga Mora, José Luis (puesto A2)',
    });
    await dialog.waitFor();
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    await visit.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await panel.waitFor();
    expect(bench.server.received).toEqual([]);
    await panel.getByRole('button', { name: 'Cerrar examen' }).click();
    await dialog.getByRole('button', { name: 'A pedido del examinado' }).click();
    await dialog.getByRole('button', { name: 'Cerrar el examen' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(bench.server.received[0]?.command).toEqual({
      type: 'close',
      reason: 'A pedido del examinado',
    });
  });

  it('sends an order again under the same key when its answer was lost, and another text under a new one', async () => {
    const panel = await open(1);
    const field = panel.getByLabel('Mensaje para el examinado');
    const asked = () => bench.server.asked.get('/api/attempts/attempt-1/commands');
    bench.server.answersOrders = false;
    await panel.getByRole('button', { name: 'Mensaje' }).click();
    await field.fill('Espere un momento');
    await panel.getByRole('button', { name: 'Enviar mensaje' }).click();
    await panel.getByText(/se cumplirá una sola vez/).waitFor();
    expect(await visit.violations({ within: PANEL })).toEqual([]);
    bench.server.answersOrders = true;
    await panel.getByRole('button', { name: 'Enviar mensaje' }).click();
    await field.waitFor({ state: 'detached' });
    expect([asked(), bench.server.received.length]).toEqual([2, 1]);
    await expect.poll(() => visit.page.locator('[data-command-id]').count()).toBe(1);

    bench.server.answersOrders = false;
    await panel.getByRole('button', { name: 'Mensaje' }).click();
    // The same words in a new form are meant to be said again.
    await field.fill('Espere un momento');
    await panel.getByRole('button', { name: 'Enviar mensaje' }).click();
    await panel.getByText(/se cumplirá una sola vez/).waitFor();
    bench.server.answersOrders = true;
    await field.fill('Ya voy');
    await panel.getByRole('button', { name: 'Enviar mensaje' }).click();
    await field.waitFor({ state: 'detached' });
    expect(bench.server.received.map(({ command }) => command)).toEqual(
      ['Espere un momento', 'Espere un momento', 'Ya voy'].map((text) => ({
        type: 'message',
        text,
      })),
    );
    expect(visit.faults).toEqual([]);
  });

  it('keeps what was written when the server refuses', async () => {
    const panel = await open(1);
    bench.server.refusals.set('/api/attempts/:id/commands', { code: 'forbidden' });
    await panel.getByRole('button', { name: 'Mensaje' }).click();
    await panel.getByLabel('Mensaje para el examinado').fill('Hola');
    await panel.getByRole('button', { name: 'Enviar mensaje' }).click();
    await panel.getByText(/Su rol no permite/).waitFor();
    expect(await panel.getByLabel('Mensaje para el examinado').inputValue()).toBe('Hola');
    expect(await visit.page.locator('[data-command-id]').count()).toBe(0);
    await visit.page.keyboard.press('Escape');
    await panel.getByRole('button', { name: 'Mensaje' }).waitFor();
  });

  it('offers the sign-in where it says that the session is over, and keeps what was written', async () => {
    const panel = await open(1);
    bench.server.refusals.set('/api/attempts/:id/commands', { code: 'unauthorised' });
    await panel.getByRole('button', { name: 'Mensaje' }).click();
    await panel.getByLabel('Mensaje para el examinado').fill('Hola');
    await panel.getByRole('button', { name: 'Enviar mensaje' }).click();
    await panel.getByText(/Su sesión terminó/).waitFor();
    await panel.getByRole('button', { name: 'Ingresar otra vez' }).click();
    const dialog = visit.page.getByRole('dialog');
    await dialog.getByLabel('Usuario').press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await panel.getByRole('button', { name: 'Ingresar otra vez' }).click();
    expect(await visit.violations({ within: DIALOG })).toEqual([]);
    bench.server.refusals.clear();
    await visit.signIn();
    await panel.getByText('Ya ingresó. Vuelva a intentarlo.').waitFor();
    expect(await panel.getByLabel('Mensaje para el examinado').inputValue()).toBe('Hola');
    await panel.getByRole('button', { name: 'Enviar mensaje' }).click();
    await expect
      .poll(() => bench.server.received.at(-1)?.command)
      .toEqual({ type: 'message', text: 'Hola' });
  });

  it('shows what was seen and what may be decided before anything technical, on a small screen too', async () => {
    const panel = await open(7);
    await visit.page.setViewportSize(SIZES[0]);
    const dismiss = await panel.getByRole('button', { name: 'Desestimar…' }).boundingBox();
    const bar = await panel.getByRole('button', { name: 'Mensaje' }).boundingBox();
    const still = await panel.locator('img').first().boundingBox();
    expect((dismiss?.y ?? 0) + (dismiss?.height ?? 0)).toBeLessThan(bar?.y ?? 0);
    expect((still?.y ?? 0) + (still?.height ?? 0)).toBeLessThan(bar?.y ?? 0);
    expect(await panel.getByText('Qué vigila el equipo').isVisible()).toBe(false);
    expect(await panel.getByText('Completo y firmado').isVisible()).toBe(false);
  });

  it('fits its order forms with their buttons on a screen of 768 px', async () => {
    const panel = await open(7);
    await visit.page.setViewportSize(SIZES[0]);
    for (const [name, send] of [
      ['Mensaje', 'Enviar mensaje'],
      ['Pausar', 'Pausar el examen'],
      ['Ver aula (pausa)', 'Pedir la vista del aula'],
      ['Liberar equipo', 'Liberar el equipo'],
    ] as const) {
      await panel.getByRole('button', { name, exact: true }).click();
      const field = panel.getByRole('textbox');
      for (const part of [field, panel.getByRole('button', { name: send })]) {
        const box = await part.boundingBox();
        expect((box?.y ?? 0) + (box?.height ?? 9_999), name).toBeLessThanOrEqual(768);
        expect(box?.y ?? -1, name).toBeGreaterThan(0);
      }
      await visit.page.keyboard.press('Escape');
    }
  });
});

describe('one examinee', () => {
  beforeEach(enter);

  it('tells the ledger in words, everything on demand, and offers the export', async () => {
    const panel = await open(1);
    const link = panel.getByRole('link', { name: /Descargar el registro completo/ });
    expect(await link.getAttribute('href')).toMatch(/\/api\/attempts\/attempt-1\/export$/);
    await panel.getByText('Cronología').click();
    await panel.getByText('Empezó el examen: 60 minutos').waitFor();
    await panel.getByText('El programa se reinició; estuvo apagado 41 s').waitFor();
    expect(await panel.locator('[data-entry-type=answer-saved]').count()).toBe(0);
    await panel.getByRole('switch').click();
    await panel.getByText('Guardó su respuesta a redes-04').waitFor();
    expect(await panel.locator('[data-entry-type]').count()).toBe(bench.server.entries.length);
    expect(await panel.textContent()).not.toMatch(/\{\{|entry\.|fact\./);
    expect(await visit.violations({ within: PANEL })).toEqual([]);
  });

  it('shows effects of accommodations, never more', async () => {
    const panel = await open(6);
    await panel.getByText('Equipo, conexión y datos').click();
    await panel.getByText('Tiempo adicional; Sin cámara (autorizado)').waitFor();
    await panel.getByText(/Otra aplicación abierta; /).waitFor();
  });

  it.each([
    ['lab-technician', 0, 0],
    ['authority', 0, 1],
  ] as const)('offers to a %s only what the role may', async (role, commands, exports) => {
    visit = await bench.open();
    bench.server.role = role;
    await visit.enterRoom();
    const panel = await open(7);
    await panel.getByText('Registro', { exact: true }).waitFor();
    expect(
      await panel.getByRole('button', { name: /Mensaje|Pausar|Cerrar examen|Desestimar/ }).count(),
    ).toBe(commands);
    expect(await panel.getByRole('link').count()).toBe(exports);
    expect(await panel.locator('img').count()).toBe(exports * 3);
    expect(bench.server.asked.get('/api/attempts/attempt-7')).toBe(exports === 0 ? undefined : 1);
  });
});
