import Type, { type Static, type TSchema } from 'typebox';
import { TimeZoneSchema } from '#shared/exam/venue-time.ts';
import { LONGEST, MANY } from '#shared/kernel/bounds.ts';
import { SessionIdSchema } from '#shared/kernel/ids.ts';
import { EpochMsSchema, MINUTE } from '#shared/kernel/time.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** Who opens enrolment "now" takes a while to say why; what opened longer ago was not set beforehand, ms. */
export const OPENING_SLACK_MS = 10 * MINUTE;

const NameSchema = Type.String({ minLength: 1, maxLength: 80 });
const ReasonSchema = Type.String({ minLength: 3, maxLength: 500 });
const CheckSchema = Type.Union([Type.Literal('face'), Type.Literal('by-hand')]);

/** GET /api/identity-settings: what coordinators decide about identity before an exam. */
export const IdentitySetupSchema = object({
  venues: Type.Array(
    object({
      id: Type.String({ maxLength: LONGEST }),
      name: Type.String({ maxLength: LONGEST }),
      timeZone: TimeZoneSchema,
    }),
    { maxItems: MANY },
  ),
  /** Dates of enrolment (Art. 23f) that are not over, by opening. A venue of null is every venue. */
  windows: Type.Array(
    object({
      id: Type.String({ maxLength: LONGEST }),
      venueId: orNull(Type.String({ maxLength: LONGEST })),
      venue: orNull(Type.String({ maxLength: LONGEST })),
      timeZone: orNull(TimeZoneSchema),
      opensAt: EpochMsSchema,
      closesAt: EpochMsSchema,
    }),
    { maxItems: MANY },
  ),
  /** Sessions that are not over, by start, at most 300. */
  sessions: Type.Array(
    object({
      id: SessionIdSchema,
      room: Type.String({ maxLength: LONGEST }),
      venue: Type.String({ maxLength: LONGEST }),
      timeZone: TimeZoneSchema,
      examTitle: Type.String({ maxLength: LONGEST }),
      startsAt: EpochMsSchema,
      check: CheckSchema,
      challenge: Type.Boolean(),
      /** Somebody signed in: how identity is checked can no longer change. */
      begun: Type.Boolean(),
    }),
    { maxItems: MANY },
  ),
  exams: Type.Array(
    object({
      id: Type.String({ maxLength: LONGEST }),
      title: Type.String({ maxLength: LONGEST }),
      thumbnails: Type.Boolean(),
      /** Somebody signed in to a session of it that is not over: thumbnails cannot begin now. */
      begun: Type.Boolean(),
    }),
    { maxItems: MANY },
  ),
});
export type IdentitySetup = Static<typeof IdentitySetupSchema>;

/**
 * POST /api/enrolment-windows: answers with the id. `bad-request` when it closes before it opens or when either is in
 * the past; dates may overlap.
 */
export const NewWindowSchema = object({
  venueId: orNull(NameSchema),
  opensAt: EpochMsSchema,
  closesAt: EpochMsSchema,
  reason: ReasonSchema,
});
export type NewWindow = Static<typeof NewWindowSchema>;
export const WindowMadeSchema = object({ id: Type.String({ maxLength: LONGEST }) });

/** DELETE /api/enrolment-windows/:id: answers with {}. */
export const WindowRemovalSchema = object({ reason: ReasonSchema });

/** POST /api/sessions/:sessionId/identity: answers with {}. `bad-request` for a challenge by hand: there is none. */
export const SessionIdentitySchema = object({
  check: CheckSchema,
  /** Whether the examinee turns the head as asked. */
  challenge: Type.Boolean(),
  reason: ReasonSchema,
});
export type SessionIdentity = Static<typeof SessionIdentitySchema>;

/** POST /api/exams/:examId/thumbnails: answers with {}. */
export const ThumbnailChangeSchema = object({ allowed: Type.Boolean(), reason: ReasonSchema });
export type ThumbnailChange = Static<typeof ThumbnailChangeSchema>;
