import Type, { type Static, type TSchema } from 'typebox';
import {
  CheckOutcomeSchema,
  IdentityDecisionSchema,
  IdentitySettingsSchema,
} from '#shared/identity/identity-facts.ts';
import { CoverageByKindSchema } from '#shared/incident/coverage.ts';
import { EvidenceSchema, IncidentSchema } from '#shared/incident/incident.ts';
import { KIND_NAME_PATTERN, KindNameSchema } from '#shared/incident/kind.ts';
import { ObservationSchema } from '#shared/incident/observation.ts';
import { PolicySchema } from '#shared/incident/policy.ts';
import { MOST } from '#shared/kernel/bounds.ts';
import {
  DeviceIdSchema,
  EpisodeIdSchema,
  HashSchema,
  IncidentIdSchema,
  QuestionIdSchema,
  SessionIdSchema,
} from '#shared/kernel/ids.ts';
import { LATER } from '#shared/kernel/json-size.ts';
import { ExamTimeSchema } from '#shared/kernel/time.ts';
import { AuthorisedBySchema, ReasonSchema, RecordedCommandSchema } from './command.ts';

/** Open: what a later version adds is kept as it came. */
const object = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, LATER);

/** `electron`, `web`, `fake`, or a host of a later version. */
const HostKindSchema = Type.String({ pattern: KIND_NAME_PATTERN });
const OptionIdsSchema = Type.Array(Type.String({ pattern: '^[a-z]$' }), {
  maxItems: 8,
  uniqueItems: true,
});
/** That the session's exit code was known to whoever wrote it (`staffProofText`); absent with a wrong code. */
const StaffProofSchema = Type.Optional(HashSchema);

/**
 * What each type of ledger entry says (`entry.type` -> `entry.data`). Facts, in the past tense. Types, kinds, hosts and
 * members that a later version adds are kept and shown as unknown; what decides (who closed, what a person decided, how
 * a check ended) is closed: a new value there is a new type of entry.
 * Answers, decisions and their reasons are facts like any other: nothing about an attempt is
 * recorded anywhere else.
 */
