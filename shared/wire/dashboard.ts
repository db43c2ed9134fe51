import Type, { type Static, type TSchema } from 'typebox';
import { TimeZoneSchema } from '#shared/exam/venue-time.ts';
import { CoverageByKindSchema } from '#shared/incident/coverage.ts';
import { EvidenceSchema } from '#shared/incident/incident.ts';
import { IncidentKindSchema, KindNameSchema } from '#shared/incident/kind.ts';
import { FactsSchema } from '#shared/incident/observation.ts';
import { LONGEST, MANY, MOST } from '#shared/kernel/bounds.ts';
import {
  AttemptIdSchema,
  CommandIdSchema,
  EpisodeIdSchema,
  IncidentIdSchema,
  RoomIdSchema,
} from '#shared/kernel/ids.ts';
import { ProblemSchema } from '#shared/kernel/problem.ts';
import { EpochMsSchema, ExamTimeSchema } from '#shared/kernel/time.ts';
import { LedgerEntrySchema } from '#shared/ledger/entry.ts';
import { AttemptIdentitySchema, IdentityStatusSchema } from './attempt-identity.ts';
import { CommandSchema, CommandStateSchema, EndingKindSchema } from './command.ts';
import { BuildStateSchema } from './devices.ts';
import { BreakSchema, ContradictionSchema } from './doubt.ts';
import { RoleSchema } from './roles.ts';
import { RoomEventsSchema } from './room-event-view.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

const PhaseSchema = Type.Union([
  Type.Literal('expected'),
  Type.Literal('device-check'),
  Type.Literal('rules'),
  Type.Literal('framing'),
  Type.Literal('identity'),
  Type.Literal('waiting'),
  Type.Literal('in-progress'),
  Type.Literal('paused'),
  Type.Literal('closed'),
]);

const IncidentViewSchema = object({
  id: IncidentIdSchema,
  attemptId: AttemptIdSchema,
  kind: KindNameSchema,
  startedT: ExamTimeSchema,
  endedT: orNull(ExamTimeSchema),
  /** Server time at which it began, from the entry's own estimate. */
  startedAt: EpochMsSchema,
  counted: Type.Boolean(),
  episodeId: EpisodeIdSchema,
  copyAttempt: orNull(Type.Integer({ minimum: 1, maximum: MOST })),
  dismissed: orNull(
    object({
      by: Type.String({ maxLength: LONGEST }),
      reason: Type.String({ maxLength: LONGEST }),
    }),
  ),
  objection: orNull(Type.String({ maxLength: LONGEST })),
  facts: FactsSchema,
  evidence: Type.Array(EvidenceSchema, { maxItems: MANY }),
});
export type IncidentView = Static<typeof IncidentViewSchema>;

const CommandViewSchema = object({
  id: CommandIdSchema,
  attemptId: AttemptIdSchema,
  issuedAt: EpochMsSchema,
  issuedBy: Type.String({ maxLength: LONGEST }),
  command: CommandSchema,
  state: CommandStateSchema,
});
export type CommandView = Static<typeof CommandViewSchema>;

