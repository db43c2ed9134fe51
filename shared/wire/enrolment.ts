import Type, { type Static, type TSchema } from 'typebox';
import { TimeZoneSchema } from '#shared/exam/venue-time.ts';
import { FaceCaptureSchema } from '#shared/identity/face-capture.ts';
import { LONGEST, MANY, MOST } from '#shared/kernel/bounds.ts';
import { AttemptIdSchema, ExamineeIdSchema } from '#shared/kernel/ids.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';
import { ClockWaitSchema } from './clock-health.ts';
import { RoleSchema } from './roles.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** How many good captures an enrolment is made of (docs/vision.md). */
export const CAPTURES = { least: 3, most: 5 } as const;
/** Larger pictures of a face or document are refused, bytes of JPEG. */
export const MAX_PICTURE_BYTES = 400_000;
/** The consent text that the page shows; a new text needs a new consent. */
export const CONSENT_VERSION = '1';

const LocaleSchema = Type.Union([Type.Literal('es'), Type.Literal('en')]);
const TokenSchema = Type.String({ minLength: 20, maxLength: 200 });
/** A JPEG file as base64. */
const PictureSchema = Type.String({
  minLength: 100,
  maxLength: Math.ceil((MAX_PICTURE_BYTES * 4) / 3) + 4,
  pattern: '^[A-Za-z0-9+/]+={0,2}$',
});

const DocumentKindSchema = Type.Union([Type.Literal('cedula'), Type.Literal('passport')]);
export type DocumentKind = Static<typeof DocumentKindSchema>;

/** `none`: never enrolled, or deleted. `waiting`: a re-enrolment that staff have to approve; the old template still counts. */
const EnrolmentStateSchema = Type.Union([
  Type.Literal('none'),
  Type.Literal('active'),
  Type.Literal('waiting'),
  Type.Literal('rejected'),
]);
export type EnrolmentState = Static<typeof EnrolmentStateSchema>;

/** Art. 23f: enrolment happens on dates set beforehand. null: no dates are set, only staff can enrol in a room. */
const EnrolmentWindowSchema = orNull(object({ opensAt: EpochMsSchema, closesAt: EpochMsSchema }));

/** What the enrolment page knows of whoever it enrols. */
export const EnrolmentStatusSchema = object({
  examinee: object({
    id: ExamineeIdSchema,
    name: Type.String({ maxLength: LONGEST }),
    documentMasked: Type.String({ maxLength: LONGEST }),
    /** What the registered number is: ten digits are a cédula, the rest a passport. */
    documentKind: DocumentKindSchema,
  }),
  state: EnrolmentStateSchema,
  /** Why staff rejected the last one; null otherwise. */
  rejectedReason: orNull(Type.String({ maxLength: LONGEST })),
  window: EnrolmentWindowSchema,
  /** Whether one may enrol right now: inside the window, or in the room with staff. */
  open: Type.Boolean(),
  serverTime: EpochMsSchema,
  /** Whose hours are shown: the venue's where the person sits. */
  timeZone: TimeZoneSchema,
  retentionDays: Type.Integer({ minimum: 1, maximum: MOST }),
  consentVersion: Type.String({ maxLength: LONGEST }),
});
export type EnrolmentStatus = Static<typeof EnrolmentStatusSchema>;

/** GET /api/enrolment/me: the `EnrolmentStatus` of whoever the token belongs to. */

/** POST /api/enrolment/sign-in: with document and access code, or with the one-time code that staff made for a room. Rate limited. */
export const EnrolmentSignInRequestSchema = Type.Union([
  object({
    document: Type.String({ minLength: 1, maxLength: 20 }),
    secret: Type.String({ minLength: 1, maxLength: 100 }),
  }),
  object({ roomCode: Type.String({ minLength: 4, maxLength: 40 }) }),
]);
/** The token is a bearer token for the other requests of the page; it lives an hour and dies with a new one. */
export const EnrolmentSignInResponseSchema = object({
  token: TokenSchema,
  status: EnrolmentStatusSchema,
});
export type EnrolmentSignInResponse = Static<typeof EnrolmentSignInResponseSchema>;

/**
 * POST /api/enrolment/submit. Problems: `not-in-this-stage` outside the dates, `captures-differ` when the frames do
 * not show one person, `wrong-document` when the number is not the registered one or its check digit is wrong.
 */
