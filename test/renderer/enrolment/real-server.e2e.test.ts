import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, expect as see } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoCredentials } from '#server/demo/demo.ts';
import { type ServerProcess, startServerProcess } from '#test/fault/server-process.ts';
import type { LiveCamera } from '#test/support/camera-scene.ts';
import { PRODUCT } from '#test/support/exam/product-build.ts';
import { layRoomData } from '#test/support/exam/room-data.ts';
import { fakeCameraArgs, launchArgs, SHORT_LOOK, windowlessChromiumPath } from '#tools/chromium.ts';
import { EnrolmentPage, type EnrolmentScene, openEnrolmentCamera } from './enrolment-page.ts';

let folder: string;
let server: ServerProcess;
let credentials: DemoCredentials;
let camera: LiveCamera<EnrolmentScene>;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-real-enrolment-'));
  camera = await openEnrolmentCamera(mkdtempSync(join(folder, 'scenes-')));
  const data = mkdtempSync(join(folder, 'data-'));
  credentials = await layRoomData(data, { examinees: 1 });
  server = await startServerProcess(data, ['--pages', PRODUCT.pages]);
  browser = await chromium.launch({
    executablePath: windowlessChromiumPath(),
    args: [...launchArgs, ...fakeCameraArgs(camera.file), SHORT_LOOK],
  });
  context = await browser.newContext({ locale: 'es-EC', permissions: ['camera'] });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  camera?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** From where things stand to the end: consent, face, document, review. */
const enrol = async (visit: EnrolmentPage, start: string, number: string): Promise<void> => {
  camera.scene('person');
  await visit.button(start).click();
  await visit.page.getByRole('checkbox').check();
  await visit.button('Acepto y continúo').click();
  await visit.sees('complete');
  camera.scene('card');
  await visit.button('Continuar').click();
  await visit.takes('Repetir la foto');
  await visit.page.getByLabel('Número de cédula').fill(number);
  await visit.button('Continuar').click();
  await visit.button('Enviar').click();
};

test('a person enrols, enrols again, staff approve, staff give a code, the person deletes it all', async () => {
  const [first] = credentials.examinees;
  const coordinator = credentials.staff.find(({ role }) => role === 'coordinator');
  if (first === undefined || coordinator === undefined) throw new Error('the demo has nobody');
  const visit = new EnrolmentPage(await context.newPage(), server.url);
  await visit.goto();
  await visit.signIn(first.document, first.accessCode);
  await enrol(visit, 'Empezar el registro', first.document);
  await visit.heading('Su identidad está registrada').waitFor();
  await visit.button('Volver al inicio').click();
  await visit.page.locator('[data-state=active]').waitFor();

  await enrol(visit, 'Registrarme otra vez', first.document);
  await visit.heading('Su registro está en revisión').waitFor();

  const staff = await context.newPage();
  await staff.goto(`${server.url}/dashboard/#/identity`);
  await staff.getByLabel('Usuario', { exact: true }).fill(coordinator.user);
  await staff.getByLabel('Contraseña', { exact: true }).fill(coordinator.password);
  await staff.getByRole('button', { name: 'Ingresar' }).click();
  await staff.getByRole('button', { name: `Comparar: ${first.name}` }).click();
  const pictures = staff.getByRole('dialog').locator('img');
  await see(pictures).toHaveCount(2);
  for (const picture of await pictures.all()) {
    await expect
      .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(50);
  }
  // The same person before the same camera.
  await staff.getByRole('dialog').locator('[data-near=near]').waitFor();
  await staff.getByRole('button', { name: 'Aprobar…' }).click();
  await staff.getByLabel('Motivo de la aprobación').fill('Es la misma persona.');
  await staff.getByRole('button', { name: 'Aprobar', exact: true }).click();
  await staff.getByText('No hay registros por aprobar.').waitFor();

  await staff.getByRole('tab', { name: 'Conservación' }).click();
  await staff.locator('[data-process]').first().waitFor();
  await staff.getByRole('tab', { name: 'Personas' }).click();
  await staff.getByLabel(/^Apellidos, nombres/).fill(first.name);
  await staff.getByRole('button', { name: 'Buscar' }).click();
  await staff.getByRole('button', { name: `Código de aula para ${first.name}` }).click();
  await staff.getByRole('button', { name: 'Crear el código' }).click();
  const code = await staff.locator('[data-room-code]').textContent();

  const other = new EnrolmentPage(await context.newPage(), server.url);
  await other.goto(`#code=${code}`);
  await other.page.locator('[data-state=active]').waitFor();
  await other.button('Mis datos').click();
  await other.page.locator('[data-kept=portrait]').waitFor();
  await other.page.getByText('Coordinación miró: su retrato').first().waitFor();
  await other.button('Borrar mi registro…').click();
  await other.page.getByLabel('Para confirmar, escriba BORRAR').fill('BORRAR');
  await other.button('Borrar ahora').click();
  // Whoever else has the code in hand must not be able to do that.
  await other.page.getByText('Con un código de aula no se puede borrar.').waitFor();
  await other.button('Cancelar').click();
  await other.button('Salir').click();
  await other.signIn(first.document, first.accessCode);
  await other.button('Mis datos').click();
  await other.button('Borrar mi registro…').click();
  await other.page.getByLabel('Para confirmar, escriba BORRAR').fill('BORRAR');
  await other.button('Borrar ahora').click();
  await other.page.locator('[data-deleted]').waitFor();
  await other.page.locator('[data-kept=template]').waitFor({ state: 'detached' });
  await other.button('Atrás').click();
  await other.page.locator('[data-state=none]').waitFor();
  expect([...visit.faults, ...other.faults]).toEqual([]);
});