/** One examinee of the room, as the tile shows it. */
export const TileSchema = object({
  attemptId: AttemptIdSchema,
  examinee: object({
    name: Type.String({ maxLength: LONGEST }),
    documentMasked: Type.String({ maxLength: LONGEST }),
    /** Effects only ("camera-exempt", "extra-time"), never the diagnosis. */
    accommodations: Type.Array(Type.String({ maxLength: LONGEST }), { maxItems: MANY }),
  }),
  seat: Type.String({ maxLength: LONGEST }),
  phase: PhaseSchema,
  closedBy: orNull(Type.String({ maxLength: LONGEST })),
  copyAttempts: Type.Integer({ minimum: 0, maximum: MOST }),
  copyAttemptLimit: Type.Integer({ minimum: 1, maximum: MOST }),
  answered: Type.Integer({ minimum: 0, maximum: MOST }),
  questions: Type.Integer({ minimum: 0, maximum: MOST }),
  /** Server time at which the examinee's time ends; null before the start and while it stands still. */
  endsAt: orNull(EpochMsSchema),
  frozenRemainingMs: orNull(Type.Integer({ minimum: -MOST, maximum: MOST })),
  lastIncident: orNull(IncidentViewSchema),
  /** `never`: not connected yet today. */
  connection: Type.Union([Type.Literal('online'), Type.Literal('offline'), Type.Literal('never')]),
  /** Since when the connection is as it is. */
  connectionSince: orNull(EpochMsSchema),
  latencyMs: orNull(Type.Integer({ minimum: 0, maximum: MOST })),
  battery: orNull(Type.Number({ minimum: -MOST, maximum: MOST })),
  charging: orNull(Type.Boolean()),
  pending: Type.Integer({ minimum: 0, maximum: MOST }),
  /** Entries that the kiosk cannot store and holds in memory; absent while it can. */
  unsaved: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST })),
  deviceName: orNull(Type.String({ maxLength: LONGEST })),
  notWatched: Type.Array(IncidentKindSchema, { maxItems: MANY }),
  /** What the institution's list says of the kiosk's build. */
  build: BuildStateSchema,
  /** Staff ended the attempt while its kiosk was gone; absent otherwise. */
  ended: Type.Optional(
    object({
      kind: EndingKindSchema,
      at: EpochMsSchema,
      by: Type.String({ maxLength: LONGEST }),
      reason: Type.String({ maxLength: LONGEST }),
      /** Entries of the kiosk that came afterwards. */
      later: Type.Integer({ minimum: 0, maximum: MOST }),
    }),
  ),
  /** Another device carries the examinee's attempt on: this tile is what was before. */
  carriedOn: Type.Optional(Type.Boolean()),
  /** This attempt goes on where another device's ended. */
  carries: Type.Optional(
    object({
      /** Copy attempts on record there that count on. */
      copyAttempts: Type.Integer({ minimum: 0, maximum: MOST }),
      /** Where they are on record, dismissed ones of them too; absent where a server of before did not keep it. */
      from: Type.Optional(
        Type.Array(object({ attemptId: AttemptIdSchema, incidentId: IncidentIdSchema }), {
          maxItems: 10,
        }),
      ),
    }),
  ),
  /** Staff opened the locked machine and it was not locked again. */
  released: Type.Boolean(),
  /** `by-hand`: no face is compared. `needs-person`: a proctor has to decide before the exam can begin. */
  identity: IdentityStatusSchema,
  /** A view of the room was asked for and is not there yet. */
  roomScan: Type.Boolean(),
  /**
   * What stands between the examinee and counting while the exam runs: nobody has said who sits there (`press`), or the
   * camera has shown nobody by whom it could begin (`picture`). Since when, on the server's clock.
   */
  gate: orNull(
    object({
      waitsFor: Type.Union([Type.Literal('press'), Type.Literal('picture')]),
      since: EpochMsSchema,
    }),
  ),
  /**
   * Chain state: `ok`, `gap` (entries missing), `full` (the kiosk sent more than any exam is, and the rest is not
   * kept), `contradicted` (the chain is whole and says what the server knows otherwise), `broken` (hash, signature or
   * replay does not fit).
   */
  chain: Type.Union([
    Type.Literal('ok'),
    Type.Literal('gap'),
    Type.Literal('full'),
    Type.Literal('contradicted'),
    Type.Literal('broken'),
  ]),
});
export type Tile = Static<typeof TileSchema>;

/** Seat map of a room: a grid, front of the room at the top. */
export const SeatMapSchema = object({
  rows: Type.Integer({ minimum: 1, maximum: 30 }),
  columns: Type.Integer({ minimum: 1, maximum: 30 }),
  seats: Type.Array(
    object({
      label: Type.String({ maxLength: 10 }),
      row: Type.Integer({ minimum: 0, maximum: MOST }),
      column: Type.Integer({ minimum: 0, maximum: MOST }),
    }),
    { maxItems: MANY },
  ),
});
export type SeatMap = Static<typeof SeatMapSchema>;

export const RoomSummarySchema = object({
  id: RoomIdSchema,
  name: Type.String({ maxLength: LONGEST }),
  venue: Type.String({ maxLength: LONGEST }),
  /** The venue's: its days and hours are shown. */
  timeZone: TimeZoneSchema,
  seatMap: SeatMapSchema,
  /** Sessions of the venue's today in this room, in order. */
  sessions: Type.Array(
    object({
      id: Type.String({ maxLength: LONGEST }),
      examTitle: Type.String({ maxLength: LONGEST }),
      startsAt: EpochMsSchema,
      endsAt: EpochMsSchema,
      expected: Type.Integer({ minimum: -MOST, maximum: MOST }),
    }),
    { maxItems: MANY },
  ),
});
export type RoomSummary = Static<typeof RoomSummarySchema>;