export const EnrolmentSubmitRequestSchema = object({
  consent: object({ version: Type.String({ maxLength: 20 }), locale: LocaleSchema }),
  captures: Type.Array(FaceCaptureSchema, { minItems: CAPTURES.least, maxItems: CAPTURES.most }),
  /** The best frame, cropped to head and shoulders: what a person compares with. */
  portrait: PictureSchema,
  document: object({
    kind: DocumentKindSchema,
    number: Type.String({ minLength: 5, maxLength: 20 }),
    picture: PictureSchema,
    /** What the QR of a digital cédula says, for people to validate in GOB.EC; null when there was none. */
    qr: orNull(Type.String({ maxLength: 2_000 })),
    /**
     * What the page saw of the photo: whether it may show a person and no document, and how many photos it refused for that
     * before. With a doubt the enrolment waits for staff. Absent: nobody looked, which says nothing.
     */
    look: Type.Optional(
      object({ doubt: Type.Boolean(), refused: Type.Integer({ minimum: 0, maximum: 1_000 }) }),
    ),
  }),
});
export type EnrolmentSubmitRequest = Static<typeof EnrolmentSubmitRequestSchema>;
export const EnrolmentSubmitResponseSchema = EnrolmentStatusSchema;

/** What somebody looked at: one picture, or the whole bundle of an attempt with its stills (`export`). */
const LookSchema = Type.Union([
  Type.Literal('still'),
  Type.Literal('portrait'),
  Type.Literal('document'),
  Type.Literal('thumbnail'),
  Type.Literal('export'),
]);
export type Look = Static<typeof LookSchema>;

/** GET /api/enrolment/me/data: all that is kept about the person, in plain rows. */
export const KeptDataSchema = object({
  rows: Type.Array(
    object({
      what: Type.Union([
        Type.Literal('template'),
        Type.Literal('portrait'),
        Type.Literal('document'),
        Type.Literal('consent'),
        Type.Literal('stills'),
        Type.Literal('ledger'),
      ]),
      /** How many of it, and since when the oldest is kept. */
      count: Type.Integer({ minimum: 1, maximum: MOST }),
      since: EpochMsSchema,
      /** When it will be deleted; null while no end is set (claims open, or contested). */
      until: orNull(EpochMsSchema),
      held: Type.Boolean(),
      /** The exam that it belongs to; null for the enrolment's own. */
      exam: orNull(Type.String({ maxLength: LONGEST })),
    }),
    { maxItems: MANY },
  ),
  /** Who looked at pictures, newest first, at most 200: role and time, no names. */
  looks: Type.Array(object({ at: EpochMsSchema, role: RoleSchema, what: LookSchema }), {
    maxItems: MANY,
  }),
  certificates: Type.Array(object({ id: Type.String({ maxLength: LONGEST }), at: EpochMsSchema }), {
    maxItems: MANY,
  }),
});
export type KeptData = Static<typeof KeptDataSchema>;

/** What was deleted and why, signed by the server with Ed25519 over the canonical JSON of everything but `signature`. */
export const DeletionCertificateSchema = object({
  format: Type.Literal('atalaya-deletion-1'),
  id: Type.String({ maxLength: LONGEST }),
  at: EpochMsSchema,
  reason: Type.Union([
    Type.Literal('retention-over'),
    Type.Literal('consent-withdrawn'),
    Type.Literal('ordered'),
  ]),
  /** Whom it was about: SHA-256 of the examinee's id, so that the certificate itself is no personal data. */
  subject: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  items: Type.Array(
    object({
      what: Type.String({ maxLength: LONGEST }),
      attemptId: orNull(Type.String({ maxLength: LONGEST })),
      /** Of the deleted file; the same stays in the ledger. null for values that are no file. */
      hash: orNull(Type.String({ pattern: '^[0-9a-f]{64}$' })),
      bytes: Type.Integer({ minimum: 0, maximum: MOST }),
    }),
    { maxItems: MANY },
  ),
  publicKey: Type.String({ maxLength: LONGEST }),
  signature: Type.String({ maxLength: LONGEST }),
});
export type DeletionCertificate = Static<typeof DeletionCertificateSchema>;

/** POST /api/enrolment/me/delete: withdraws the consent. Template, portrait and document go at once; stills under a process stay until it ends. */
export const EnrolmentDeleteResponseSchema = object({
  certificate: DeletionCertificateSchema,
});

/**
 * GET /api/enrolments: staff with the right `identity`. With `state=waiting` the re-enrolments that wait; with
 * `search=` (from three characters on) up to 20 people of the process whose name has all the words or whose document
 * begins so, enrolled or not.
 */
