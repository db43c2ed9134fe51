import Type, { type Static } from 'typebox';
import { IdentitySettingsSchema } from '#shared/identity/identity-facts.ts';
import { PolicySchema } from '#shared/incident/policy.ts';
import { MOST } from '#shared/kernel/bounds.ts';
import {
  AttemptIdSchema,
  ExamineeIdSchema,
  HashSchema,
  QuestionIdSchema,
  RoomIdSchema,
  SessionIdSchema,
} from '#shared/kernel/ids.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';
import { TimeZoneSchema } from './venue-time.ts';

/** Everything a kiosk needs to run one attempt without the network, except the questions. */
export const TicketSchema = Type.Object(
  {
    attemptId: AttemptIdSchema,
    sessionId: SessionIdSchema,
    examinee: Type.Object(
      {
        id: ExamineeIdSchema,
        name: Type.String({ maxLength: 120 }),
        /** Cédula or passport, masked except for the last four characters. */
        documentMasked: Type.String({ maxLength: 20 }),
      },
      { additionalProperties: false },
    ),
    exam: Type.Object(
      {
        id: Type.String({ maxLength: 80 }),
        title: Type.String({ maxLength: 200 }),
        instructions: Type.String({ maxLength: 4_000 }),
        /** The examinee's own duration: extra time (Art. 55) already added. */
        durationMs: Type.Integer({ minimum: 1, maximum: MOST }),
        questionCount: Type.Integer({ minimum: 1, maximum: MOST }),
      },
      { additionalProperties: false },
    ),
    /** Art. 5: the shift; nobody's time goes past its end (Art. 12b). */
    shift: Type.Object(
      { startsAt: EpochMsSchema, endsAt: EpochMsSchema },
      { additionalProperties: false },
    ),
    room: Type.Object(
      {
        id: RoomIdSchema,
        name: Type.String({ maxLength: 80 }),
        seat: Type.String({ maxLength: 10 }),
        /** The venue's, whose hours are shown; absent in tickets from before it was said. */
        timeZone: Type.Optional(TimeZoneSchema),
      },
      { additionalProperties: false },
    ),
    /** The exam's policy with this examinee's accommodations already applied; the diagnosis never travels. */
    policy: PolicySchema,
    rulesVersion: Type.String({ maxLength: 20 }),
    /** How identity is checked. The template itself travels beside the ticket and never reaches a page. */
    identity: IdentitySettingsSchema,
    /** What is kept of the examinee and what staff may see meanwhile, as the rules screen says it. */
    privacy: Type.Object(
      {
        /** How long pictures and biometric data are kept after the claims close, days. */
        retentionDays: Type.Integer({ minimum: 1, maximum: 3_650 }),
        /** Whether the room sees a small picture now and then although nothing happened. */
        thumbnails: Type.Boolean(),
      },
      { additionalProperties: false },
    ),
    /**
     * What proves the session's exit code on a machine without a network: PBKDF2-SHA-256 (32 bytes) of the
     * code as `exitCodeText` writes it. null: the machine opens by finishing or by the proctor's command only.
     */
    staffExit: Type.Union([
      Type.Object(
        {
          /** Hex. */
          salt: Type.String({ pattern: '^[0-9a-f]{32}$' }),
          hash: HashSchema,
          iterations: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
        },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
  },
  { additionalProperties: false },
);
export type Ticket = Static<typeof TicketSchema>;

/** A question as the examinee sees it: no key, no rationale. */
export const FormQuestionSchema = Type.Object(
  {
    id: QuestionIdSchema,
    type: Type.Union([Type.Literal('single'), Type.Literal('multiple')]),
    stem: Type.String({ maxLength: 4_000 }),
    options: Type.Array(
      Type.Object(
        { id: Type.String({ pattern: '^[a-z]$' }), text: Type.String({ maxLength: 1_000 }) },
        { additionalProperties: false },
      ),
      { minItems: 4, maxItems: 4 },
    ),
  },
  { additionalProperties: false },
);
export type FormQuestion = Static<typeof FormQuestionSchema>;

/** The questions drawn for one attempt, in its own order (Art. 8: drawn fairly over the topics). */
export const FormSchema = Type.Object(
  {
    attemptId: AttemptIdSchema,
    questions: Type.Array(FormQuestionSchema, { minItems: 1, maxItems: 300 }),
  },
  { additionalProperties: false },
);
export type Form = Static<typeof FormSchema>;
