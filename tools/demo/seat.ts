import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoCredentials } from './server-process.ts';

/** The words on the screens come from where the screens take them. */
export const KIOSK_WORDS = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../assets/locales/es/kiosk.json'), 'utf8'),
);

/** Whom a run is made with: a machine's code, and who sits down at it. @throws Error without an examinee. */
export const firstSeat = ({ enrolmentCodes, examinees }: DemoCredentials) => {
  const [code = ''] = enrolmentCodes;
  const [examinee] = examinees;
  if (examinee === undefined) throw new Error('The demo has no examinee.');
  return { code, examinee };
};
