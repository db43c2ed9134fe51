import type { Page } from '@playwright/test';
import type { Rehearsal } from '#renderer/rehearsal/rehearsal.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import { captureFaces, enrolFace, type readPictures } from './enrol-pictures.ts';
import { firstSeat, KIOSK_WORDS } from './seat.ts';
import type { DemoCredentials } from './server-process.ts';

/** The check of the face is over by then, ms. */
const PRESS_MS = 30_000;

const perform = (page: Page, action: KioskAction): Promise<void> =>
  page.evaluate(
    (wanted) => (globalThis as { rehearsal?: Rehearsal }).rehearsal?.perform(wanted),
    action,
  );

/**
 * Takes the attempt to the start of the exam without using up the clip: the camera opens last, and the
 * exam begins with its first frame.
 * @param pictures of the face that the examinee is enrolled with before, and that then passes the check; null where
 * the room checks by hand.
 * @returns when the first frame came, ms since 1970.
 */
export const beginWithFirstFrame = async (
  page: Page,
  origin: string,
  credentials: DemoCredentials,
  pictures: Awaited<ReturnType<typeof readPictures>> | null,
): Promise<number> => {
  await page.goto(`${origin}/rehearsal/`);
  await page.waitForFunction(
    () => (globalThis as { rehearsal?: Rehearsal }).rehearsal !== undefined,
  );
  const { code, examinee } = firstSeat(credentials);
  await perform(page, { type: 'enrol', code });
  const captures = pictures === null ? null : await captureFaces(page, pictures);
  if (captures !== null && pictures !== null) await enrolFace(origin, examinee, captures, pictures);
  await perform(page, {
    type: 'sign-in',
    document: examinee.document,
    secret: examinee.accessCode,
  });
  await page.evaluate(() => (globalThis as { rehearsal?: Rehearsal }).rehearsal?.prepareVision());
  await perform(page, { type: 'check-device' });
  await perform(page, { type: 'accept-device' });
  await perform(page, { type: 'accept-rules', locale: 'es' });
  if (captures !== null) {
    await page.evaluate(
      (found) => (globalThis as { rehearsal?: Rehearsal }).rehearsal?.checkIdentityWith(found),
      captures,
    );
    await perform(page, { type: 'confirm-framing' });
    await perform(page, { type: 'begin-identity' });
  }
  const startedAt = await page.evaluate(async (verified) => {
    const { rehearsal } = globalThis as { rehearsal?: Rehearsal };
    const first = await rehearsal?.openCamera();
    // The check of the face ends with its last capture; whoever is late then begins with the press.
    if (verified) return first;
    await rehearsal?.perform({ type: 'confirm-framing' });
    // The waiting room starts the exam by itself when its time has come; asked for here, it begins at once.
    await rehearsal?.perform({ type: 'start-exam' }).catch((error: unknown) => {
      if (!String(error).includes('not-in-this-stage')) throw error;
    });
    return first;
  }, captures !== null);
  if (captures !== null) {
    await page.getByRole('button', { name: KIOSK_WORDS.gate.confirm }).click({ timeout: PRESS_MS });
  }
  if (startedAt === undefined) throw new Error('The camera did not start.');
  return startedAt;
};
