import { type Locator, expect as see } from '@playwright/test';
import { beforeAll, describe, expect, it } from 'vitest';
import { SPECIMEN_NUMBER } from './document-scene.ts';
import {
  type EnrolmentBench,
  type EnrolmentPage,
  PATIENCE_MS,
  sharedBench,
} from './enrolment-page.ts';
import { SECRET } from './scripted-enrolment.ts';

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
  it.each([
    ['two-people', 'two-people', 'Se ve a otra persona'],
    ['dark', 'more-light', 'Encienda una luz delante de usted'],
    ['nobody', 'nobody', 'No se ve su rostro'],
    ['far', 'move-closer', 'Acérquese'],
  ] as const)('%s', async (scene, advice, text) => {
    const visit = await bench.open();
    bench.camera.scene(scene);
    await visit.toFace();
    await visit.sees(advice);
    await visit.page.getByText(text).waitFor();
    // As many more looks as would be five frames of somebody who is seen well.
    await visit.page.waitForTimeout(5_000);
    await visit.sees(advice);
    expect(await count(visit)).toBe('0 de 5');
    expect(await visit.button(/Continuar/).count()).toBe(0);
  });
});

describe('with the keyboard alone', () => {
  it('one gets from the door to the end', async () => {
    const visit = await bench.open();
    const { page } = visit;
    const { keyboard } = page;
    /** Goes on with Tab until the focus is on this. */
    const reach = async (target: Locator) => {
      await target.waitFor();
      for (let at = 0; at < 40; at++) {
        if (await target.evaluate((element) => element === document.activeElement)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`Tab does not reach ${target}`);
    };
    await reach(page.getByLabel('Cédula o pasaporte', { exact: true }));
    await keyboard.type(SPECIMEN_NUMBER);
    await reach(page.getByLabel('Clave de acceso', { exact: true }));
    await keyboard.type(SECRET);
    await keyboard.press('Enter');
    await reach(visit.button('Empezar el registro'));
    await keyboard.press('Enter');
    await reach(page.getByRole('checkbox'));
    await keyboard.press('Space');
    await reach(visit.button('Acepto y continúo'));
    await keyboard.press('Enter');
    await visit.sees('complete');
    bench.camera.scene('card');
    await reach(visit.button('Continuar'));
    await keyboard.press('Enter');
    await see(visit.button('Tomar la foto')).toBeEnabled({ timeout: PATIENCE_MS });
    await reach(visit.button('Tomar la foto'));
    await keyboard.press('Enter');
    await visit.button('Repetir la foto').waitFor();
    await reach(page.getByLabel('Número de cédula'));
    await keyboard.type(SPECIMEN_NUMBER);
    await reach(visit.button('Continuar'));
    await keyboard.press('Enter');
    await reach(visit.button('Enviar'));
    await keyboard.press('Enter');
    await visit.heading('Su identidad está registrada').waitFor();
    expect(bench.server.submitted).toHaveLength(1);
  });
});

describe('what comes in the way', () => {
  /** With all that is to be sent, in front of the button that sends it. */
  const atReview = async (): Promise<EnrolmentPage> => {
    const visit = await bench.open();
    await visit.toFace();
    await visit.sees('complete');
    bench.camera.scene('card');
    await visit.button('Continuar').click();
    await see(visit.button('Tomar la foto')).toBeEnabled({ timeout: PATIENCE_MS });
    await visit.button('Tomar la foto').click();
    await visit.button('Repetir la foto').waitFor();
    await visit.page.getByLabel('Número de cédula').fill(SPECIMEN_NUMBER);
    await visit.button('Continuar').click();
    await visit.button('Enviar').waitFor();
    return visit;
  };

  it('problems of sending say what to do, and nothing is lost on the way', async () => {
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
    bench.server.after = 'waiting';
    await visit.button('Enviar').click();
    await visit.heading('Su registro nuevo está en revisión').waitFor();
    expect(visit.faults).toEqual([]);
  });

  it('frames of two people lead back to the camera, and leaving asks first', async () => {
    const visit = await atReview();
    bench.server.refusals.set('/api/enrolment/submit', { code: 'captures-differ' });
    await visit.button('Enviar').click();
    await visit.page.getByText('Las imágenes no muestran a la misma persona').waitFor();
    bench.camera.scene('two-people');
    await visit.button('Repetir las imágenes').click();
    await visit.sees('two-people');
    await visit.button('Salir').click();
    await visit.page.getByRole('dialog').getByText('¿Salir sin enviar?').waitFor();
    await visit.button('Seguir aquí').click();
    await visit.button('Salir').click();
    await visit.button('Salir y borrar').click();
    await visit.heading('Registre su identidad').waitFor();
    await visit.signIn();
    await visit.button('Empezar el registro').waitFor();
  });

  it('a camera that is not allowed says where to allow it', async () => {
    const visit = await bench.open({ camera: false });
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
