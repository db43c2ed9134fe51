import Type, { type Static } from 'typebox';
import { MOST } from '#shared/kernel/bounds.ts';

/**
 * What a ledger says against what the server knows from its own data. The chain is whole: somebody must look at what
 * it tells. Each has a sentence in the locales (`dashboard/doubts.json`), and the verifier names the same.
 */
const CONTRADICTIONS = [
  /** Opened for another session than the one signed in to. */
  'session',
  /** Another policy than the one given out. */
  'policy',
  /** Identity is not checked as it was given out. */
  'identity-settings',
  /** It says that there is a template, or none, against what the sign-in gave. */
  'enrolment',
  /** Another kind of program than the one enrolled. */
  'host',
  /** It claims to watch, or to stop, what this kind of program cannot. */
  'coverage',
  /** A step before the exam is missing, or out of its place (S10). */
  'steps',
  /** Other rules were accepted than the ones given out. */
  'rules-version',
  /** The device check lacks what every check has, or went on although it had failed. */
  'device-check',
  /** A check of the face that cannot have ended like this. */
  'identity-check',
  /** An act of staff at the machine that no exit code stands behind. */
  'staff-code',
  /** An alternative to the document that nobody authorised, or an authorisation of something else (Art. 31). */
  'authorisation',
  /** An order that nobody gave. */
  'order',
  /** An order that could be followed was refused. */
  'order-refused',
  /** The exam went on after the order to close it. */
  'order-ignored',
  /** A view of the room that nobody asked for. */
  'room-view',
  /** A message read that nobody sent. */
  'message',
  /** A reply to an incident that is not there. */
  'incident',
  'duration',
  'form',
  /** The shift ends at another time (S3). */
  'shift-end',
  /** Begun before the shift, after it, or before the questions were given out. */
  'start-time',
  'started-twice',
  /** A question or an option that is not in the form. */
  'question',
  /** Work on questions after the examinee's time was over. */
  'answer-late',
  /** Work on questions while the exam did not run: before it, paused, closed. */
  'answer-stopped',
  /** Work on questions after staff had ended the attempt of a kiosk that was gone: it may not have known. */
  'answer-after-ending',
  /** Closed in the name of staff who did not order it. */
  'closed-unordered',
  /** Closed for time that was not over, or with another rest of time than there was. */
  'time-left',
] as const;
export type ContradictionCode = (typeof CONTRADICTIONS)[number];

/** What broke a chain: order, links, hashes, signatures, the replay of the rules, a hand in the database. */
const BREAKS = [
  'signature-wrong',
  'no-device',
  'previous',
  'hash',
  'time',
  'replaced',
  'stored-missing',
  'stored-altered',
  'incident-missing',
  'incident-unfounded',
  'incident-different',
  'wrong-number',
  'not-closed',
  'closed-too-early',
  'closed-twice',
  'started-unidentified',
  'before-the-gate',
  /** Noted by another version of the server, in words of its own. */
  'other',
] as const;
export type BreakCode = (typeof BREAKS)[number];

const literals = <const T extends readonly string[]>(codes: T) =>
  Type.Unsafe<T[number]>(Type.Union(codes.map((code) => Type.Literal(code))));
const SeqSchema = Type.Integer({ minimum: 1, maximum: MOST });

/** Something that the ledger says against the server; `seq` is the first such entry. */
export const ContradictionSchema = Type.Object(
  { code: literals(CONTRADICTIONS), seq: SeqSchema },
  { additionalProperties: false },
);
export type Contradiction = Readonly<Static<typeof ContradictionSchema>>;

/** Where a chain broke; `seq` is null where it is not known. */
export const BreakSchema = Type.Object(
  { code: literals(BREAKS), seq: Type.Union([SeqSchema, Type.Null()]) },
  { additionalProperties: false },
);
export type Break = Readonly<Static<typeof BreakSchema>>;

/** A break as it is stored: one word and the entry. */
export const breakText = (code: BreakCode, seq: number): string => `${code} ${seq}`;

/** Reads what `breakText` wrote; what another version wrote is `other`. */
export const breakOf = (text: string): Break => {
  const [, word, seq] = /^([a-z-]+) (\d+)$/.exec(text) ?? [];
  const code = BREAKS.find((one) => one === word);
  return code === undefined ? { code: 'other', seq: null } : { code, seq: Number(seq) };
};
