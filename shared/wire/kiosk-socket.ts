import Type, { type Static, type TSchema } from 'typebox';
import { MOST } from '#shared/kernel/bounds.ts';
import { AttemptIdSchema, CommandIdSchema, HashSchema } from '#shared/kernel/ids.ts';
import { ProblemSchema } from '#shared/kernel/problem.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';
import { LedgerEntrySchema } from '#shared/ledger/entry.ts';
import { IssuedCommandSchema } from './command.ts';

/** Version of everything that crosses the network. A server refuses another major with `protocol-version`. */
export const PROTOCOL = 1;
/** Where a kiosk opens its WebSocket (no sub-protocol; JSON text messages). */
export const KIOSK_SOCKET_PATH = '/api/kiosk/socket';
/** At most this many entries in one message. */
export const MAX_BATCH = 200;
/** Larger socket messages are refused unread, bytes. */
export const MAX_MESSAGE_BYTES = 512 * 1024;
/** How often a kiosk says that it is alive, ms. */
export const HEARTBEAT_MS = 5_000;

/** Codes with which the server closes a kiosk's socket. */
export const CLOSE = {
  tooLarge: 1009,
  unauthorised: 4401,
  protocol: 4400,
  replaced: 4409,
  silent: 4408,
  goingAway: 1001,
} as const;

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** What is true of the kiosk right now; kept in memory only, never in the ledger. */
export const LiveStateSchema = object({
  /** Whole milliseconds of the last ping's round trip. */
  latencyMs: Type.Union([Type.Integer({ minimum: 0, maximum: MOST }), Type.Null()]),
  /** 0..1; null when the host does not tell. */
  battery: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()]),
  charging: Type.Union([Type.Boolean(), Type.Null()]),
  /** Entries that the server has not acknowledged yet. */
  pending: Type.Integer({ minimum: 0, maximum: MOST }),
  /** Entries that the kiosk cannot store on its disk and holds in memory; absent while it can. */
  unsaved: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST })),
});
export type LiveState = Static<typeof LiveStateSchema>;

export const KioskToServerSchema = Type.Union([
  /** Always first. The token is the examinee's, from the sign-in. */
  object({
    type: Type.Literal('hello'),
    protocol: Type.Integer({ minimum: -MOST, maximum: MOST }),
    token: Type.String({ maxLength: 200 }),
    attemptId: AttemptIdSchema,
  }),
  object({
    type: Type.Literal('entries'),
    entries: Type.Array(LedgerEntrySchema, { minItems: 1, maxItems: MAX_BATCH }),
  }),
  object({ type: Type.Literal('heartbeat'), sentAt: EpochMsSchema, live: LiveStateSchema }),
  /** The command is stored on the kiosk: "delivered". */
  object({ type: Type.Literal('command-received'), commandId: CommandIdSchema }),
]);
export type KioskToServer = Static<typeof KioskToServerSchema>;

export const ServerToKioskSchema = Type.Union([
  /** Answer to `hello`: from where to go on sending. */
  object({
    type: Type.Literal('welcome'),
    protocol: Type.Integer({ minimum: -MOST, maximum: MOST }),
    serverTime: EpochMsSchema,
    lastSeq: Type.Integer({ minimum: 0, maximum: MOST }),
    lastHash: HashSchema,
  }),
  /** Everything up to `seq` is committed. Acknowledgements are cumulative. */
  object({
    type: Type.Literal('ack'),
    seq: Type.Integer({ minimum: 0, maximum: MOST }),
    hash: HashSchema,
  }),
  object({ type: Type.Literal('command'), issued: IssuedCommandSchema }),
  object({ type: Type.Literal('heartbeat-ack'), sentAt: EpochMsSchema, serverTime: EpochMsSchema }),
  /** Something was refused. `expectedSeq` is where the server stands when entries were refused. */
  object({
    type: Type.Literal('refused'),
    problem: ProblemSchema,
    expectedSeq: Type.Optional(Type.Integer({ minimum: 0, maximum: MOST })),
  }),
]);
export type ServerToKiosk = Static<typeof ServerToKioskSchema>;
