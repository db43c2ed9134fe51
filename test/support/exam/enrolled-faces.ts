import sharp from 'sharp';
import { captureAdvice } from '#shared/identity/capture-quality.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import { CAPTURES, CONSENT_VERSION, type EnrolmentSignInResponse } from '#shared/wire/enrolment.ts';
import type { ExamineeAccess } from '#test/support/exam/examinee.ts';
import { VisionPage } from '#test/support/vision-page.ts';
import { buildActScene } from '#tools/clip/acting/build-scene.ts';
import type { PersonName } from '#tools/clip/acting/people.ts';

/** Captures of a person who sits still, made by the product's own camera watch in a real browser. */
export const captureFace = async (who: PersonName): Promise<readonly FaceCapture[]> => {
  const page = await VisionPage.open('person', false, {
    film: (file) => buildActScene('sitting', who, file),
  });
  try {
    const opened = await page.watch();
    const captures: FaceCapture[] = [];
    // The model of descriptors comes with the first capture, which may still be without one.
    for (let tries = 0; captures.length < CAPTURES.least && tries < 60; tries++) {
      const capture = await opened.evaluate(() => window.vision.watch.capture());
      if (capture !== null && captureAdvice(capture) === null) captures.push(capture);
      else await new Promise((done) => setTimeout(done, 250));
    }
    if (captures.length < CAPTURES.least) throw new Error(`no good captures of ${who}`);
    return captures;
  } finally {
    await page.close();
  }
};

/** A picture that stands for a portrait or a document: nobody looks at it but the test. */
const picture = async (text: string): Promise<string> => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="302"><rect width="480" height="302" fill="#cfd8dc"/><text x="30" y="160" font-size="40">${text}</text></svg>`;
  return (await sharp(Buffer.from(svg)).jpeg().toBuffer()).toString('base64');
};

const post = async (url: string, body: unknown, token?: string): Promise<unknown> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};

/** Enrols an examinee of the demo over the server's own API, as the enrolment page does it. */
export const enrolFace = async (
  origin: string,
  { document, accessCode }: ExamineeAccess,
  captures: readonly FaceCapture[],
): Promise<void> => {
  const signedIn = (await post(`${origin}/api/enrolment/sign-in`, {
    document,
    secret: accessCode,
  })) as EnrolmentSignInResponse;
  await post(
    `${origin}/api/enrolment/submit`,
    {
      consent: { version: CONSENT_VERSION, locale: 'es' },
      captures,
      portrait: await picture('RETRATO'),
      document: {
        kind: signedIn.status.examinee.documentKind,
        number: document,
        picture: await picture('SPECIMEN'),
        qr: null,
      },
    },
    signedIn.token,
  );
};
