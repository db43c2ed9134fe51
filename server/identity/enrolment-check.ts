import { refuse } from '#server/platform/problems.ts';
import { captureAdvice } from '#shared/identity/capture-quality.ts';
import { cedulaState, isPassport, normaliseDocument } from '#shared/identity/cedula.ts';
import type { Descriptor, Template } from '#shared/identity/face-capture.ts';
import { distanceOf, templateOf } from '#shared/identity/match.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import {
  CONSENT_VERSION,
  type DocumentKind,
  type EnrolmentSubmitRequest,
  MAX_PICTURE_BYTES,
} from '#shared/wire/enrolment.ts';

/** What a valid submission holds. */
export interface CheckedEnrolment {
  readonly template: Template;
  readonly portrait: Uint8Array;
  readonly document: Uint8Array;
}

/**
 * Single pictures of one person within a minute lie nearer than this; looser than what lets somebody in, since one of five that
 * is a little off must not send a person back to the camera. Whose face it is, the check before the exam says.
 */
const ONE_SITTING = 0.55;

const JPEG = [0xff, 0xd8, 0xff];

/** What a registered number is: ten digits are a cédula, also where they do not fit (staff see it); the rest a passport. */
export const documentKindOf = (registered: string): DocumentKind =>
  cedulaState(normaliseDocument(registered)) === 'none' ? 'passport' : 'cedula';

const jpeg = (base64: string, what: string): Result<Uint8Array, Problem> => {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.byteLength > MAX_PICTURE_BYTES) return refuse('too-large', what);
  return JPEG.every((byte, i) => bytes[i] === byte)
    ? ok(bytes)
    : refuse('bad-request', `${what} is no JPEG`);
};

/** Whether the number is the registered one, and of a kind that it may be: ten digits that do not fit may be either. */
const fitsRegistered = (
  { kind, number }: EnrolmentSubmitRequest['document'],
  registered: string,
): boolean => {
  const typed = normaliseDocument(number);
  if (typed !== normaliseDocument(registered)) return false;
  const state = cedulaState(typed);
  return kind === 'cedula' ? state !== 'none' : state !== 'valid' && isPassport(typed);
};

/** All good, all of one person: each pair as near as pictures of one sitting are. */
const template = (captures: EnrolmentSubmitRequest['captures']): Result<Template, Problem> => {
  const descriptors: Descriptor[] = [];
  for (const [i, capture] of captures.entries()) {
    const advice = captureAdvice(capture);
    if (advice !== null || capture.descriptor === null) {
      return refuse('bad-request', `capture ${i + 1} is not good enough: ${advice}`);
    }
    descriptors.push(capture.descriptor);
  }
  const apart = descriptors.some((one, i) =>
    descriptors.slice(i + 1).some((other) => !(distanceOf(one, other) < ONE_SITTING)),
  );
  if (apart) return refuse('captures-differ');
  const made = templateOf(descriptors);
  return made === null ? refuse('bad-request', 'too few captures') : ok(made);
};

/**
 * Whether an enrolment can be taken, whatever the dates. Problems: `bad-request` (another consent text, a capture
 * that is not good enough, no JPEG), `wrong-document`, `captures-differ`, `too-large`.
 */
export const checkEnrolment = (
  request: EnrolmentSubmitRequest,
  registered: string,
): Result<CheckedEnrolment, Problem> => {
  const { consent, document } = request;
  if (consent.version !== CONSENT_VERSION) {
    return refuse('bad-request', `the consent in force is version ${CONSENT_VERSION}`);
  }
  if (document.qr !== null && !document.qr.isWellFormed()) {
    return refuse('bad-request', 'half a character in the QR');
  }
  if (!fitsRegistered(document, registered)) return refuse('wrong-document');
  const portrait = jpeg(request.portrait, 'portrait');
  if (!portrait.ok) return portrait;
  const scan = jpeg(document.picture, 'document');
  if (!scan.ok) return scan;
  const made = template(request.captures);
  if (!made.ok) return made;
  return ok({ template: made.value, portrait: portrait.value, document: scan.value });
};
