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

/** Every screen has the switch. */
const speak = async (visit: EnrolmentPage, locale: 'es' | 'en'): Promise<void> => {
  await visit.page.getByText(locale === 'en' ? 'English' : 'Español', { exact: true }).click();
  await see(visit.page.locator('html')).toHaveAttribute('lang', locale);
};

/** Goes on with Tab until the focus is on this. */
const reach = async (target: Locator): Promise<void> => {
  await target.waitFor();
  for (let at = 0; at < 40; at++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await target.page().keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target}`);
};

const press = async (target: Locator): Promise<void> => {
  await reach(target);
  await target.page().keyboard.press('Enter');
};
const write = async (target: Locator, text: string): Promise<void> => {
  await reach(target);
  await target.page().keyboard.press('Control+a');
  await target.page().keyboard.type(text);
};

// By the mouse, against the real server, and whoever enrols again: real-server.e2e.test.ts.
describe('the whole road, with the keyboard alone', () => {
  it('is accessible, fits three sizes in both languages, and ends with what the server wants', async () => {
    const visit = await bench.open();
    const { page } = visit;
    const lookIn = async (locale: 'es' | 'en', what: string): Promise<void> => {
      for (const size of SIZES.toReversed()) {
        await page.setViewportSize(size);
        if (shots !== undefined) {
          await page.screenshot({ path: join(shots, `${what}-${locale}-${size.width}.png`) });
        }
        expect(await visit.overflow(), `${what} ${locale} ${size.width}`).toEqual([]);
        expect(await visit.smallTargets(), `${what} ${locale} ${size.width}`).toEqual([]);
      }
      // With the language nothing changes but the words.
      const rules = locale === 'es' ? {} : { only: WORD_RULES };
      expect(await visit.violations(rules), `${what} ${locale}`).toEqual([]);
      const text = await page.evaluate(() => document.body.innerText);
      expect(text, what).not.toMatch(/\b(enrolment|problems)\.[a-z]|\{\{/);
    };
    const look = async (what: string): Promise<void> => {
      await lookIn('es', what);
      await speak(visit, 'en');
      await lookIn('en', what);
      await speak(visit, 'es');
    };
    await look('01-sign-in');
    await write(page.getByLabel('Cédula o pasaporte', { exact: true }), DOCUMENT);
    await write(page.getByLabel('Clave de acceso', { exact: true }), SECRET);
    await press(visit.button('Ingresar'));
    await visit.button('Empezar el registro').waitFor();
    await look('02-where');
    await press(visit.button('Empezar el registro'));
    const consent = page.getByRole('checkbox');
    await consent.waitFor();
    expect(await consent.isChecked()).toBe(false);
    await look('03-consent');
    // What counts is in which language one has read it.
    await speak(visit, 'en');
    await reach(consent);
    await page.keyboard.press('Space');
    await press(visit.button('I accept, continue'));
    bench.camera.scene('two-people');
    await visit.sees('two-people');
    await speak(visit, 'es');
    await look('04-two-people');
    bench.camera.scene('person');
    await visit.sees('complete');
    await look('05-face');
    bench.camera.scene('card');
    await press(visit.button('Continuar'));
    await see(visit.button('Tomar la foto')).toBeEnabled({ timeout: PATIENCE_MS });
    const number = page.getByLabel('Número de cédula');
    await write(number, '1234567890');
    await number.blur();
    await look('06-document');
    await visit.takes('Repetir la foto', press);
    await write(number, SPECIMEN_NUMBER);
    bench.camera.scene('qr');
    await press(visit.button('Leer el código QR'));
    await see(page.locator('[data-qr]')).toHaveText(SPECIMEN_QR, { timeout: PATIENCE_MS });
    await look('07-document-taken');
    await press(visit.button('Continuar'));
    await visit.button('Enviar').waitFor();
    await look('08-review');
    await press(visit.button('Enviar'));
    await visit.heading('Su identidad está registrada').waitFor();
    await look('09-done');
    await press(visit.button('Ver mis datos'));
    await page.locator('[data-kept="template"]').waitFor();
    await look('10-data');
    for (const [locale, open, cancel] of [
      ['es', 'Borrar mi registro…', 'Cancelar'],
      ['en', 'Delete my registration…', 'Cancel'],
    ] as const) {
      await speak(visit, locale);
      await press(visit.button(open));
      await page.getByRole('dialog').waitFor();
      await lookIn(locale, '11-delete');
      await press(visit.button(cancel));
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }

    const [sent] = bench.server.submitted;
    expect(sent?.consent).toEqual({
      version: bench.server.status.consentVersion,
      locale: 'en',
    });
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
