import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type KioskHarness, type KioskPage, sharedHarness } from './harness/kiosk-page.ts';
import { inExam, offLine, viewOf } from './views.ts';

describe('the connection', () => {
  let harness: KioskHarness;
  let kiosk: KioskPage;
  beforeAll(async () => {
    harness = await sharedHarness();
    kiosk = await harness.open();
  });
  beforeEach(() => kiosk.restart());
  afterAll(() => kiosk?.page.context().close());

  const refused = { cause: 'refused', detail: 'ECONNREFUSED' } as const;
  const dialog = () => kiosk.page.getByRole('dialog');
  const open = async (): Promise<void> => {
    const chip = kiosk.page.getByRole('button', { name: 'Sin conexión con el servidor' });
    await chip.focus();
    await kiosk.page.keyboard.press('Enter');
    await dialog().waitFor();
  };

  test('before anybody has answered nobody reads that there is none', async () => {
    const connection = { ...offLine(0), looking: true };
    await kiosk.show(viewOf({ stage: 'signed-out', connection }));
    await kiosk.page.getByRole('button', { name: 'Buscando el servidor' }).waitFor();
    expect(await kiosk.page.getByText('Sin conexión').count()).toBe(0);
  });

  test('says why, by keyboard, and gives the place back', async () => {
    await kiosk.show(inExam({}, { connection: { ...offLine(2), fault: refused } }));
    await open();
    const text = await dialog().innerText();
    expect(text).toContain('El servidor no acepta conexiones en este momento');
    expect(text).toContain('Hay 2 registros guardados en este equipo');
    expect(text).not.toMatch(/cable/i);
    await kiosk.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    const focused = await kiosk.page.evaluate(() => document.activeElement?.textContent);
    expect(focused).toContain('Sin conexión');
  });

  test('connects again; where policy says no more, no other network is offered', async () => {
    await kiosk.show(inExam({}, { connection: { ...offLine(2), fault: refused } }));
    await open();
    await dialog().getByText('Conectado al Wi-Fi «UNEMI-Aulas».').waitFor();
    expect(await dialog().getByText('Otras redes').count()).toBe(0);
    await dialog().getByRole('button', { name: 'Volver a conectar' }).click();
    await dialog().getByText('Listo: la red está conectada.').waitFor();
    expect(await kiosk.page.evaluate(() => window.harness.network.asked)).toEqual(['reconnect']);
  });

  test('joins another one with its password, which is no answer and no fact', async () => {
    await kiosk.page.evaluate(() => window.harness.network.allow());
    await kiosk.show(inExam({}, { connection: { ...offLine(2), fault: refused } }));
    await open();
    await dialog().getByRole('button', { name: 'Conectar a UNEMI-Respaldo' }).click();
    const field = dialog().getByLabel('Clave de la red UNEMI-Respaldo');
    await field.waitFor();
    const before = await kiosk.actions();
    // The exam's own keys: letters choose answers, arrows and digits lead to questions.
    await field.pressSequentially('abcd 1234');
    await kiosk.page.keyboard.press('ArrowLeft');
    await kiosk.page.keyboard.press('Enter');
    await dialog().getByText('Listo: la red está conectada.').waitFor();
    expect(await kiosk.page.evaluate(() => window.harness.network.asked)).toEqual([
      'join UNEMI-Respaldo abcd 1234',
    ]);
    expect(await kiosk.actions()).toEqual(before);
    expect(await field.count()).toBe(0);
  });

  test.each([
    ['wrong-password', 'La clave no es correcta.'],
    ['denied', 'Este equipo no permite cambiar su red.'],
    ['not-found', 'Esa red ya no se ve.'],
    ['timeout', 'La red no respondió a tiempo.'],
  ] as const)('says what came of it: %s', async (outcome, sentence) => {
    await kiosk.page.evaluate((said) => {
      window.harness.network.allow();
      window.harness.network.outcome = said;
    }, outcome);
    await kiosk.show(inExam({}, { connection: { ...offLine(2), fault: refused } }));
    await open();
    await dialog().getByRole('button', { name: 'Conectar a Biblioteca' }).click();
    await dialog().getByText(sentence).waitFor();
  });

  test('an error of the connection goes when the server answers again', async () => {
    await kiosk.refuse('sign-in', 'offline');
    const away = { ...offLine(0), fault: refused };
    await kiosk.show(viewOf({ stage: 'signed-out', connection: away }));
    await kiosk.page.getByLabel('Cédula o pasaporte').fill('0912345678');
    await kiosk.page.locator('input[type=password]').fill('secreto');
    await kiosk.page.keyboard.press('Enter');
    const told = kiosk.page.getByRole('alert').filter({ hasText: 'No hay conexión' });
    await told.waitFor();
    await kiosk.show(viewOf({ stage: 'signed-out' }));
    await told.waitFor({ state: 'detached' });
    expect(kiosk.faults).toEqual([]);
  });
});
