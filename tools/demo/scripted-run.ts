import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { buildSceneFile, showScene } from '#tools/clip/build-clip.ts';
import type { SceneName } from '#tools/clip/scenes.ts';
import { readToEnd } from './read-to-end.ts';
import { firstSeat, KIOSK_WORDS as words } from './seat.ts';
import type { DemoCredentials } from './server-process.ts';

/** Longest wait for a screen: models load on a slow machine, and a camera check takes seconds. */
const SCREEN_MS = 60_000;
/** A glance under the rule's five seconds. */
const GLANCE_MS = 2_500;
/** Between two acts, so that they are two: longer than the rules' episode gap. */
const APART_MS = 7_000;
/** Framing must hold two seconds; the picture needs a moment. */
const SETTLE_MS = 1_500;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A camera whose picture the script changes while the kiosk watches it. */
export interface SceneCamera {
  readonly file: string;
  show(scene: SceneName): Promise<void>;
}

/** Builds the scenes from the sample photographs in the dependencies. @param folder where the files go. */
export const buildSceneCamera = async (folder: string): Promise<SceneCamera> => {
  const scenes: readonly SceneName[] = ['person', 'turned', 'nobody'];
  for (const scene of scenes) await buildSceneFile(scene, join(folder, `${scene}.y4m`));
  const file = join(folder, 'camera.y4m');
  await buildSceneFile('person', file);
  return { file, show: (scene) => showScene(join(folder, `${scene}.y4m`), file) };
};

export interface ScriptedRun {
  readonly page: Page;
  readonly origin: string;
  readonly credentials: DemoCredentials;
  readonly camera: SceneCamera;
  readonly say: (text: string) => void;
  readonly shoot: (name: string) => Promise<void>;
  /** Takes the keyboard away from the kiosk's window for a moment, as another program would. */
  readonly stealFocus: (ms: number) => Promise<void>;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** From the address to the first question, as an examinee does it. */
export const sitDown = async ({
  page,
  origin,
  credentials,
  say,
  shoot,
}: ScriptedRun): Promise<void> => {
  const { code, examinee } = firstSeat(credentials);
  say('el equipo se registra con su código de un solo uso');
  await page.goto(`${origin}/kiosk/#enrol=${code}`);
  await page.getByLabel(words.signIn.document).waitFor({ timeout: SCREEN_MS });
  await shoot('1-ingreso');
  say('el examinado ingresa');
  await page.getByLabel(words.signIn.document).fill(examinee.document);
  await page.getByLabel(words.signIn.secret, { exact: true }).fill(examinee.accessCode);
  await page.keyboard.press('Enter');
  say('revisión del equipo');
  await page.getByText(words.device.ready).waitFor({ timeout: SCREEN_MS });
  await shoot('2-revision-del-equipo');
  await button(page, words.device.continue).click();
  say('reglas y consentimiento');
  const rules = page.getByRole('region', { name: words.rules.region });
  await rules.focus();
  await readToEnd(rules, () => page.keyboard.press('End'));
  await page.getByLabel(words.rules.check).check();
  await shoot('3-reglas');
  await button(page, words.rules.accept).click();
  say('encuadre de la cámara');
  await page.getByText(words.framing.ready).waitFor({ timeout: SCREEN_MS });
  await shoot('4-encuadre');
  await button(page, words.framing.continue).click();
  await button(page, words.gate.confirm).waitFor({ timeout: SCREEN_MS });
  await shoot('4-confirmacion');
  say('confirma que es su examen');
  await button(page, words.gate.confirm).click();
  await button(page, words.exam.finish).waitFor({ timeout: SCREEN_MS });
  say('empieza el examen');
};

const acknowledge = async (page: Page): Promise<void> => {
  await button(page, words.notice.ok).click({ timeout: SCREEN_MS });
  await button(page, words.notice.ok).waitFor({ state: 'detached' });
};

/** A few answers, a glance that is too short to count, three different copy attempts, the closing. */
export const sitExam = async ({
  page,
  camera,
  say,
  shoot,
  stealFocus,
}: ScriptedRun): Promise<void> => {
  for (const key of ['1', '3', '2']) {
    await page.keyboard.press(key);
    await pause(400);
    await page.keyboard.press('ArrowRight');
    await pause(300);
  }
  await shoot('5-examen');
  await page.locator('[data-gate]').waitFor({ state: 'detached', timeout: SCREEN_MS });
  say('la cámara empieza a contar');
  say('mira a un lado 2,5 s: no llega a contar');
  await camera.show('turned');
  await pause(GLANCE_MS);
  await camera.show('person');
  await pause(APART_MS);

  say('sale del encuadre');
  await camera.show('nobody');
  await button(page, words.notice.ok).waitFor({ timeout: SCREEN_MS });
  await shoot('6-primer-intento');
  await camera.show('person');
  await pause(SETTLE_MS);
  await acknowledge(page);
  await pause(APART_MS);

  say('pega un texto');
  await page.keyboard.press('Control+v');
  await button(page, words.notice.ok).waitFor({ timeout: SCREEN_MS });
  await shoot('7-segundo-intento');
  await acknowledge(page);
  await pause(APART_MS);

  say('otra ventana toma el teclado');
  await stealFocus(1_500);
  await page.getByText(words.closed['copy-attempts'].title).first().waitFor({ timeout: SCREEN_MS });
  say('el examen se cerró por sí solo');
  await shoot('8-tercer-intento');
  await acknowledge(page);
  await page.getByText(words.receipt.sent).waitFor({ timeout: SCREEN_MS });
  await shoot('9-comprobante');
};
