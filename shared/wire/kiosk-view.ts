import Type, { type Static, type TSchema } from 'typebox';
import { IdentityDecisionSchema } from '#shared/identity/identity-facts.ts';
import { CoverageByKindSchema } from '#shared/incident/coverage.ts';
import { MAX_FAULT_DETAIL } from '#shared/kernel/connection-fault.ts';
import { HashSchema, IncidentIdSchema, QuestionIdSchema } from '#shared/kernel/ids.ts';
import { AuthorisedBySchema, ReasonSchema } from './command.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

const LocaleSchema = Type.Union([Type.Literal('es'), Type.Literal('en')]);

/** What the kiosk's screens may ask of the host. Checked again on the other side of the IPC. */
export const KioskActionSchema = Type.Union([
  object({ type: Type.Literal('enrol'), code: Type.String({ minLength: 4, maxLength: 40 }) }),
  object({
    type: Type.Literal('sign-in'),
    document: Type.String({ minLength: 1, maxLength: 20 }),
    secret: Type.String({ minLength: 1, maxLength: 100 }),
  }),
  /** Leaves the attempt's screens; only before the start and after closing. */
  object({ type: Type.Literal('sign-out') }),
  object({ type: Type.Literal('check-device') }),
  object({ type: Type.Literal('accept-device') }),
  object({ type: Type.Literal('accept-rules'), locale: LocaleSchema }),
  object({ type: Type.Literal('confirm-framing') }),
  /** Begins a check of the face; again after one that did not verify, as long as tries are left. */
  object({ type: Type.Literal('begin-identity') }),
  /** "No tengo mi documento": a person decides (Art. 31). */
  object({ type: Type.Literal('report-missing-document') }),
  /** A member of staff decides who sits here with the session's exit code; works off line, is on record. */
  object({
    type: Type.Literal('staff-identity'),
    code: Type.String({ minLength: 1, maxLength: 40 }),
    decision: IdentityDecisionSchema,
    authorisedBy: AuthorisedBySchema,
    reason: ReasonSchema,
  }),
  object({ type: Type.Literal('begin-room-scan') }),
  object({ type: Type.Literal('refuse-room-scan') }),
  object({ type: Type.Literal('start-exam') }),
  /** "Soy yo, este es mi examen." */
  object({ type: Type.Literal('pass-gate') }),
  object({ type: Type.Literal('visit'), questionId: QuestionIdSchema }),
  object({
    type: Type.Literal('answer'),
    questionId: QuestionIdSchema,
    optionIds: Type.Array(Type.String({ pattern: '^[a-z]$' }), { maxItems: 8, uniqueItems: true }),
  }),
  object({ type: Type.Literal('flag'), questionId: QuestionIdSchema, flagged: Type.Boolean() }),
  object({ type: Type.Literal('acknowledge'), incidentId: IncidentIdSchema }),
  object({
    type: Type.Literal('object'),
    incidentId: IncidentIdSchema,
    text: Type.String({ minLength: 1, maxLength: 2_000 }),
  }),
  object({ type: Type.Literal('read-message'), commandId: Type.String({ maxLength: 80 }) }),
  object({ type: Type.Literal('submit') }),
  /** A member of staff opens the locked machine with the session's exit code; works off line, is on record. */
  object({
    type: Type.Literal('staff-exit'),
    code: Type.String({ minLength: 1, maxLength: 40 }),
    reason: ReasonSchema,
  }),
]);
export type KioskAction = Static<typeof KioskActionSchema>;

const HostCapabilitiesSchema = object({
  kind: Type.Union([Type.Literal('electron'), Type.Literal('web'), Type.Literal('fake')]),
  version: Type.String({ maxLength: 40 }),
  /** The operating system in a few words, for the proctor and the log. */
  platform: Type.String({ maxLength: 80 }),
  /** Identity of the build (see `attempt-opened`). */
  build: Type.Union([HashSchema, Type.Null()]),
  coverage: CoverageByKindSchema,
});
export type HostCapabilities = Static<typeof HostCapabilitiesSchema>;

/** One line of the device check. */
export const RequirementSchema = object({
  id: Type.Union([
    Type.Literal('server'),
    Type.Literal('clock'),
    Type.Literal('storage'),
    /** Whether the browser promised not to clear what is stored to make room. */
    Type.Literal('storage-kept'),
    Type.Literal('camera'),
    Type.Literal('display'),
    Type.Literal('fullscreen'),
    Type.Literal('computer'),
    Type.Literal('keyboard-lock'),
    Type.Literal('programs'),
    Type.Literal('remote'),
    Type.Literal('machine'),
    Type.Literal('peripherals'),
    Type.Literal('capture'),
    Type.Literal('session'),
    /** Who else is logged in at the machine. */
    Type.Literal('users'),
    Type.Literal('key-store'),
    Type.Literal('build'),
  ]),
  outcome: Type.Union([
    Type.Literal('pending'),
    Type.Literal('ok'),
    Type.Literal('failed'),
    Type.Literal('not-watched'),
  ]),
  /** Which sentence mends it, under the requirement's id in the locales; absent when ok. */
  cause: Type.Optional(Type.String({ maxLength: 40 })),
  /** What was found, for the sentence: names of programs, devices, displays. */
  names: Type.Optional(Type.Array(Type.String({ maxLength: 80 }), { maxItems: 10 })),
  /** What the system says of it, in English, for technicians; never of a person. */
  detail: Type.Optional(Type.String({ maxLength: MAX_FAULT_DETAIL })),
  /** A failed one that blocks the start; others only inform. */
  blocks: Type.Boolean(),
});
export type Requirement = Static<typeof RequirementSchema>;
