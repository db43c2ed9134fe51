import type { Locator } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { QuestionId } from '#shared/kernel/ids.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import {
  GOOD_SAMPLE,
  type KioskHarness,
  type KioskPage,
  sharedHarness,
} from './harness/kiosk-page.ts';
import { closedView, copyAttempt, inExam, message, offLine } from './views.ts';

describe('keys of the exam', () => {
  let harness: KioskHarness;
  let kiosk: KioskPage;
  beforeAll(async () => {
    harness = await sharedHarness();
    kiosk = await harness.open();
  });
  afterAll(() => kiosk?.page.context().close());
  beforeEach(() => kiosk.restart());

  const button = (name: string | RegExp): Locator => kiosk.page.getByRole('button', { name });
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await kiosk.page.keyboard.press(key);
  };
  const done = async (type: KioskAction['type']): Promise<KioskAction[]> =>
    (await kiosk.actions()).filter((action) => action.type === type);
  /** Waits until the focus has arrived where a dialog puts it. */
  const focusOn = (text: string): Promise<void> =>
    expect.poll(() => kiosk.page.evaluate(() => document.activeElement?.textContent)).toBe(text);
  const heading = () => kiosk.page.getByRole('heading', { level: 1 }).textContent();

  describe('the exit for staff', () => {
    beforeEach(async () => {
      await kiosk.show(inExam());
      await kiosk.page.getByText('Pregunta 8 de 20').waitFor();
      await button('Personal').press('Enter');
      await kiosk.page.getByLabel('Código de salida de la sesión').waitFor();
    });

    test('keys typed there answer no question, and both fields are asked for', async () => {
      await press('Enter');
      await kiosk.page.getByText('Escriba el código de salida.').waitFor();
      await kiosk.page.getByText('Escriba el motivo, en unas palabras.').waitFor();
      await kiosk.page.keyboard.type('m3k7');
      await press('Tab');
      await kiosk.page.keyboard.type('Falla 2');
      expect(await done('answer')).toEqual([]);
      expect(await done('flag')).toEqual([]);
      expect(await done('staff-exit')).toEqual([]);
      await press('Tab', 'Tab', 'Enter');
      await expect
        .poll(() => done('staff-exit'))
        .toEqual([{ type: 'staff-exit', code: 'm3k7', reason: 'Falla 2' }]);
    });

    test('Escape goes back to the exam', async () => {
      await press('Escape');
      await kiosk.page.getByRole('dialog').waitFor({ state: 'detached' });
      await press('3');
      expect(await done('answer')).toHaveLength(1);
    });
  });

  describe('the exam by keyboard', () => {
    beforeEach(async () => {
      await kiosk.show(inExam());
      await kiosk.page.getByText('Pregunta 8 de 20').waitFor();
    });

    test('comes back to the question of the record, with the focus on it', async () => {
      expect(await kiosk.page.evaluate(() => document.activeElement?.textContent)).toBe(
        'Pregunta 8 de 20',
      );
      expect(await done('visit')).toEqual([]);
    });

    test('numbers choose, the choice is shown at once and stored', async () => {
      await press('3');
      expect(await kiosk.page.getByRole('radio').nth(2).isChecked()).toBe(true);
      expect(await done('answer')).toEqual([
        { type: 'answer', questionId: 'q-8', optionIds: ['c'] },
      ]);
    });

    test('arrows change the question, also from inside the options, and M flags it', async () => {
      await press('Tab', 'ArrowRight');
      expect(await heading()).toBe('Pregunta 9 de 20');
      await press('ArrowLeft', 'ArrowLeft', 'm');
      expect(await heading()).toBe('Pregunta 7 de 20');
      expect(await done('visit')).toMatchObject([
        { questionId: 'q-9' },
        { questionId: 'q-8' },
        { questionId: 'q-7' },
      ]);
      expect(await done('flag')).toEqual([{ type: 'flag', questionId: 'q-7', flagged: true }]);
      expect(await done('answer')).toEqual([]);
    });

    test('up and down move inside the options', async () => {
      await press('Tab', 'ArrowDown', 'ArrowDown');
      expect(await done('answer')).toMatchObject([{ optionIds: ['b'] }, { optionIds: ['c'] }]);
      expect(await heading()).toBe('Pregunta 8 de 20');
    });

    test('several answers are taken and dropped', async () => {
      await kiosk.restart();
      await kiosk.show(inExam({ questionId: 'q-4' as QuestionId }));
      await kiosk.page.getByText('Pregunta 4 de 20').waitFor();
      await press('1', '2');
      expect(await done('answer')).toMatchObject([
        { questionId: 'q-4', optionIds: ['c'] },
        { questionId: 'q-4', optionIds: ['b', 'c'] },
      ]);
    });

    test('nothing happens with Alt, Ctrl or when shortcuts are off', async () => {
      await press('Alt+1', 'Control+2');
      await kiosk.page.getByRole('switch', { name: 'Usar atajos' }).press('Space');
      await press('1', 'm', 'ArrowRight');
      expect(await done('answer')).toEqual([]);
      expect(await done('flag')).toEqual([]);
      expect(await heading()).toBe('Pregunta 8 de 20');
    });

    test('the overview is one stop, with arrows inside', async () => {
      await kiosk.page.getByRole('button', { name: /^Pregunta 8,/ }).focus();
      await press('ArrowDown', 'ArrowRight');
      expect(await heading()).toBe('Pregunta 8 de 20');
      await press('Enter');
      expect(await heading()).toBe('Pregunta 15 de 20');
      await press('Tab', 'Shift+Tab');
      expect(await kiosk.page.locator('nav button[tabindex="0"]').count()).toBe(1);
    });

    test('finishing lists what is open and what is flagged; Escape goes back to where one was', async () => {
      await button('Terminar examen').focus();
      await press('Enter');
      const dialog = kiosk.page.getByRole('dialog');
      await dialog.getByText('Quedan 11 preguntas sin responder:').waitFor();
      await dialog.getByText('Tiene 2 preguntas marcadas para después:').waitFor();
      expect(await dialog.getByRole('button', { name: 'Ir a la pregunta 20' }).count()).toBe(1);
      await press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await done('submit')).toEqual([]);
      await focusOn('Terminar examen');
      await press('Enter');
      await focusOn('Volver al examen');
      await dialog.getByRole('button', { name: 'Ir a la pregunta 12' }).press('Enter');
      await kiosk.page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await heading()).toBe('Pregunta 12 de 20');
      await button('Terminar examen').press('Enter');
      await focusOn('Volver al examen');
      await press('Tab', 'Enter');
      expect(await done('submit')).toHaveLength(1);
    });
  });

  describe('saved', () => {
    const saved = () => kiosk.page.locator('[data-saved]').getAttribute('data-saved');

    test('on the device, on the server, later, not at all', async () => {
      const offline = offLine(3);
      await kiosk.show(inExam({}, { sentSeq: 100 }));
      await kiosk.page.getByText('Guardado en este equipo').waitFor();
      await kiosk.show(inExam({}, { sentSeq: 100, connection: offline }));
      await kiosk.page.getByText('Se enviará cuando vuelva la red').waitFor();
      await kiosk.show(inExam());
      await kiosk.page.getByText('Enviado al servidor').waitFor();
      // Other entries come and go without a word.
      await kiosk.show(inExam({ seq: 160 }, { savedSeq: 160, sentSeq: 150 }));
      expect(await saved()).toBe('server');
      await kiosk.refuse('answer', 'storage-failed');
      await press('1');
      await kiosk.page.getByText(/Este equipo no puede guardar en su disco/).waitFor();
      expect(await saved()).toBe('failed');
      expect(await kiosk.page.getByRole('radio').nth(0).isChecked()).toBe(false);
    });
  });

  describe('time', () => {
    test.each([
      ['Quedan 15 minutos.', 15, 'last15'],
      ['Quedan 5 minutos.', 5, 'last5'],
      ['Queda 1 minuto. El examen se entregará por sí solo.', 1, 'last1'],
    ])('%s', async (said, minutes, state) => {
      await kiosk.show(inExam({}, {}, minutes * MINUTE + 1.2 * SECOND));
      const spoken = kiosk.page.locator('[aria-live=assertive]');
      expect(await spoken.textContent()).toBe('');
      await kiosk.page.locator(`[data-timer=${state}]`).waitFor();
      expect(await spoken.textContent()).toBe(said);
    });
  });

  describe('a warning', () => {
    test('says what to do and moves nothing', async () => {
      await kiosk.show(inExam());
      const places = () =>
        kiosk.page.evaluate(() =>
          ['main', 'footer', 'fieldset', '[role=timer]', 'nav'].map((name) => {
            const box = document.querySelector(name)?.getBoundingClientRect();
            return [name, box?.x, box?.y, box?.width, box?.height];
          }),
        );
      await kiosk.page.getByText('Pregunta 8 de 20').waitFor();
      const before = await places();
      const warnings = [{ kind: 'no-face', countsAt: Date.now() + 30_000, counts: true }] as const;
      await kiosk.show(inExam({}, { warnings }));
      const alert = kiosk.page
        .getByRole('alert')
        .filter({ hasText: 'Vuelva a sentarse frente a la cámara' });
      await alert.waitFor();
      expect(await alert.textContent()).toMatch(/Se contará en\s*(29|30) s/);
      expect(await places()).toEqual(before);
      await kiosk.show(inExam());
      await alert.waitFor({ state: 'detached' });
      expect(await places()).toEqual(before);
    });
  });

  describe('a copy attempt', () => {
    const incident = copyAttempt(1, 'clipboard');
    beforeEach(async () => {
      await kiosk.show(inExam({ copyAttempts: 1, incidents: [incident] }));
      await focusOn('Entendido');
    });

    test('is a dialog that keeps the focus and is only left through its buttons', async () => {
      const dialog = kiosk.page.getByRole('dialog', { name: 'Se registró un intento de copia' });
      await dialog.getByText('1 de 3', { exact: true }).waitFor();
      await dialog.getByText('Art. 29r').waitFor();
      await press('Escape', '1', 'ArrowRight');
      for (let tab = 0; tab < 5; tab += 1) {
        await press('Tab');
        expect(
          await kiosk.page.evaluate(
            () => document.activeElement?.closest('[role=dialog]') !== null,
          ),
        ).toBe(true);
      }
      expect(await done('answer')).toEqual([]);
      expect(await done('visit')).toEqual([]);
      await dialog.getByRole('button', { name: 'Entendido' }).press('Enter');
      await dialog.waitFor({ state: 'detached' });
      expect(await done('acknowledge')).toEqual([{ type: 'acknowledge', incidentId: incident.id }]);
    });

    test('that closes the exam keeps the focus too, and gives it to the screen that came behind it', async () => {
      await button('Entendido').press('Enter');
      await kiosk.page.getByRole('dialog').waitFor({ state: 'detached' });
      const before = [1, 2].map((number) => ({
        ...copyAttempt(number, 'clipboard'),
        acknowledged: true,
      }));
      const third = copyAttempt(3, 'clipboard');
      const incidents = [...before, third];
      await kiosk.show(inExam({ copyAttempts: 3, incidents }));
      await focusOn('Entendido');
      // The engine closes the exam right behind the count: the screen changes under the dialog.
      await kiosk.show(closedView({ closedBy: 'copy-attempts', copyAttempts: 3, incidents }));
      await kiosk.page.getByRole('heading', { level: 1, includeHidden: true }).waitFor();
      await focusOn('Entendido');
      await press('Enter');
      await kiosk.page.getByRole('dialog').waitFor({ state: 'detached' });
      expect((await done('acknowledge')).at(-1)).toEqual({
        type: 'acknowledge',
        incidentId: third.id,
      });
      await focusOn((await heading()) ?? '');
    });

    test('"No estoy de acuerdo" needs words and puts them on record', async () => {
      await button('No estoy de acuerdo').press('Enter');
      await press('Tab', 'Tab', 'Enter');
      await kiosk.page.getByText('Escriba qué pasó o pulse «Cancelar».').waitFor();
      expect(await done('object')).toEqual([]);
      await kiosk.page.getByRole('textbox').fill('  Se me cayó el lápiz.  ');
      await button('Registrar y continuar').press('Enter');
      await kiosk.page.getByRole('dialog').waitFor({ state: 'detached' });
      expect((await kiosk.actions()).slice(-2)).toEqual([
        { type: 'object', incidentId: incident.id, text: 'Se me cayó el lápiz.' },
        { type: 'acknowledge', incidentId: incident.id },
      ]);
    });

    test('does not lock the person out when it cannot be stored as seen', async () => {
      await kiosk.refuse('acknowledge', 'storage-failed');
      await button('Entendido').press('Enter');
      await kiosk.page.getByRole('dialog').waitFor({ state: 'detached' });
    });

    test('that a person withdrew is told', async () => {
      await button('Entendido').press('Enter');
      await kiosk.show(
        inExam({
          incidents: [
            { ...incident, acknowledged: true, dismissed: { by: 'A', reason: 'Fue la limpieza.' } },
          ],
        }),
      );
      await kiosk.page.getByText('Motivo: Fue la limpieza.').waitFor();
    });
  });

  test('a message is confirmed as read; a copy attempt comes first', async () => {
    const messages = [message('Revise su puesto.')];
    await kiosk.show(inExam({ messages, incidents: [copyAttempt(1, 'print')], copyAttempts: 1 }));
    await button('Entendido').press('Enter');
    const dialog = kiosk.page.getByRole('dialog', { name: 'Mensaje de Ing. Luis Cedeño' });
    await dialog.getByText('Revise su puesto.').waitFor();
    await dialog.getByRole('button', { name: 'Leído' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await done('read-message')).toEqual([{ type: 'read-message', commandId: 'command-1' }]);
  });

  test('the question cannot be selected, and no event is swallowed', async () => {
    await kiosk.show(inExam());
    const stem = kiosk.page.locator('#stem');
    await stem.waitFor();
    expect(await stem.evaluate((element) => getComputedStyle(element).userSelect)).toBe('none');
    await stem.dblclick();
    expect(await kiosk.page.evaluate(() => String(getSelection()))).toBe('');
    const untouched = await kiosk.page.evaluate(() =>
      ['copy', 'cut', 'paste', 'contextmenu', 'dragstart'].every((type) =>
        document.body.dispatchEvent(new Event(type, { bubbles: true, cancelable: true })),
      ),
    );
    expect(untouched).toBe(true);
  });

  test('samples and stills reach the host during the exam', async () => {
    await kiosk.show(inExam());
    await kiosk.say(GOOD_SAMPLE);
    await kiosk.page.waitForFunction(() => window.harness.host.stills > 0);
    expect(await kiosk.page.evaluate(() => window.harness.host.samples)).toEqual([GOOD_SAMPLE]);
    await kiosk.page.getByText('Cámara bien').waitFor();
  });
});
