import Type, { type Static, type TSchema } from 'typebox';
import { LONGEST, MANY, MOST } from '#shared/kernel/bounds.ts';
import { DeviceIdSchema, HashSchema, RoomIdSchema } from '#shared/kernel/ids.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';
import { ReasonSchema } from './command.ts';
import { KeyStoreKindSchema, PassportSchema } from './passport.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0, maximum: MOST });

/**
 * What the institution's list says of a build: on it, not on it, the list is empty so nothing is
 * checked, or the kiosk names no build (a browser, a development build).
 */
export const BUILD_STATES = ['allowed', 'not-allowed', 'not-checked', 'unknown'] as const;
export const BuildStateSchema = Type.Unsafe<(typeof BUILD_STATES)[number]>(
  Type.Union(BUILD_STATES.map((state) => Type.Literal(state))),
);
export type BuildState = Static<typeof BuildStateSchema>;

/** PUT /api/devices/me/passport, device token, body `Passport`. Sent again it changes nothing. */
export const PassportResponseSchema = object({ build: BuildStateSchema });

const VerdictSchema = Type.Union([
  Type.Literal('ok'),
  Type.Literal('warnings'),
  Type.Literal('blocked'),
]);

/** One device, as the table of devices shows it. */
export const DeviceRowSchema = object({
  id: DeviceIdSchema,
  name: Type.String({ maxLength: LONGEST }),
  venue: orNull(Type.String({ maxLength: LONGEST })),
  /** Where it was enrolled for, else where it was last used. */
  room: orNull(object({ id: RoomIdSchema, name: Type.String({ maxLength: LONGEST }) })),
  enrolledAt: EpochMsSchema,
  /** When its token was last used, or its kiosk last heard. */
  lastSeenAt: orNull(EpochMsSchema),
  revoked: orNull(
    object({
      at: EpochMsSchema,
      by: Type.String({ maxLength: LONGEST }),
      reason: Type.String({ maxLength: LONGEST }),
    }),
  ),
  /** An attempt on it is in progress or paused. */
  inUse: Type.Boolean(),
  /** What follows from its passport; null while it has none. */
  passport: orNull(
    object({
      createdAt: EpochMsSchema,
      model: Type.String({ maxLength: LONGEST }),
      system: Type.String({ maxLength: LONGEST }),
      version: Type.String({ maxLength: LONGEST }),
      build: orNull(HashSchema),
      buildState: BuildStateSchema,
      verdict: VerdictSchema,
      keyStore: KeyStoreKindSchema,
      enforced: count,
      detected: count,
      notWatched: count,
      /** Failed requirements and risks. */
      warnings: count,
    }),
  ),
});
export type DeviceRow = Static<typeof DeviceRowSchema>;

/** GET /api/devices: the devices in the person's reach. */
export const DevicesResponseSchema = object({
  devices: Type.Array(DeviceRowSchema, { maxItems: MANY }),
  /** Enrolment codes in the person's reach that can still be used. */
  openCodes: count,
  /** Rooms that codes may be made for. */
  rooms: Type.Array(object({ id: RoomIdSchema, name: Type.String({ maxLength: LONGEST }) }), {
    maxItems: MANY,
  }),
});
export type DevicesResponse = Static<typeof DevicesResponseSchema>;

/** GET /api/devices/:deviceId */
export const DeviceDetailResponseSchema = object({
  device: DeviceRowSchema,
  passport: orNull(PassportSchema),
  /** Earlier passports, newest first. */
  history: Type.Array(
    object({
      at: EpochMsSchema,
      version: Type.String({ maxLength: LONGEST }),
      build: orNull(HashSchema),
      verdict: VerdictSchema,
    }),
    { maxItems: MANY },
  ),
});
export type DeviceDetail = Static<typeof DeviceDetailResponseSchema>;

/**
 * POST /api/devices/:deviceId/revoke: the device's token and the open sign-ins on it end. `conflict` while an attempt
 * is in progress or paused on it, so that nobody's answers are cut off.
 */
export const RevokeRequestSchema = object({ reason: ReasonSchema });

/** POST /api/devices/codes: new one-time enrolment codes. Shown once; only their hashes are kept. */
export const NewCodesRequestSchema = object({
  count: Type.Integer({ minimum: 1, maximum: 200 }),
  roomId: orNull(RoomIdSchema),
  /** Whole hours from now, at most thirty days. */
  validHours: Type.Integer({ minimum: 1, maximum: 720 }),
});
export type NewCodesRequest = Static<typeof NewCodesRequestSchema>;
export const NewCodesResponseSchema = object({
  codes: Type.Array(Type.String({ maxLength: LONGEST }), { maxItems: MANY }),
  expiresAt: EpochMsSchema,
});
export type NewCodes = Static<typeof NewCodesResponseSchema>;

/** DELETE /api/devices/codes: codes in the person's reach that nobody used end. */
export const VoidCodesResponseSchema = object({ ended: count });

/** GET /api/builds */
export const BuildsResponseSchema = object({
  allowed: Type.Array(
    object({
      build: HashSchema,
      label: Type.String({ maxLength: LONGEST }),
      addedAt: EpochMsSchema,
      addedBy: Type.String({ maxLength: LONGEST }),
    }),
    { maxItems: MANY },
  ),
  /** Builds that devices in the person's reach run, most common first. */
  running: Type.Array(
    object({
      build: HashSchema,
      version: Type.String({ maxLength: LONGEST }),
      devices: count,
      state: BuildStateSchema,
    }),
    { maxItems: MANY },
  ),
});
export type Builds = Static<typeof BuildsResponseSchema>;
/** PUT /api/builds/:build */
export const AllowBuildRequestSchema = object({
  label: Type.String({ minLength: 1, maxLength: 80 }),
});
export const DoneResponseSchema = object({});

/** POST /api/rooms/:roomId/sessions/:sessionId/exit-code: every look is on record. */
export const ExitCodeResponseSchema = object({
  /** In groups of four, as it is read aloud. */
  code: Type.String({ maxLength: LONGEST }),
});
