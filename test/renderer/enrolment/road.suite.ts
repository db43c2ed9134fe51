import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Locator, expect as see } from '@playwright/test';
import { beforeAll, describe, expect, it } from 'vitest';
import { DESCRIPTOR_LENGTH } from '#shared/identity/face-capture.ts';
import { CAPTURES } from '#shared/wire/enrolment.ts';
import { WORDS as WORD_RULES } from '#test/support/axe.ts';
import { proportions, SPECIMEN_NUMBER, SPECIMEN_QR } from './document-scene.ts';
import {
  type EnrolmentBench,
  type EnrolmentPage,
  PATIENCE_MS,
  SIZES,
  sharedBench,
} from './enrolment-page.ts';
import { DOCUMENT, SECRET } from './scripted-enrolment.ts';

/** Set to a folder to keep pictures of the screens (for people who look at the design). */
const shots = process.env.ENROLMENT_SHOTS;

let bench: EnrolmentBench;
beforeAll(async () => {
  bench = await sharedBench();
  if (shots !== undefined) mkdirSync(shots, { recursive: true });
});

const toEnglish = async (visit: EnrolmentPage): Promise<void> => {
  await visit.page.getByText('English').click();
  await see(visit.page.locator('html')).toHaveAttribute('lang', 'en');
};

/** Words of both languages on the road. */
const WORDS = {
  es: {
    document: 'Cédula o pasaporte',
    secret: 'Clave de acceso',
    enter: 'Ingresar',
    start: 'Empezar el registro',
    accept: 'Acepto y continúo',
    go: 'Continuar',
    take: 'Tomar la foto',
    number: 'Número de cédula',
    scan: 'Leer el código QR',
    send: 'Enviar',
    done: 'Su identidad está registrada',
    data: 'Ver mis datos',
    mine: 'Mis datos',
    del: 'Borrar mi registro…',
    cancel: 'Cancelar',
  },
  en: {
    document: 'National ID or passport',
    secret: 'Access code',
    enter: 'Sign in',
    start: 'Start registration',
    accept: 'I accept, continue',
    go: 'Continue',
    take: 'Take the photo',
    number: 'ID card number',
    scan: 'Read the QR code',
    send: 'Send',
    done: 'Your new registration is under review',
    data: 'See my data',
    mine: 'My data',
    del: 'Delete my registration…',
    cancel: 'Cancel',
  },
} as const;

/** Goes on with Tab until the focus is on this. */
const reach = async (target: Locator): Promise<void> => {
  await target.waitFor();
  for (let at = 0; at < 40; at++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await target.page().keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target}`);
};

describe.each([
  ['es', 'with the keyboard alone'],
  ['en', 'with the mouse'],
] as const)('the whole road in %s, %s', (locale, _how) => {
  const byKeys = locale === 'es';
  const press = async (target: Locator): Promise<void> => {
    if (!byKeys) return target.click();
    await reach(target);
    await target.page().keyboard.press('Enter');
  };
  const write = async (target: Locator, text: string): Promise<void> => {
    if (!byKeys) return target.fill(text);
    await reach(target);
    await target.page().keyboard.press('Control+a');
    await target.page().keyboard.type(text);
  };

  it('is accessible, fits three sizes, and ends with what the server wants', async () => {
    const visit = await bench.open();
    const { page } = visit;
    const w = WORDS[locale];
    if (locale === 'en') await toEnglish(visit);
    const look = async (what: string): Promise<void> => {
      for (const size of SIZES.toReversed()) {
        await page.setViewportSize(size);
        if (shots !== undefined) {
          await page.screenshot({ path: join(shots, `${what}-${locale}-${size.width}.png`) });
        }
        expect(await visit.overflow(), `${what} ${size.width}`).toEqual([]);
        expect(await visit.smallTargets(), `${what} ${size.width}`).toEqual([]);
      }
      // With the language nothing changes but the words.
      const rules = locale === 'es' ? {} : { only: WORD_RULES };
      expect(await visit.violations(rules), what).toEqual([]);
      const text = await page.evaluate(() => document.body.innerText);
      expect(text, what).not.toMatch(/\b(enrolment|problems)\.[a-z]|\{\{/);
    };
    // Who enrols again waits for a person; who has never enrolled does not.
    bench.server.after = locale === 'es' ? 'active' : 'waiting';
    await look('01-sign-in');
    await write(page.getByLabel(w.document, { exact: true }), DOCUMENT);
    await write(page.getByLabel(w.secret, { exact: true }), SECRET);
    await press(visit.button(w.enter));
    await visit.button(w.start).waitFor();
    await look('02-where');
    await press(visit.button(w.start));
    const consent = page.getByRole('checkbox');
    await consent.waitFor();
    expect(await consent.isChecked()).toBe(false);
    await look('03-consent');
    if (byKeys) {
      await reach(consent);
      await page.keyboard.press('Space');
    } else await consent.check();
    await press(visit.button(w.accept));
    bench.camera.scene('two-people');
    await visit.sees('two-people');
    await look('04-two-people');
    bench.camera.scene('person');
    await visit.sees('complete');
    await look('05-face');
    bench.camera.scene('card');
    await press(visit.button(w.go));
    await see(visit.button(w.take)).toBeEnabled({ timeout: PATIENCE_MS });
    await write(page.getByLabel(w.number), '1234567890');
    await page.getByLabel(w.number).blur();
    await look('06-document');
    await press(visit.button(w.take));
    await write(page.getByLabel(w.number), SPECIMEN_NUMBER);
    bench.camera.scene('qr');
    await press(visit.button(w.scan));
    await see(page.locator('[data-qr]')).toHaveText(SPECIMEN_QR, { timeout: PATIENCE_MS });
    await look('07-document-taken');
    await press(visit.button(w.go));
    await visit.button(w.send).waitFor();
    await look('08-review');
    await press(visit.button(w.send));
    await visit.heading(w.done).waitFor();
    await look('09-done');
    await visit.button(w.data).click();
    await page.locator('[data-kept="template"]').waitFor();
    await look('10-data');
    await visit.button(w.del).click();
    await page.getByRole('dialog').waitFor();
    await look('11-delete');
    await visit.button(w.cancel).click();

    const [sent] = bench.server.submitted;
    expect(sent?.consent).toEqual({ version: bench.server.status.consentVersion, locale });
    expect(sent?.captures).toHaveLength(CAPTURES.most);
    const descriptors = sent?.captures.map(({ descriptor }) => JSON.stringify(descriptor)) ?? [];
    expect(new Set(descriptors).size).toBe(CAPTURES.most);
    for (const capture of sent?.captures ?? []) {
      expect(capture.faces).toBe(1);
      expect(capture.descriptor).toHaveLength(DESCRIPTOR_LENGTH);
    }
    expect(sent?.document).toMatchObject({
      kind: 'cedula',
      number: SPECIMEN_NUMBER,
      qr: SPECIMEN_QR,
    });
    // Head and shoulders stand upright; the card is cut to its own shape.
    expect(await proportions(sent?.portrait ?? '')).toBeLessThan(1.1);
    expect(await proportions(sent?.document.picture ?? '')).toBeCloseTo(85.6 / 53.98, 1);
    if (shots !== undefined) {
      await writeFile(join(shots, 'portrait.jpg'), Buffer.from(sent?.portrait ?? '', 'base64'));
      await writeFile(join(shots, 'card.jpg'), Buffer.from(sent?.document.picture ?? '', 'base64'));
    }
    expect(visit.faults).toEqual([]);
  });
});
