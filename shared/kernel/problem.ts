import Type, { type Static } from 'typebox';
import { MOST } from '#shared/kernel/bounds.ts';
import type { ConnectionCause } from './connection-fault.ts';

/**
 * Every failure that a person may see, as a code. The sentence for each code is in the locales
 * (`problems.json`), so that no text is in the code and each language says the same.
 */
export const PROBLEM_CODES = [
  'bad-request',
  'too-large',
  'unauthorised',
  'forbidden',
  'not-found',
  'conflict',
  'rate-limited',
  'wrong-credentials',
  'wrong-exit-code',
  'unknown-code',
  'code-used',
  'device-not-enrolled',
  'device-changed',
  'no-attempt-today',
  'too-early',
  'too-late',
  'already-open-elsewhere',
  'attempt-closed',
  'not-in-this-stage',
  'captures-differ',
  'wrong-document',
  'chain-broken',
  'bad-signature',
  'protocol-version',
  'offline',
  'clock-skewed',
  'storage-failed',
  'server-failed',
] as const;
export const ProblemCodeSchema = Type.Union(PROBLEM_CODES.map((code) => Type.Literal(code)));
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export const ProblemSchema = Type.Object(
  {
    code: Type.Unsafe<ProblemCode>(ProblemCodeSchema),
    /** For logs and developers, in English; screens show the sentence of the code instead. */
    detail: Type.Optional(Type.String({ maxLength: 500 })),
    /** When trying again makes sense, in milliseconds from now. */
    retryAfterMs: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST })),
  },
  { additionalProperties: false },
);
export type Problem = Static<typeof ProblemSchema> & {
  /** Why no answer of our server came, as whoever asked knows it; never on the wire. `detail` has the rest. */
  readonly cause?: ConnectionCause;
};
