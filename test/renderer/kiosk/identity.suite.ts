import type { Locator } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CATALOGUE } from '#shared/incident/catalogue.ts';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import { check } from '#shared/kernel/schema.ts';
import { type KioskAction, KioskActionSchema } from '#shared/wire/kiosk-view.ts';
import {
  GOOD_SAMPLE,
  type KioskHarness,
  type KioskPage,
  sharedHarness,
} from './harness/kiosk-page.ts';
import { beforeExam, finished, inExam, inIdentity, offLine, roomScanOf } from './views.ts';

describe('identity', () => {
  let harness: KioskHarness;
  let kiosk: KioskPage;
  beforeAll(async () => {
    harness = await sharedHarness();
    kiosk = await harness.open();
  });
  afterAll(() => kiosk?.page.context().close());
  beforeEach(() => kiosk.restart());

  const button = (name: string | RegExp): Locator =>
    kiosk.page.getByRole('button', { name, exact: true });
  const heading = (name: string): Locator => kiosk.page.getByRole('heading', { name, level: 1 });
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await kiosk.page.keyboard.press(key);
  };
  const isFocused = (place: Locator): Promise<boolean> =>
    place.evaluate((element) => element === document.activeElement);
  /** What was asked of the host, each as the contract has it. */
  const done = async (type: KioskAction['type']): Promise<KioskAction[]> => {
    const actions = await kiosk.actions();
    for (const action of actions)
      expect(check(KioskActionSchema, action).ok, action.type).toBe(true);
    return actions.filter((action) => action.type === type);
  };
  const alertText = () =>
    kiosk.page
      .getByRole('alert')
      .evaluateAll((alerts) => alerts.map((alert) => alert.textContent).join(' '));

  describe('identity check', () => {
    test('begins by keyboard, and the step is named', async () => {
      await kiosk.show(inIdentity());
      await kiosk.page.locator('[aria-current=step]').filter({ hasText: 'Identidad' }).waitFor();
      expect(await isFocused(heading('Verificación de identidad'))).toBe(true);
      await button('Verificar mi identidad').press('Enter');
      expect(await done('begin-identity')).toEqual([{ type: 'begin-identity' }]);
    });

    test.each([
      [
        'where the room checks documents',
        inIdentity({ settings: { check: 'by-hand', enrolled: false, challenge: false } }),
      ],
      ['before it was told of at all', beforeExam('waiting')],
    ])('has no step %s', async (_, view) => {
      await kiosk.show(view);
      await kiosk.page
        .locator('[aria-current=step]')
        .or(heading('Verificación de identidad'))
        .first()
        .waitFor();
      expect(
        await kiosk.page
          .getByRole('listitem')
          .filter({ hasText: /^\d?Identidad/ })
          .count(),
      ).toBe(0);
    });

    test.each([
      ['left', 'SU izquierda'],
      ['right', 'SU derecha'],
    ] as const)(
      'a turn to the %s points there in the mirror, and is said once',
      async (turn, words) => {
        await kiosk.show(
          inIdentity({}, { stage: 'turn', turn, turnsDone: 1, endsAt: Date.now() + 60_000 }),
        );
        await kiosk.say(GOOD_SAMPLE);
        await kiosk.page.getByRole('heading', { name: `Gire la cabeza hacia ${words}` }).waitFor();
        const video = kiosk.page.locator('video');
        const mirrored = await video.evaluate((element) => getComputedStyle(element).transform);
        expect(mirrored, 'the preview is a mirror').toMatch(/^matrix\(-1, 0, 0, 1/);
        const picture = await video.boundingBox();
        const arrow = await kiosk.page.locator(`[data-turn-arrow=${turn}]`).boundingBox();
        if (picture === null || arrow === null) throw new Error('nothing is drawn');
        const middle = arrow.x + arrow.width / 2 - (picture.x + picture.width / 2);
        expect(Math.sign(middle), 'side of the screen').toBe(turn === 'left' ? -1 : 1);
        expect(arrow.width).toBeGreaterThan(100);
        await kiosk.page.getByText('Giros: 1 de 2').waitFor();
        const said = await alertText();
        expect(said).toContain(words);
        // A live region that changed with the countdown would be read out each second.
        expect(said).not.toMatch(/\d/);
        expect(await kiosk.page.locator('[role=timer]').getAttribute('aria-label')).toMatch(
          /^Quedan \d+ segundos$/,
        );
      },
    );

    test('advice while it looks is polite; the turn interrupts', async () => {
      await kiosk.show(
        inIdentity({}, { stage: 'looking', advice: 'more-light', endsAt: Date.now() + 60_000 }),
      );
      await kiosk.page
        .getByRole('status')
        .filter({ hasText: 'Encienda una luz delante de usted' })
        .waitFor({ state: 'attached' });
      expect(await alertText()).not.toContain('luz');
      expect(await button('Verificar mi identidad').count()).toBe(0);
    });

    test('an answer that did not verify: calm words, another try, the focus at the new heading', async () => {
      await kiosk.show(inIdentity({}, { stage: 'ending', endsAt: Date.now() + 1_000 }));
      await kiosk.page.getByText('Ya casi está').first().waitFor();
      await kiosk.show(inIdentity({ checks: [finished('no')] }, { triesLeft: 1 }));
      await heading('Falta confirmar su identidad').waitFor();
      expect(await isFocused(heading('Falta confirmar su identidad'))).toBe(true);
      await kiosk.page.getByText('No pudimos confirmarlo con la cámara').waitFor();
      await kiosk.page.getByText('El aplicador lo revisará y decide. No es una falta.').waitFor();
      await kiosk.page.getByText('Puede intentarlo 1 vez más.').waitFor();
      expect(await kiosk.page.locator('main').innerText()).not.toMatch(
        /impost|suplanta|fraude|otra persona|0[.,]57/i,
      );
      await button('Intentar otra vez').press('Enter');
      expect(await done('begin-identity')).toHaveLength(1);
    });

    test.each([
      ['no tries are left', inIdentity({ checks: [finished('no')] }, { triesLeft: 0 })],
      [
        'there is no template',
        inIdentity({ checks: [finished('not-enrolled')] }, { triesLeft: 3 }),
      ],
    ])('a person decides when %s', async (_, view) => {
      await kiosk.show(view);
      await heading('Espere al aplicador').waitFor();
      expect(await button('Intentar otra vez').count()).toBe(0);
      expect(await button('No tengo mi documento').count()).toBe(1);
    });

    test('a decision lets the person on, and the waiting room says who confirmed it', async () => {
      await kiosk.show(inIdentity({ documentMissing: true }));
      await heading('Espere al aplicador').waitFor();
      const { attempt } = inIdentity({
        decision: {
          decision: 'digital-id-validated',
          by: 'Ing. Luis Cedeño',
          authorisedBy: null,
          reason: 'QR validado',
          t: 1,
        },
      });
      if (attempt === null) throw new Error('no attempt');
      await kiosk.show(inIdentity({}, {}, { attempt: { ...attempt, phase: 'waiting' } }));
      await heading('Sala de espera').waitFor();
      await kiosk.page.getByText('Confirmada por el personal').waitFor();
    });

    test('a camera that fails says so and is tried again', async () => {
      await kiosk.setFault('denied');
      await kiosk.show(inIdentity());
      await kiosk.page.getByRole('alert').filter({ hasText: 'No hay permiso' }).waitFor();
      await kiosk.setFault(null);
      await button('Reintentar').press('Enter');
      await kiosk.say(GOOD_SAMPLE);
      await kiosk.page.getByText('No hay permiso').waitFor({ state: 'detached' });
    });
  });

  describe('no document', () => {
    test('asks twice, by keyboard, and goes back without a word', async () => {
      await kiosk.show(inIdentity());
      await button('No tengo mi documento').press('Enter');
      const dialog = kiosk.page.getByRole('dialog');
      await dialog.waitFor();
      await press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await done('report-missing-document')).toEqual([]);
      await button('No tengo mi documento').press('Enter');
      // Keys go where the dialog begins once it has the focus.
      await expect.poll(() => isFocused(button('Volver'))).toBe(true);
      await press('Tab', 'Enter');
      expect(await done('report-missing-document')).toEqual([{ type: 'report-missing-document' }]);
      await kiosk.show(inIdentity({ documentMissing: true }));
      await heading('Espere al aplicador').waitFor();
      expect(await isFocused(heading('Espere al aplicador'))).toBe(true);
      expect(await button('No tengo mi documento').count()).toBe(0);
    });

    test.each([
      [true, /El aplicador ya tiene el aviso/],
      [false, /todavía no le llega al aplicador.*puede decidir en este equipo/s],
    ])('with a connection: %s', async (online, said) => {
      const pending = online ? 0 : 2;
      const connection = { online, looking: false, fault: null, pending, latencyMs: null };
      await kiosk.show(inIdentity({ documentMissing: true }, {}, { connection }));
      await kiosk.page.locator(`[data-told=${online}]`).filter({ hasText: said }).waitFor();
    });
  });

  describe('staff decide at the machine', () => {
    const open = async () => {
      await kiosk.show(inIdentity({ documentMissing: true }, {}, { connection: offLine(2) }));
      await button('Personal').press('Enter');
      await kiosk.page.getByLabel('Código de salida de la sesión').waitFor();
      await kiosk.page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
    };

    test('by keyboard alone, with who authorised the alternative', async () => {
      await open();
      await kiosk.page.keyboard.type('K7M2-0XQ1');
      await press('Tab');
      await press('Space', 'ArrowDown', 'ArrowDown');
      await kiosk.page.getByLabel('Quién la autorizó').waitFor();
      await press('Tab');
      expect(await isFocused(kiosk.page.getByLabel('Quién la autorizó'))).toBe(true);
      await kiosk.page.keyboard.type('Dra. Elena Viteri');
      await press('Tab');
      await kiosk.page.keyboard.type('Carné institucional con foto');
      await press('Tab', 'Tab', 'Enter');
      await kiosk.page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await done('staff-identity')).toEqual([
        {
          type: 'staff-identity',
          code: 'K7M2-0XQ1',
          decision: 'authorised-alternative',
          authorisedBy: 'Dra. Elena Viteri',
          reason: 'Carné institucional con foto',
        },
      ]);
    });

    test('says each thing that is missing, and sends nothing', async () => {
      await open();
      await button('Registrar la decisión').press('Enter');
      for (const text of [
        'Escriba el código de salida.',
        'Elija una decisión.',
        'Escriba el motivo, en unas palabras.',
      ]) {
        await kiosk.page.getByText(text).waitFor();
      }
      await kiosk.page
        .getByRole('radio', { name: 'Alternativa autorizada (Art. 31)' })
        .press('Space');
      await kiosk.page.getByText('Escriba quién autorizó la alternativa.').waitFor();
      expect(await done('staff-identity')).toEqual([]);
    });

    test('an authoriser belongs to the alternative only', async () => {
      await open();
      await kiosk.page.keyboard.type('K7M2-0XQ1');
      await kiosk.page.getByRole('radio', { name: 'Alternativa autorizada (Art. 31)' }).click();
      await kiosk.page.getByLabel('Quién la autorizó').fill('Dra. Elena Viteri');
      await kiosk.page.getByRole('radio', { name: 'No se acepta la identidad' }).click();
      await kiosk.page.getByLabel('Quién la autorizó').waitFor({ state: 'detached' });
      await kiosk.page.getByLabel('Motivo').fill('No es la persona');
      await button('No aceptar la identidad').click();
      expect(await done('staff-identity')).toMatchObject([
        { decision: 'refused', authorisedBy: null, reason: 'No es la persona' },
      ]);
    });

    test('a wrong code is a sentence; the rest stays written', async () => {
      await kiosk.refuse('staff-identity', 'wrong-exit-code');
      await open();
      await kiosk.page.keyboard.type('MAL');
      await kiosk.page.getByRole('radio', { name: 'Cédula digital validada en GOB.EC' }).click();
      await kiosk.page.getByLabel('Motivo').fill('QR validado en el teléfono del aplicador');
      await button('Registrar la decisión').click();
      await kiosk.page
        .getByRole('alert')
        .filter({ hasText: /código/i })
        .waitFor();
      expect(await kiosk.page.getByLabel('Código de salida de la sesión').inputValue()).toBe('');
      expect(await kiosk.page.getByLabel('Motivo').inputValue()).toContain('QR validado');
      await press('Escape');
      await kiosk.page.getByRole('dialog').waitFor({ state: 'detached' });
      await expect
        .poll(() => isFocused(button('Personal')), { message: 'back where it was opened' })
        .toBe(true);
    });

    test('is not offered where the session has no code', async () => {
      const view = inIdentity({ documentMissing: true });
      const ticket = view.ticket === null ? null : { ...view.ticket, staffExit: null };
      await kiosk.show({ ...view, ticket });
      await heading('Espere al aplicador').waitFor();
      expect(await button('Personal').count()).toBe(0);
    });
  });

  describe('rules', () => {
    test.each([
      [false, /Si no hay una incidencia, nadie ve la imagen/],
      [true, /ve de vez en cuando una imagen pequeña/],
    ])(
      'say how long things are kept and what staff see (thumbnails %s)',
      async (thumbnails, said) => {
        const view = inIdentity({}, {}, { attempt: beforeExam('rules').attempt });
        if (view.ticket === null) throw new Error('no ticket');
        const ticket = { ...view.ticket, privacy: { retentionDays: 97, thumbnails } };
        await kiosk.show({ ...view, ticket });
        const text = kiosk.page.getByRole('region', { name: 'Texto de las reglas' });
        await text.getByText(/se eliminan 97 días después/).waitFor();
        await text.getByText(said).waitFor();
        await text.getByText(/la cámara compara su rostro con el que usted registró/).waitFor();
        await text.getByText(/Se le pedirá girar la cabeza/).waitFor();
      },
    );

    test('say that no face is compared where documents are checked by hand', async () => {
      await kiosk.show(beforeExam('rules'));
      const text = kiosk.page.getByRole('region', { name: 'Texto de las reglas' });
      await text.getByText(/La cámara no compara su rostro/).waitFor();
      expect(await text.getByText(/girar la cabeza/).count()).toBe(0);
    });
  });

  describe('view of the room', () => {
    test('says who asks, why, and that the time stands still; begins by keyboard', async () => {
      await kiosk.show(roomScanOf());
      await heading('Muestre su entorno').waitFor();
      expect(await isFocused(heading('Muestre su entorno'))).toBe(true);
      await kiosk.page.getByText('Lo pide Ing. Luis Cedeño').waitFor();
      await kiosk.page.getByText('Se oyó una conversación cerca de su puesto.').waitFor();
      await kiosk.page.getByText('Su tiempo está detenido').waitFor();
      await kiosk.page.getByText('38:00').waitFor();
      expect(await kiosk.page.locator('[role=timer]').textContent()).toMatch(/^(90|8\d)$/);
      expect(await kiosk.page.getByText(/protocolo|pregunta/i).count(), 'no question is seen').toBe(
        0,
      );
      await button('Empezar').press('Enter');
      expect(await done('begin-room-scan')).toEqual([{ type: 'begin-room-scan' }]);
    });

    test('shows each side in turn with the live picture as it is, not mirrored', async () => {
      for (const [taken, words] of [
        [0, 'Muestre el lado izquierdo'],
        [2, 'Muestre lo que hay detrás'],
        [4, 'Muestre el lado derecho'],
        [7, 'Muestre la mesa'],
      ] as const) {
        await kiosk.show(roomScanOf({ stage: 'running', taken }));
        await kiosk.page.getByRole('heading', { name: words }).waitFor();
        await kiosk.page.getByText(`${taken} de 8 fotos`).waitFor();
        const bar = kiosk.page.getByRole('progressbar', { name: `${taken} de 8 fotos` });
        expect(await bar.getAttribute('aria-valuenow')).toBe(String((taken / 8) * 100));
      }
      const transform = await kiosk.page
        .locator('video')
        .evaluate((element) => getComputedStyle(element).transform);
      expect(transform).toBe('none');
      expect(await isFocused(heading('Mostrando su entorno'))).toBe(true);
      await kiosk.show(inExam());
      await kiosk.page.getByRole('button', { name: /Terminar examen/ }).waitFor();
    });

    test('refusing is asked twice and says what it means', async () => {
      await kiosk.show(roomScanOf());
      await button('No mostrarlo').press('Enter');
      const dialog = kiosk.page.getByRole('dialog');
      await dialog.getByText(/No cuenta como intento de copia/).waitFor();
      await dialog.getByText(/Quedará registrado/).waitFor();
      await press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await done('refuse-room-scan')).toEqual([]);
      await button('No mostrarlo').press('Enter');
      await dialog.getByRole('button', { name: 'No mostrarlo' }).press('Enter');
      expect(await done('refuse-room-scan')).toEqual([{ type: 'refuse-room-scan' }]);
    });
  });

  describe('warnings', () => {
    const kinds = INCIDENT_KINDS.filter((kind) => CATALOGUE[kind].policy.warnAfterMs !== null);

    test.each(kinds)('%s: what is seen, what to do, how long there is left', async (kind) => {
      const counts = CATALOGUE[kind].policy.effect === 'count';
      await kiosk.show(inExam({}, { warnings: [{ kind, counts, countsAt: Date.now() + 5_400 }] }));
      const banner = kiosk.page
        .getByRole('alert')
        .filter({ has: kiosk.page.locator(`[data-warning=${kind}]`) });
      await banner.waitFor();
      const before = await banner.locator('[aria-hidden=true] strong').textContent();
      expect(before).toMatch(/^[56] s$/);
      await expect
        .poll(() => banner.locator('[aria-hidden=true] strong').textContent())
        .not.toBe(before);
      // Whoever hears it hears the seconds once, not each time they change.
      const heard = await banner.locator('.visually-hidden').textContent();
      expect(heard).toMatch(counts ? /^Se contará en [56] s$/ : /^Se registrará en [56] s$/);
    });

    test('the one that counts first is shown, the others are named as more', async () => {
      const at = Date.now();
      await kiosk.show(
        inExam(
          {},
          {
            warnings: [
              { kind: 'low-light', counts: false, countsAt: at + 9_000 },
              { kind: 'no-face', counts: true, countsAt: at + 3_000 },
            ],
          },
        ),
      );
      await kiosk.page
        .locator('[data-warning=no-face]')
        .filter({ hasText: 'Y 1 aviso más.' })
        .waitFor();
      expect(await kiosk.page.locator('[data-warning]').count()).toBe(1);
    });
  });
});
