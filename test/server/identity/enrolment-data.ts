import { createHash } from 'node:crypto';
import { DESCRIPTOR_LENGTH, type FaceCapture } from '#shared/identity/face-capture.ts';
import {
  CONSENT_VERSION,
  type EnrolmentSignInResponse,
  type EnrolmentSubmitRequest,
} from '#shared/wire/enrolment.ts';
import type { TestServer } from '#test/server/harness.ts';

/** The descriptor of an invented person; the same frame is `near` of it, another person's about 1.4 away. */
export const descriptorOf = (person: number, near = 0): number[] =>
  Array.from({ length: DESCRIPTOR_LENGTH }, (_, i) => {
    const own = i % 16 === person % 16 ? Math.sqrt(1 / 8) : 0;
    return own + (i === 0 ? near : 0);
  });

export const goodCapture = (descriptor: number[]): FaceCapture => ({
  ageMs: 20,
  faces: 1,
  face: { x: 0.3, y: 0.3, width: 0.3, height: 0.4, yaw: 0, score: 0.9 },
  facePixels: 180,
  faceMean: 120,
  sharpness: 90,
  descriptor,
});

/** Bytes with a JPEG's first ones; the same for the same name. */
export const jpegOf = (name: string, bytes = 4_000): Buffer => {
  const parts: Buffer[] = [Buffer.from([0xff, 0xd8, 0xff, 0xe0])];
  for (let i = 0; i * 32 < bytes; i += 1) {
    parts.push(createHash('sha256').update(`${name} ${i}`).digest());
  }
  return Buffer.concat(parts).subarray(0, bytes);
};

/** What the enrolment page sends for a person. */
export const submission = (
  number: string,
  person = 1,
  change: Partial<EnrolmentSubmitRequest> = {},
): EnrolmentSubmitRequest => ({
  consent: { version: CONSENT_VERSION, locale: 'es' },
  captures: [0, 0.1, 0.2].map((near) => goodCapture(descriptorOf(person, near))),
  portrait: jpegOf(`portrait ${person}`).toString('base64'),
  document: {
    kind: 'cedula',
    number,
    picture: jpegOf(`document ${person}`).toString('base64'),
    qr: `https://gob.ec/qr/${number}`,
  },
  ...change,
});

export const enrolmentSignIn = (server: TestServer, payload: object) =>
  server.app.inject({ method: 'POST', url: '/api/enrolment/sign-in', payload });

/** Signs the examinee in to the enrolment page. @returns the bearer header. */
export const enrolmentToken = async (
  server: TestServer,
  index: number,
): Promise<{ readonly authorization: string }> => {
  const person = server.credentials.examinees[index];
  const answer = await enrolmentSignIn(server, {
    document: person?.document,
    secret: person?.accessCode,
  });
  if (answer.statusCode !== 200) throw new Error(`enrolment sign-in: ${answer.body}`);
  return { authorization: `Bearer ${(answer.json() as EnrolmentSignInResponse).token}` };
};

export const submit = (server: TestServer, headers: object, payload: object) =>
  server.app.inject({
    method: 'POST',
    url: '/api/enrolment/submit',
    headers: { ...headers },
    payload,
  });

/** Enrols the examinee as the page does. */
export const enrolFace = async (
  server: TestServer,
  index: number,
  person = index + 1,
): Promise<void> => {
  const headers = await enrolmentToken(server, index);
  const number = server.credentials.examinees[index]?.document ?? '';
  const answer = await submit(server, headers, submission(number, person));
  if (answer.statusCode !== 200) throw new Error(`enrol: ${answer.body}`);
};

export const outcome = (answer: { statusCode: number; json(): unknown }): string | number =>
  (answer.json() as { problem?: { code: string } }).problem?.code ?? answer.statusCode;
