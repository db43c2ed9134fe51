import { expect as see } from '@playwright/test';
import { beforeAll, describe, expect, it } from 'vitest';
import { SPECIMEN_NUMBER } from './document-scene.ts';
import {
  type EnrolmentBench,
  type EnrolmentPage,
  type EnrolmentScene,
  sharedBench,
} from './enrolment-page.ts';

let bench: EnrolmentBench;
beforeAll(async () => {
  bench = await sharedBench();
});

const count = (visit: EnrolmentPage): Promise<string | null> =>
  visit
    .advice()
    .getByText(/^\d de 5$/)
    .textContent();

describe('what is never taken', () => {
  // The models are loaded once, and one scene follows the other before the same camera.
  let visit: EnrolmentPage | undefined;
  const atFace = async (scene: EnrolmentScene): Promise<EnrolmentPage> => {
    const opened = await bench.open();
    bench.camera.scene(scene);
    await opened.toFace();
    return opened;
  };

  it.each([
    ['two-people', 'two-people', 'Se ve a otra persona'],
    ['dark', 'more-light', 'Encienda una luz delante de usted'],
    ['nobody', 'nobody', 'No se ve su rostro'],
    ['far', 'move-closer', 'Acérquese'],
  ] as const)('%s', async (scene, advice, text) => {
    visit ??= await atFace(scene);
    bench.camera.scene(scene);
    await visit.sees(advice);
    await visit.page.getByText(text).waitFor();
    // As many more looks as would be five frames of somebody who is seen well.
    await visit.page.waitForTimeout(2_500);
    await visit.sees(advice);
    expect(await count(visit)).toBe('0 de 5');
    expect(await visit.button(/Continuar/).count()).toBe(0);
  });
});

describe('what comes in the way', () => {
  /** With all that is to be sent, in front of the button that sends it. */
  const atReview = async (): Promise<EnrolmentPage> => {
    const visit = await bench.open();
    await visit.toFace();
    await visit.sees('complete');
    await visit.button('Continuar').click();
    // Still the person before the camera: a picture of oneself is no document.
    await visit.takes('En esta foto se ve a una persona, no un documento');
    bench.camera.scene('card');
    await visit.takes('Repetir la foto');
    await visit.page.getByLabel('Número de cédula').fill(SPECIMEN_NUMBER);
    await visit.button('Continuar').click();
    await visit.button('Enviar').waitFor();
    return visit;
  };

  it('problems of sending say what to do, nothing is lost on the way, and leaving asks first', async () => {
    const visit = await atReview();
    const { page } = visit;
    const refuse = async (
      code: Parameters<typeof bench.server.refusals.set>[1]['code'],
      text: string,
    ) => {
      bench.server.refusals.set('/api/enrolment/submit', { code });
      await visit.button('Enviar').click();
      await page.getByText(text).waitFor();
    };
    await refuse('not-in-this-stage', 'El registro no está abierto ahora');
    await refuse('too-large', 'Una de las imágenes es demasiado grande');
    await refuse('wrong-document', 'Ese número no es el de su documento registrado');
    await visit.button('Revisar el número').click();
    await see(page.getByLabel('Número de cédula')).toHaveValue(SPECIMEN_NUMBER);
    await visit.button('Repetir la foto').waitFor();
    // Where the photo stays as it is, nothing is loaded to look at another one.
    await expect.poll(() => page.workers().length, { timeout: 5_000 }).toBe(0);
    await visit.button('Atrás').click();
    await visit.sees('complete');
    await visit.button('Continuar').click();
    await visit.button('Continuar').click();
    bench.server.refusals.clear();
    bench.server.cable(false);
    await visit.button('Enviar').click();
    await page.getByText('lo que hizo no se pierde').waitFor();
    bench.server.cable(true);
    // The session is over: one signs in again and goes on where one was.
    bench.server.refusals.set('/api/enrolment/submit', { code: 'unauthorised' });
    await visit.button('Enviar').click();
    await page.getByText('Su ingreso venció').waitFor();
    bench.server.refusals.clear();
    await visit.signIn();
    await visit.button('Seguir donde estaba').click();
    expect(await page.getByRole('checkbox').isChecked()).toBe(true);
    await visit.button('Acepto y continúo').click();
    await visit.sees('complete');
    await visit.button('Continuar').click();
    await visit.button('Continuar').click();
    // Frames of two people lead back to the camera, and leaving asks first.
    bench.server.refusals.set('/api/enrolment/submit', { code: 'captures-differ' });
    await visit.button('Enviar').click();
    await page.getByText('Las imágenes no muestran a la misma persona').waitFor();
    bench.camera.scene('two-people');
    await visit.button('Repetir las imágenes').click();
    await visit.sees('two-people');
    await visit.button('Salir').click();
    await page.getByRole('dialog').getByText('¿Salir sin enviar?').waitFor();
    await visit.button('Seguir aquí').click();
    await visit.button('Salir').click();
    await visit.button('Salir y borrar').click();
    await visit.heading('Registre su identidad').waitFor();
    await visit.signIn();
    await visit.button('Empezar el registro').waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('whoever is refused three times goes on, and a person decides', async () => {
    const visit = await bench.open();
    await visit.toFace();
    await visit.sees('complete');
    await visit.button('Continuar').click();
    const insist = visit.button('Que una persona lo revise');
    for (const refused of ['En esta foto se ve', 'En esta foto se ve', 'sigue sin verse']) {
      expect(await insist.count()).toBe(0);
      await visit.takes(refused);
      await see(visit.button('Tomar la foto')).toBeEnabled();
    }
    await insist.click();
    await visit.page.getByLabel('Número de cédula').fill(SPECIMEN_NUMBER);
    await visit.button('Continuar').click();
    await visit.page.getByText('mirará la foto de su documento').waitFor();
    expect(await visit.violations()).toEqual([]);
    await visit.button('Enviar').click();
    await visit.heading('Su identidad está registrada').waitFor();
    expect(bench.server.submitted[0]?.document.look).toEqual({ doubt: true, refused: 3 });
    expect(visit.faults).toEqual([]);
  });

  it('a camera that is not allowed says where to allow it', async () => {
    const visit = await bench.open();
    await visit.page.evaluate(() => {
      // No person is there to answer the browser's question.
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('refused', 'NotAllowedError'));
    });
    await visit.toFace();
    await visit.page.locator('[data-fault=denied]').waitFor();
    await visit.page.getByText('Pulse el ícono de cámara o candado').waitFor();
    expect(await visit.violations()).toEqual([]);
  });

  it('a camera that is gone is found again by trying', async () => {
    const visit = await bench.open();
    await visit.page.evaluate(() => {
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      let tries = 0;
      mediaDevices.getUserMedia = (constraints) => {
        tries += 1;
        return tries === 1
          ? Promise.reject(new DOMException('busy', 'NotReadableError'))
          : open(constraints);
      };
    });
    await visit.toFace();
    await visit.page.locator('[data-fault=in-use]').waitFor();
    await visit.button('Volver a intentar').click();
    await visit.sees('complete');
  });
});
