import type { Page } from '@playwright/test';
import type { Rehearsal } from '#renderer/rehearsal/rehearsal.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import type { DemoCredentials } from './server-process.ts';

const perform = (page: Page, action: KioskAction): Promise<void> =>
  page.evaluate(
    (wanted) => (globalThis as { rehearsal?: Rehearsal }).rehearsal?.perform(wanted),
    action,
  );

/**
 * Takes the attempt to the start of the exam without using up the clip: the camera opens last, and the
 * exam begins with its first frame.
 * @returns when the first frame came, ms since 1970.
 */
export const beginWithFirstFrame = async (
  page: Page,
  origin: string,
  credentials: DemoCredentials,
): Promise<number> => {
  await page.goto(`${origin}/rehearsal/`);
  await page.waitForFunction(
    () => (globalThis as { rehearsal?: Rehearsal }).rehearsal !== undefined,
  );
  const [code = ''] = credentials.enrolmentCodes;
  const [examinee] = credentials.examinees;
  if (examinee === undefined) throw new Error('The demo has no examinee.');
  await perform(page, { type: 'enrol', code });
  await perform(page, {
    type: 'sign-in',
    document: examinee.document,
    secret: examinee.accessCode,
  });
  await page.evaluate(() => (globalThis as { rehearsal?: Rehearsal }).rehearsal?.prepareVision());
  await perform(page, { type: 'check-device' });
  await perform(page, { type: 'accept-device' });
  await perform(page, { type: 'accept-rules', locale: 'es' });
  const startedAt = await page.evaluate(async () => {
    const { rehearsal } = globalThis as { rehearsal?: Rehearsal };
    const first = await rehearsal?.openCamera();
    await rehearsal?.perform({ type: 'confirm-framing' });
    // The waiting room starts the exam by itself when its time has come; asked for here, it begins at once.
    await rehearsal?.perform({ type: 'start-exam' }).catch((error: unknown) => {
      if (!String(error).includes('not-in-this-stage')) throw error;
    });
    return first;
  });
  if (startedAt === undefined) throw new Error('The camera did not start.');
  return startedAt;
};