export const EnrolmentListSchema = object({
  enrolments: Type.Array(
    object({
      examineeId: ExamineeIdSchema,
      name: Type.String({ maxLength: LONGEST }),
      documentMasked: Type.String({ maxLength: LONGEST }),
      state: EnrolmentStateSchema,
      at: orNull(EpochMsSchema),
      documentKind: orNull(DocumentKindSchema),
      documentQr: orNull(Type.String({ maxLength: LONGEST })),
      /** Distance between the old and the new template: small when it is the same person. */
      changeDistance: orNull(Type.Number({ minimum: -MOST, maximum: MOST })),
      /** Where the photo of the document may show none: how many were refused before it. null without a doubt. */
      documentDoubt: orNull(Type.Integer({ minimum: 0, maximum: MOST })),
    }),
    { maxItems: MANY },
  ),
});
export type EnrolmentList = Static<typeof EnrolmentListSchema>;

/**
 * GET /api/enrolments/:examineeId/pictures/:picture (image/jpeg): `new-` is the one of a re-enrolment that waits.
 * 404 when there is none. Each look is on record.
 */
export const EnrolmentPictureSchema = Type.Union([
  Type.Literal('portrait'),
  Type.Literal('document'),
  Type.Literal('new-portrait'),
  Type.Literal('new-document'),
]);
export type EnrolmentPicture = Static<typeof EnrolmentPictureSchema>;

/** POST /api/enrolments/:examineeId/decision: answers with {}. */
export const EnrolmentDecisionRequestSchema = object({
  decision: Type.Union([Type.Literal('approve'), Type.Literal('reject')]),
  reason: Type.String({ minLength: 3, maxLength: 500 }),
});

/** POST /api/enrolments/:examineeId/room-code: lets the person enrol in the room with staff beside them; shown once, 30 minutes. */
export const RoomCodeResponseSchema = object({
  code: Type.String({ maxLength: LONGEST }),
  expiresAt: EpochMsSchema,
});

/** POST /api/enrolments/:examineeId/delete, with a reason: template, portrait and document. Answers with the certificate. */
export const EnrolmentDeleteRequestSchema = object({
  reason: Type.String({ minLength: 3, maxLength: 500 }),
});

/** GET /api/retention: per exam process, what is kept and until when. */
export const RetentionSchema = object({
  /** Why nothing is deleted by date now: nobody confirms the server's clock, which runs ahead. null: it goes on as it should. */
  clockWaits: orNull(ClockWaitSchema),
  processes: Type.Array(
    object({
      examId: Type.String({ maxLength: LONGEST }),
      title: Type.String({ maxLength: LONGEST }),
      retentionDays: Type.Integer({ minimum: 1, maximum: MOST }),
      /** When the claims closed and the clock began; null while they are open. */
      claimsClosedAt: orNull(EpochMsSchema),
      deletesAt: orNull(EpochMsSchema),
      /** Attempts whose pictures are held because something is contested. */
      held: Type.Integer({ minimum: 0, maximum: MOST }),
      pictures: Type.Integer({ minimum: 0, maximum: MOST }),
      deletedAt: orNull(EpochMsSchema),
    }),
    { maxItems: MANY },
  ),
  certificates: Type.Array(
    object({
      id: Type.String({ maxLength: LONGEST }),
      at: EpochMsSchema,
      reason: Type.String({ maxLength: LONGEST }),
      items: Type.Integer({ minimum: -MOST, maximum: MOST }),
    }),
    { maxItems: MANY },
  ),
});
export type Retention = Static<typeof RetentionSchema>;
/** GET /api/retention/:examId/attempts: whose pictures are kept, so that one can be held. */
export const KeptAttemptsSchema = object({
  attempts: Type.Array(
    object({
      attemptId: AttemptIdSchema,
      name: Type.String({ maxLength: LONGEST }),
      documentMasked: Type.String({ maxLength: LONGEST }),
      startedAt: EpochMsSchema,
      pictures: Type.Integer({ minimum: 0, maximum: MOST }),
      held: Type.Boolean(),
    }),
    { maxItems: MANY },
  ),
});
export type KeptAttempts = Static<typeof KeptAttemptsSchema>;
/**
 * POST /api/retention/:examId {claimsClosedAt, retentionDays, reason} and POST /api/attempts/:attemptId/hold
 * {held, reason} answer with {}; GET /api/certificates/:id for staff, GET /api/enrolment/me/certificates/:id for the
 * person answer with the certificate.
 */
export const RetentionChangeSchema = object({
  claimsClosedAt: orNull(EpochMsSchema),
  retentionDays: Type.Integer({ minimum: 1, maximum: 3_650 }),
  reason: Type.String({ minLength: 3, maxLength: 500 }),
});
export const HoldChangeSchema = object({
  held: Type.Boolean(),
  reason: Type.String({ minLength: 3, maxLength: 500 }),
});