/**
 * Where a dashboard opens its WebSocket: one session of one room, with the staff cookie (no
 * sub-protocol; JSON text messages, from the server only). Someone without the right gets `refused`
 * and the socket is closed.
 */
export const roomSocketPath = (roomId: string, sessionId: string): string =>
  `/api/rooms/${encodeURIComponent(roomId)}/sessions/${encodeURIComponent(sessionId)}/socket`;

/** Messages of the room socket, server to dashboard: a snapshot first (large ones in pieces), then one frame per change. */
export const ServerToDashboardSchema = Type.Union([
  object({
    type: Type.Literal('snapshot'),
    serverTime: EpochMsSchema,
    sessionId: Type.String({ maxLength: LONGEST }),
    tiles: Type.Array(TileSchema, { maxItems: MANY }),
    /** Newest first, at most 200. */
    incidents: Type.Array(IncidentViewSchema, { maxItems: MANY }),
    commands: Type.Array(CommandViewSchema, { maxItems: MANY }),
    roomEvents: RoomEventsSchema,
  }),
  object({
    type: Type.Literal('frame'),
    serverTime: EpochMsSchema,
    tiles: Type.Array(TileSchema, { maxItems: MANY }),
    incidents: Type.Array(IncidentViewSchema, { maxItems: MANY }),
    commands: Type.Array(CommandViewSchema, { maxItems: MANY }),
    /** All of them, when one is new or another than before; else absent. */
    roomEvents: Type.Optional(RoomEventsSchema),
  }),
  /** The rest of a large snapshot: older incidents, of which nothing is announced. Frames may come between. */
  object({
    type: Type.Literal('more'),
    serverTime: EpochMsSchema,
    incidents: Type.Array(IncidentViewSchema, { maxItems: MANY }),
  }),
  /** The server cannot keep what it is told, or can again. Said when it changes, and behind a snapshot while it fails. */
  object({
    type: Type.Literal('server'),
    serverTime: EpochMsSchema,
    storage: Type.Union([Type.Literal('ok'), Type.Literal('failed')]),
  }),
  object({ type: Type.Literal('refused'), problem: ProblemSchema }),
]);
export type ServerToDashboard = Static<typeof ServerToDashboardSchema>;

export const StaffProfileSchema = object({
  id: Type.String({ maxLength: LONGEST }),
  name: Type.String({ maxLength: LONGEST }),
  role: RoleSchema,
  /** Of the person's venue; of whom all venues are, the one that most venues have. */
  timeZone: TimeZoneSchema,
});
export type StaffProfile = Static<typeof StaffProfileSchema>;

/** One attempt in full, for the timeline and the export. */
export const AttemptDetailSchema = object({
  tile: TileSchema,
  /** What the examinee's host enforces, detects and does not watch, with why. */
  coverage: CoverageByKindSchema,
  /** Why the chain is not as it should be. */
  doubts: object({
    broken: orNull(BreakSchema),
    contradictions: Type.Array(ContradictionSchema, { maxItems: MANY }),
    /** Pictures that entries name and that did not come (yet); without those that were deleted. */
    missingPictures: Type.Integer({ minimum: 0, maximum: MOST }),
  }),
  /**
   * Who signed in when the own time no longer fitted into the shift (Art. 18): what was left then, and when the last shift of
   * the day begins where the whole time may be had, if there is one. null for who came in time.
   */
  late: orNull(
    object({
      leftMs: Type.Integer({ minimum: 0, maximum: MOST }),
      lastShiftAt: orNull(EpochMsSchema),
    }),
  ),
  identity: AttemptIdentitySchema,
  entries: Type.Array(LedgerEntrySchema, { maxItems: MANY }),
  incidents: Type.Array(IncidentViewSchema, { maxItems: MANY }),
  commands: Type.Array(CommandViewSchema, { maxItems: MANY }),
});
export type AttemptDetail = Static<typeof AttemptDetailSchema>;
