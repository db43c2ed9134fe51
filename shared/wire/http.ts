import Type, { type Static, type TSchema } from 'typebox';
import { FormSchema, TicketSchema } from '#shared/exam/ticket.ts';
import { TemplateSchema } from '#shared/identity/face-capture.ts';
import { LONGEST, MANY, MOST } from '#shared/kernel/bounds.ts';
import { HashSchema } from '#shared/kernel/ids.ts';
import { ProblemSchema } from '#shared/kernel/problem.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';
import { LedgerEntrySchema } from '#shared/ledger/entry.ts';
import { CommandSchema } from './command.ts';
import { AttemptDetailSchema, RoomSummarySchema, StaffProfileSchema } from './dashboard.ts';
import { DeletionCertificateSchema } from './enrolment.ts';
import { GivenSchema } from './given.ts';
import { MAX_BATCH } from './kiosk-socket.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

const PublicKeySchema = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' });
const TokenSchema = Type.String({ minLength: 20, maxLength: 200 });

/** Every failed request answers with this and a 4xx status. */
export const ErrorBodySchema = object({ problem: ProblemSchema });

/** GET /api/health */
export const HealthSchema = object({
  status: Type.Literal('ok'),
  serverTime: EpochMsSchema,
  protocol: Type.Integer({ minimum: -MOST, maximum: MOST }),
});

/** The name of an institution, as its people write it. */
export const InstitutionNameSchema = Type.String({
  minLength: 1,
  maxLength: 120,
  pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]+$',
});

/** GET /api/institution: whose examinations these are; null until somebody has said it. */
export const InstitutionSchema = object({
  name: Type.Union([InstitutionNameSchema, Type.Null()]),
});

/** POST /api/devices/enrol: a one-time code becomes a device token. */
export const EnrolRequestSchema = object({
  code: Type.String({ minLength: 4, maxLength: 40 }),
  name: Type.String({ minLength: 1, maxLength: 80 }),
  publicKey: PublicKeySchema,
});
export const EnrolResponseSchema = object({
  deviceId: Type.String({ maxLength: LONGEST }),
  deviceName: Type.String({ maxLength: LONGEST }),
  deviceToken: TokenSchema,
});
export type EnrolResponse = Static<typeof EnrolResponseSchema>;

/** POST /api/examinees/sign-in, with the device token as bearer. */
export const ExamineeSignInRequestSchema = object({
  document: Type.String({ minLength: 1, maxLength: 20 }),
  secret: Type.String({ minLength: 1, maxLength: 100 }),
  /** The device's wall clock, so that a clock that is off is noticed before the exam. */
  deviceTime: EpochMsSchema,
});
export const ExamineeSignInResponseSchema = object({
  token: TokenSchema,
  serverTime: EpochMsSchema,
  ticket: TicketSchema,
  /** What the face is compared with; null when the examinee is not enrolled or the room checks by hand. */
  template: Type.Union([TemplateSchema, Type.Null()]),
  /** What the server already has of this attempt: a kiosk that lost its own storage knows that it must not start anew. */
  lastSeq: Type.Integer({ minimum: 0, maximum: MOST }),
});
export type ExamineeSignInResponse = Static<typeof ExamineeSignInResponseSchema>;

/** GET /api/attempts/:attemptId/form, examinee token; `too-early` before the shift's start. */
export const FormResponseSchema = FormSchema;

/** POST /api/attempts/:attemptId/entries, examinee token: the same ingest as the socket, for long off-line stretches and other clients. */
export const EntriesRequestSchema = object({
  entries: Type.Array(LedgerEntrySchema, { minItems: 1, maxItems: MAX_BATCH }),
});
export const EntriesResponseSchema = object({
  seq: Type.Integer({ minimum: 0, maximum: MOST }),
  hash: HashSchema,
});

/**
 * GET /api/attempts/:attemptId/entries?after=SEQ, examinee token: what the server has after `SEQ`, in order, at most
 * `MAX_BATCH`; for a device whose disk could not keep what its network carried.
 */
export const LedgerPageSchema = object({
  entries: Type.Array(LedgerEntrySchema, { maxItems: MAX_BATCH }),
});

/** PUT /api/attempts/:attemptId/evidence/:hash, examinee token, body image/jpeg or image/png. Idempotent. */
export const EvidenceResponseSchema = object({ hash: HashSchema });

/** POST /api/staff/sign-in sets an http-only cookie; POST /api/staff/sign-out ends it; GET /api/staff/me tells who is signed in. */
export const StaffSignInRequestSchema = object({
  user: Type.String({ minLength: 1, maxLength: 60 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
});
export const StaffSignInResponseSchema = StaffProfileSchema;

/** GET /api/rooms: the rooms that this person may watch. */
export const RoomsResponseSchema = object({
  rooms: Type.Array(RoomSummarySchema, { maxItems: MANY }),
});

/**
 * POST /api/attempts/:attemptId/commands. The sender makes a random `key` per order and keeps it when it
 * asks again: the order is stored once and every repetition gets the same id. The key with another
 * order is a `conflict`.
 */
export const CommandRequestSchema = object({
  key: Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' }),
  command: CommandSchema,
  /**
   * With a `close` that has an `ending`: the person knows that the kiosk is connected, and says that it does not work. What
   * it still sends is kept, and marked where it was done afterwards.
   */
  cutOff: Type.Optional(Type.Literal(true)),
});
export type CommandRequest = Static<typeof CommandRequestSchema>;
export const CommandResponseSchema = object({ id: Type.String({ maxLength: LONGEST }) });

/** GET /api/attempts/:attemptId */
export const AttemptDetailResponseSchema = AttemptDetailSchema;

/** Whose attempt at what an exported bundle is, as the server has it; the ledger itself names ids only. */
const BundleSubjectSchema = object({
  examinee: Type.String({ maxLength: 120 }),
  /** Masked except for the last four characters. */
  document: Type.String({ maxLength: 20 }),
  exam: Type.String({ maxLength: 200 }),
  room: Type.String({ maxLength: 120 }),
  seat: Type.String({ maxLength: 10 }),
  startsAt: EpochMsSchema,
});

/** GET /api/attempts/:attemptId/export: the bundle that `npm run verify` checks. */
export const BundleSchema = object({
  format: Type.Literal('atalaya-bundle-1'),
  exportedAt: EpochMsSchema,
  attemptId: Type.String({ maxLength: LONGEST }),
  /** Absent in bundles from before it was said. */
  about: Type.Optional(BundleSubjectSchema),
  /** The key that the server enrolled for the device of this attempt; the chain must name the same. */
  publicKey: PublicKeySchema,
  entries: Type.Array(LedgerEntrySchema, { maxItems: MANY }),
  /** Evidence files by hash, base64. */
  evidence: Type.Record(
    HashSchema,
    object({
      mime: Type.String({ maxLength: LONGEST }),
      base64: Type.String({ maxLength: LONGEST }),
    }),
    { maxProperties: MANY, additionalProperties: false },
  ),
  /** Certificates of what was deleted of this attempt (retention): why an evidence file is not here. */
  deletions: Type.Optional(Type.Array(DeletionCertificateSchema, { maxItems: MANY })),
  /** What the server gave out and ordered, to compare the ledger with; absent in bundles from before it was kept. */
  given: Type.Optional(GivenSchema),
});
export type Bundle = Static<typeof BundleSchema>;
