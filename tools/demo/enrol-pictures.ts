import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import type { Rehearsal } from '#renderer/rehearsal/rehearsal.ts';
import { type CaptureAdvice, captureAdvice } from '#shared/identity/capture-quality.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import { CHECK_CAPTURES } from '#shared/identity/match.ts';
import { check } from '#shared/kernel/schema.ts';
import {
  CAPTURES,
  CONSENT_VERSION,
  EnrolmentSignInResponseSchema,
} from '#shared/wire/enrolment.ts';
import type { DemoCredentials } from './server-process.ts';

/** Pictures are made this wide, as a camera would give them. */
const WIDTH = 640;
/** With fewer pictures than captures are needed, each is looked at again a little smaller. */
const SMALLER = 0.04;

const WHY: Readonly<Record<CaptureAdvice, string>> = {
  nobody: 'no se ve ningún rostro',
  'two-people': 'se ve más de un rostro; debe haber una sola persona',
  'move-closer': 'el rostro es demasiado pequeño',
  centre: 'el rostro está cortado por el borde',
  'more-light': 'el rostro está demasiado oscuro',
  'look-ahead': 'la persona no mira de frente',
  'hold-still': 'el rostro está borroso',
};

interface Picture {
  readonly name: string;
  readonly jpeg: Buffer;
}

/** Reads the pictures of `--enrol`. @throws Error with a sentence when one cannot be read or there are too many. */
export const readPictures = async (list: string): Promise<readonly Picture[]> => {
  const files = list.split(',').filter((file) => file !== '');
  if (files.length === 0 || files.length > CAPTURES.most)
    throw new Error(`--enrol necesita de 1 a ${CAPTURES.most} fotos separadas por comas.`);
  return Promise.all(
    files.map(async (file) => {
      try {
        const jpeg = await sharp(readFileSync(file))
          .rotate()
          .resize({ width: WIDTH, withoutEnlargement: true })
          .jpeg({ quality: 92 })
          .toBuffer();
        return { name: basename(file), jpeg };
      } catch {
        throw new Error(`No se puede leer la foto ${file}.`);
      }
    }),
  );
};

const base64 = ({ jpeg }: Picture): string => jpeg.toString('base64');

/**
 * Looks at the pictures in the kiosk's page with the product's own worker until there are as many captures as a
 * check of the face takes.
 * @throws Error with a sentence for the first picture that is not good enough.
 */
export const captureFaces = async (
  page: Page,
  pictures: readonly Picture[],
): Promise<readonly FaceCapture[]> => {
  const captures: FaceCapture[] = [];
  for (let round = 0; captures.length < CHECK_CAPTURES.wanted; round++) {
    const found = await page.evaluate(
      ([files, scale]) => (globalThis as { rehearsal?: Rehearsal }).rehearsal?.lookAt(files, scale),
      [pictures.map(base64), 1 - round * SMALLER] as const,
    );
    for (const [i, capture] of (found ?? []).entries()) {
      const advice = captureAdvice(capture);
      if (advice !== null)
        throw new Error(`La foto ${pictures[i]?.name} no sirve: ${WHY[advice]}.`);
      captures.push(capture);
    }
  }
  return captures.slice(0, CHECK_CAPTURES.wanted);
};

const post = async (
  origin: string,
  path: string,
  body: unknown,
  token?: string,
): Promise<unknown> => {
  const answer = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const said: unknown = await answer.json();
  if (answer.ok) return said;
  if (JSON.stringify(said).includes('captures-differ'))
    throw new Error('Las fotos no son de la misma persona.');
  throw new Error(`El registro biométrico fue rechazado: ${JSON.stringify(said)}`);
};

/** Enrols the demo's first examinee as the enrolment page would. @throws Error with a sentence when it is refused. */
export const enrolFace = async (
  origin: string,
  examinee: DemoCredentials['examinees'][number],
  captures: readonly FaceCapture[],
  pictures: readonly Picture[],
): Promise<void> => {
  const signedIn = check(
    EnrolmentSignInResponseSchema,
    await post(origin, '/api/enrolment/sign-in', {
      document: examinee.document,
      secret: examinee.accessCode,
    }),
  );
  if (!signedIn.ok) throw new Error(`The enrolment's answer does not fit: ${signedIn.error.path}`);
  const { token, status } = signedIn.value;
  // No document was photographed: the picture stands in for it.
  const portrait = pictures[0] ? base64(pictures[0]) : '';
  await post(
    origin,
    '/api/enrolment/submit',
    {
      consent: { version: CONSENT_VERSION, locale: 'es' },
      captures,
      portrait,
      document: {
        kind: status.examinee.documentKind,
        number: examinee.document,
        picture: portrait,
        qr: null,
      },
    },
    token,
  );
};
