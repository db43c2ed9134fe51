import type { Locator } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SECOND } from '#shared/kernel/time.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import {
  GOOD_SAMPLE,
  type KioskHarness,
  type KioskPage,
  sharedHarness,
} from './harness/kiosk-page.ts';
import {
  beforeExam,
  closedView,
  copyAttempt,
  FAILED_LINES,
  HASH,
  inExam,
  offLine,
  READY_LINES,
  viewOf,
} from './views.ts';

describe('keys of the entry', () => {
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

  test('a machine that cannot run the kiosk says so', async () => {
    const other = await harness.open({ address: '?broken' });
    await other.page.getByRole('heading', { name: 'El kiosco no puede usarse' }).waitFor();
    expect(await other.page.getByRole('button', { name: 'Volver a cargar' }).count()).toBe(1);
    await other.page.context().close();
  });

  test('a screen that fails says so and offers the way back', async () => {
    // A question without options can only come from a broken host; the page must not turn white.
    const view = inExam();
    const broken = { ...view, form: { attemptId: 'attempt-1', questions: [{ id: 'q-8' }] } };
    await kiosk.show(broken as unknown as KioskView);
    await kiosk.page.getByRole('heading', { name: 'La pantalla se interrumpió' }).waitFor();
  });

  describe('enrolment', () => {
    test('by the code of the address, which is then gone from it', async () => {
      const other = await harness.open({ address: '#enrol=SALA-3-17' });
      expect(new URL(other.page.url()).hash).toBe('');
      await other.show(viewOf({ stage: 'not-enrolled', device: null }));
      await other.page.waitForFunction(() => window.harness.host.actions.length > 0);
      expect(await other.actions()).toEqual([{ type: 'enrol', code: 'SALA-3-17' }]);
      await other.page.context().close();
    });

    test('by hand', async () => {
      await kiosk.refuse('enrol', 'unknown-code');
      await kiosk.show(viewOf({ stage: 'not-enrolled', device: null }));
      await kiosk.page.locator('input:focus').waitFor();
      await press('Enter');
      await kiosk.page.getByText('Escriba el código de registro.').waitFor();
      await kiosk.page.keyboard.type('ab12-cd34');
      await press('Enter');
      await kiosk.page.getByRole('alert').filter({ hasText: 'no existe o ya venció' }).waitFor();
      expect(await done('enrol')).toEqual([{ type: 'enrol', code: 'AB12-CD34' }]);
    });
  });

  describe('sign-in', () => {
    beforeEach(async () => {
      await kiosk.show(viewOf({ stage: 'signed-out' }));
      await kiosk.page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
    });

    test('by keyboard alone', async () => {
      await kiosk.page.keyboard.type('0912345678');
      await press('Tab');
      await kiosk.page.keyboard.type('clave 1');
      await press('Enter');
      expect(await done('sign-in')).toEqual([
        { type: 'sign-in', document: '0912345678', secret: 'clave 1' },
      ]);
    });

    test('says what is missing and what is wrong', async () => {
      await kiosk.refuse('sign-in', 'wrong-credentials');
      await press('Enter');
      await kiosk.page.getByText('Escriba su clave de acceso.').waitFor();
      expect(await done('sign-in')).toEqual([]);
      await kiosk.page.keyboard.type('0912345678');
      await press('Tab');
      await kiosk.page.keyboard.type('x');
      await press('Enter');
      await kiosk.page.getByRole('alert').filter({ hasText: 'no coinciden' }).waitFor();
    });

    test('shows and hides the key', async () => {
      const field = kiosk.page.getByLabel('Clave de acceso');
      expect(await field.getAttribute('type')).toBe('password');
      await button('Mostrar la clave').press('Enter');
      expect(await field.getAttribute('type')).toBe('text');
      await button('Ocultar la clave').press('Enter');
      expect(await field.getAttribute('type')).toBe('password');
    });

    test('changes the language, and the next person begins in Spanish', async () => {
      await kiosk.page.getByText('English').click();
      await button('Sign in').waitFor();
      expect(await kiosk.page.evaluate(() => document.documentElement.lang)).toBe('en');
      await kiosk.show(closedView({ closedBy: 'examinee' }));
      await button('Sign out').press('Enter');
      await button('Salir').waitFor();
      expect(await done('sign-out')).toHaveLength(1);
    });
  });

  describe('device check', () => {
    test('asks for the first check by itself', async () => {
      await kiosk.show(beforeExam('device-check', { requirements: [] }));
      await kiosk.page.waitForFunction(() => window.harness.host.actions.length > 0);
      expect(await kiosk.actions()).toEqual([{ type: 'check-device' }]);
    });

    test('blocks with a reason, checks again, goes on', async () => {
      await kiosk.setFault('denied');
      await kiosk.show(beforeExam('device-check', { requirements: FAILED_LINES }));
      await kiosk.page.getByText('Falta resolver 2 requisitos marcados.').waitFor();
      await kiosk.page.getByText('No hay permiso para usar la cámara.').waitFor();
      expect(await button('Continuar').isDisabled()).toBe(true);
      await kiosk.setFault(null);
      await button('Volver a comprobar').press('Enter');
      expect(await done('check-device')).toHaveLength(1);
      await kiosk.page.waitForFunction(() => window.harness.feed.running);
      await kiosk.show(beforeExam('device-check', { requirements: READY_LINES }));
      await button('Continuar').press('Enter');
      expect(await done('accept-device')).toHaveLength(1);
    });
  });

  test('who signed in by mistake can leave before the exam', async () => {
    await kiosk.show(beforeExam('device-check'));
    await button('Salir').press('Enter');
    expect(await done('sign-out')).toHaveLength(1);
  });

  test('rules: read to the end, tick, accept; the button says what is missing', async () => {
    await kiosk.show(beforeExam('rules'));
    await press('Tab', 'Tab');
    const text = kiosk.page.getByRole('region', { name: 'Texto de las reglas' });
    await button('Aceptar y continuar').press('Enter');
    await kiosk.page.getByText('Falta leer hasta el final del texto.').waitFor();
    // The button leads to the text; End goes to its end.
    expect(await text.evaluate((element) => element === document.activeElement)).toBe(true);
    await press('End');
    await kiosk.page.getByText('Falta marcar la casilla.').waitFor();
    await press('Tab', 'Space');
    await kiosk.page.getByText('Puede continuar.').waitFor();
    expect(await done('accept-rules')).toEqual([]);
    await press('Tab', 'Enter');
    expect(await done('accept-rules')).toEqual([{ type: 'accept-rules', locale: 'es' }]);
  });

  describe('framing', () => {
    test('goes on after two good seconds, not before', async () => {
      await kiosk.show(beforeExam('framing'));
      await kiosk.say(GOOD_SAMPLE);
      await kiosk.page.getByText('Muy bien, quédese así').waitFor();
      await button('Continuar').press('Enter');
      expect(await done('confirm-framing')).toEqual([]);
      await kiosk.page.waitForTimeout(2_050);
      await kiosk.say(GOOD_SAMPLE);
      await kiosk.page.getByText('Puede continuar.').waitFor();
      await button('Continuar').press('Enter');
      expect(await done('confirm-framing')).toHaveLength(1);
    });

    test('one camera: nothing to choose; two: the choice, with the keyboard', async () => {
      await kiosk.show(beforeExam('framing'));
      await kiosk.say(GOOD_SAMPLE);
      await kiosk.page.getByText('Muy bien, quédese así').waitFor();
      const picker = kiosk.page.getByRole('combobox', { name: 'Cámara que se usa' });
      expect(await picker.count()).toBe(0);
      await kiosk.setCameras([
        { id: 'built-in', label: 'Integrada' },
        { id: 'usb', label: 'Externa' },
      ]);
      await picker.waitFor();
      expect(await picker.inputValue()).toBe('built-in');
      await picker.focus();
      await press('ArrowDown');
      await expect.poll(() => kiosk.page.evaluate(() => window.harness.feed.usedId)).toBe('usb');
      await kiosk.setFault('in-use');
      await picker.selectOption('built-in');
      await kiosk.page.getByText('Esa cámara no se pudo abrir').waitFor();
      expect(await picker.inputValue()).toBe('usb');
    });

    test.each([
      ['denied', 'No hay permiso para usar la cámara'],
      ['missing', 'No se encuentra ninguna cámara'],
      ['in-use', 'Otro programa está usando la cámara'],
    ] as const)('camera %s: what to do, and again', async (fault, said) => {
      await kiosk.setFault(fault);
      await kiosk.show(beforeExam('framing'));
      await kiosk.page.getByRole('alert').filter({ hasText: said }).waitFor();
      await kiosk.setFault(null);
      await button('Reintentar').press('Enter');
      await kiosk.say(GOOD_SAMPLE);
      await kiosk.page.getByText('Muy bien, quédese así').waitFor();
    });
  });

  describe('waiting room', () => {
    test('starts by itself at the server’s time', async () => {
      // The device is a minute behind the server; the shift starts in two seconds.
      const view = beforeExam('waiting', { clockOffsetMs: 60 * SECOND }, 62 * SECOND);
      await kiosk.show(view);
      await kiosk.page.getByText('Faltan').waitFor();
      expect(await done('start-exam')).toEqual([]);
      await kiosk.page.getByText('Abriendo el examen…').waitFor();
      await kiosk.page.waitForFunction(() => window.harness.host.actions.length > 0);
      expect(await done('start-exam')).toHaveLength(1);
    });

    test('goes on asking while the network is away, and says so', async () => {
      await kiosk.refuse('start-exam', 'offline', 200);
      await kiosk.show(beforeExam('waiting', {}, 2 * SECOND));
      await kiosk.page.getByText('Ya es la hora, pero no hay conexión').waitFor();
      await kiosk.page.waitForFunction(() => window.harness.host.actions.length >= 3);
    });
  });

  describe('the gate', () => {
    const asked = () =>
      inExam(
        { gate: { cause: 'reopened', sinceT: 1, pressedT: null, review: false } },
        { form: null },
      );
    const confirm = () => button('Soy yo, este es mi examen');

    test('says whose exam it is and takes one press by key, and no question is there', async () => {
      await kiosk.show(asked());
      await kiosk.page.getByRole('heading', { name: 'Confirme que es usted' }).waitFor();
      for (const text of ['María Fernanda', 'Fundamentos', 'B4', /^3[78]:\d\d$/])
        await kiosk.page.getByText(text).first().waitFor();
      expect(await kiosk.page.locator('fieldset').count()).toBe(0);
      await confirm().and(kiosk.page.locator(':enabled')).waitFor();
      await confirm().press('Enter');
      expect(await done('pass-gate')).toHaveLength(1);
    });

    test('a key that is still held from before is no press, nor a second click', async () => {
      await kiosk.show(inExam({ phase: 'paused', stoppedSinceT: 1, pauseReason: 'Ruido' }));
      await kiosk.page.keyboard.down('Enter');
      await kiosk.show(asked());
      await confirm().and(kiosk.page.locator(':enabled')).waitFor();
      await confirm().focus();
      for (let i = 0; i < 5; i += 1) await kiosk.page.keyboard.down('Enter');
      await kiosk.page.keyboard.up('Enter');
      await confirm()
        .click({ clickCount: 2, position: { x: 5, y: 5 } })
        .catch(() => undefined);
      expect((await done('pass-gate')).length).toBeLessThanOrEqual(1);
    });

    test('who comes late begins by the own press, and is not asked twice', async () => {
      await kiosk.show(beforeExam('waiting', {}, -9 * 60 * SECOND));
      await kiosk.page.getByText('El turno ya empezó').waitFor();
      await kiosk.page.getByText('1:00:00').first().waitFor();
      expect(await done('start-exam')).toEqual([]);
      await confirm().click();
      await kiosk.page.waitForFunction(() => window.harness.host.actions.length >= 2);
      expect((await kiosk.actions()).map(({ type }) => type)).toEqual(['start-exam', 'pass-gate']);
    });
  });

  describe('the end', () => {
    test('the receipt shows the record and the way out', async () => {
      await kiosk.show(closedView({ closedBy: 'examinee' }));
      await kiosk.page.getByRole('heading', { name: 'Examen entregado' }).waitFor();
      await kiosk.page.getByText('9 de 20').waitFor();
      await kiosk.page.getByText('231 entradas').waitFor();
      expect(await kiosk.page.locator('[data-hash]').textContent()).toBe(HASH);
      expect(await kiosk.page.getByRole('img', { name: /Código QR/ }).count()).toBe(1);
      await kiosk.page.getByText('Todo está en el servidor.').waitFor();
      const connection = { ...offLine(1), online: true, latencyMs: 4 };
      await kiosk.show(closedView({ closedBy: 'examinee' }, { connection }));
      await kiosk.page.getByText('Se está enviando 1 entrada. No apague el equipo.').waitFor();
      await button('Salir').press('Enter');
      expect(await done('sign-out')).toHaveLength(1);
    });

    test('by three copy attempts: each can still be contested', async () => {
      const incidents = [1, 2, 3].map((number) =>
        copyAttempt(number, 'clipboard', { acknowledged: true }),
      );
      await kiosk.show(closedView({ closedBy: 'copy-attempts', copyAttempts: 3, incidents }));
      await kiosk.page.getByRole('heading', { name: 'El examen se cerró' }).waitFor();
      await button('No estoy de acuerdo').nth(1).press('Enter');
      await kiosk.page.keyboard.type('No copié.');
      await button('Registrar y continuar').press('Enter');
      expect(await done('object')).toEqual([
        { type: 'object', incidentId: 'clipboard-2', text: 'No copié.' },
      ]);
    });
  });
});