export const FACTS = {
  /** Always the first entry. Names the key that signs the chain and the policy that judges it. */
  'attempt-opened': object({
    deviceId: DeviceIdSchema,
    sessionId: SessionIdSchema,
    /** Ed25519 public key, raw 32 bytes, base64url. */
    publicKey: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
    host: object({
      kind: HostKindSchema,
      version: Type.String({ maxLength: 40 }),
      /** SHA-256 of the build's files, checked against the institution's list; null where there is none (development). */
      build: Type.Union([HashSchema, Type.Null()]),
    }),
    /** What is enforced, detected and not watched, shown to the proctor: never silently absent. */
    coverage: CoverageByKindSchema,
    policy: PolicySchema,
    /** How identity is checked; absent in ledgers from before it was: by hand. */
    identity: Type.Optional(IdentitySettingsSchema),
  }),
  /** Kinds whose coverage is another than it was (a sensor failed, or works again). */
  'coverage-changed': object({ coverage: CoverageByKindSchema }),
  /** The kiosk's process started again with an attempt in progress. Whatever lasted then is forgotten. */
  'host-restarted': object({ downMs: Type.Integer({ minimum: 0, maximum: MOST }) }),
  /** The device cannot store what follows, and holds it in memory; `unsaved` is how many entries already. */
  'storage-failed': object({ unsaved: Type.Integer({ minimum: 0, maximum: MOST }) }),
  /** All that was held is stored. */
  'storage-recovered': object({ failedMs: Type.Integer({ minimum: 0, maximum: MOST }) }),
  'device-checked': object({
    results: Type.Array(
      object({
        requirement: Type.String({ maxLength: 40 }),
        outcome: Type.Union([
          Type.Literal('ok'),
          Type.Literal('failed'),
          Type.Literal('not-watched'),
        ]),
      }),
      { maxItems: 40 },
    ),
  }),
  'rules-accepted': object({
    rulesVersion: Type.String({ maxLength: 20 }),
    /** `es`, `en`, or a language of a later version. */
    locale: Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z]{2,8})?$' }),
  }),
  'framing-confirmed': object({ evidence: Type.Array(EvidenceSchema, { maxItems: 1 }) }),
  /** One check of the face before the exam (Art. 21, 35h). */
  'identity-checked': object({
    outcome: CheckOutcomeSchema,
    /** Median distance to the template, 0 (same) to about 1.5; null when nothing was compared. */
    distance: Type.Union([Type.Number({ minimum: 0, maximum: 20 }), Type.Null()]),
    /** How many good captures the median is of. */
    captures: Type.Integer({ minimum: 0, maximum: 100 }),
    challenge: Type.Union([Type.Literal('passed'), Type.Literal('failed'), Type.Literal('off')]),
    evidence: Type.Array(EvidenceSchema, { maxItems: 6 }),
  }),
  /** The examinee says that the identity document is not at hand (Art. 31): a person decides. */
  'document-missing': object({}),
  /**
   * A member of staff decided at the machine itself, with the session's exit code, because the server could not be
   * reached. `refused`: the code was wrong. A decision from the dashboard is a `command-applied`.
   */
  'staff-identity': object({
    outcome: Type.Union([Type.Literal('decided'), Type.Literal('refused')]),
    decision: IdentityDecisionSchema,
    authorisedBy: AuthorisedBySchema,
    reason: ReasonSchema,
    proof: StaffProofSchema,
  }),
  /** The view of the room that a proctor asked for (Art. 26f). The exam stood still meanwhile. */
  'room-scanned': object({
    commandId: Type.String({ maxLength: 80 }),
    outcome: Type.Union([
      Type.Literal('shown'),
      Type.Literal('refused'),
      /** Nobody did anything in the time given. */
      Type.Literal('timed-out'),
    ]),
    evidence: Type.Array(EvidenceSchema, { maxItems: 24 }),
  }),
  'exam-started': object({
    durationMs: Type.Integer({ minimum: 1, maximum: MOST }),
    /** The shift's end (Art. 12b), in exam time. */
    shiftEndsT: ExamTimeSchema,
    /** SHA-256 of the canonical JSON of the form that was shown. */
    formHash: HashSchema,
  }),
  /** The examinee says that it is they and that this is their exam, with name, exam, seat and time on the screen. */
  'gate-passed': object({}),
  /**
   * What the camera shows is judged from here on. `counts`: the gate was passed, the camera gave a good picture and the
   * grace is over. `review`: it gave none for a long time, so people look at what it shows and nothing counts.
   */
  'watch-began': object({
    judged: Type.Union([Type.Literal('counts'), Type.Literal('review')]),
  }),
  'question-visited': object({ questionId: QuestionIdSchema }),
  'answer-saved': object({ questionId: QuestionIdSchema, optionIds: OptionIdsSchema }),
  'question-flagged': object({ questionId: QuestionIdSchema, flagged: Type.Boolean() }),
  observation: ObservationSchema,
  'warning-shown': object({ kind: KindNameSchema, startedT: ExamTimeSchema }),
  'incident-opened': object({
    incident: IncidentSchema,
    evidence: Type.Array(EvidenceSchema, { maxItems: 6 }),
  }),
  'incident-closed': object({ incidentId: IncidentIdSchema, endedT: ExamTimeSchema }),
  /** Art. 70. `number` is the count right after it, dismissed ones left out. */
  'copy-attempt': object({
    incidentId: IncidentIdSchema,
    episodeId: EpisodeIdSchema,
    number: Type.Integer({ minimum: 1, maximum: MOST }),
  }),
  'notice-acknowledged': object({ incidentId: IncidentIdSchema }),
  /** The examinee's reply to a copy attempt ("No estoy de acuerdo"). */
  objection: object({
    incidentId: IncidentIdSchema,
    text: Type.String({ minLength: 1, maxLength: 2_000 }),
  }),
  'message-read': object({ commandId: Type.String({ maxLength: 80 }) }),
  'command-applied': object({
    issued: RecordedCommandSchema,
    outcome: Type.Union([Type.Literal('applied'), Type.Literal('rejected')]),
    /** Why it was rejected: a problem code. */
    code: Type.Optional(Type.String({ maxLength: 40 })),
  }),
  /** Somebody gave an exit code at the machine. `opened`: the exam pauses and the machine is free; `refused`: the code was wrong. */
  'staff-exit': object({
    outcome: Type.Union([Type.Literal('opened'), Type.Literal('refused')]),
    reason: ReasonSchema,
    proof: StaffProofSchema,
  }),
  'attempt-closed': object({
    by: Type.Union([
      Type.Literal('examinee'),
      Type.Literal('time'),
      Type.Literal('copy-attempts'),
      Type.Literal('proctor'),
    ]),
    /** Time that was left, ms: what a reopened attempt gets back. */
    remainingMs: Type.Integer({ minimum: 0, maximum: MOST }),
  }),
  /** Signs what came since the last signed entry. */
  checkpoint: object({}),
} as const;

export type FactType = keyof typeof FACTS;
export type FactData<T extends FactType> = Static<(typeof FACTS)[T]>;
export type Fact = { [T in FactType]: { readonly type: T; readonly data: FactData<T> } }[FactType];
export type ClosedBy = FactData<'attempt-closed'>['by'];

/** Types too frequent to sign one by one; the next signed entry vouches for them through the chain. */
const UNSIGNED: ReadonlySet<string> = new Set<FactType>([
  'observation',
  'question-visited',
  'question-flagged',
  'incident-closed',
]);

/**
 * Whether an entry of this type must carry the device's signature. One that this build does not know need not: the next
 * signed entry vouches for it, and its own signature, where it has one, is checked like any other.
 */
export const mustBeSigned = (type: string): boolean => isFactType(type) && !UNSIGNED.has(type);

/** A `checkpoint` is written when this many entries in a row went unsigned. */
export const CHECKPOINT_EVERY = 50;

export const isFactType = (type: string): type is FactType => Object.hasOwn(FACTS, type);
