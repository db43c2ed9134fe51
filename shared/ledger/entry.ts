import Type, { type Static } from 'typebox';
import { MAX_DATA_DEPTH, MAX_DATA_SIZE, MOST } from '#shared/kernel/bounds.ts';
import { AttemptIdSchema, HashSchema } from '#shared/kernel/ids.ts';
import { EpochMsSchema, ExamTimeSchema } from '#shared/kernel/time.ts';

/**
 * One entry of an attempt's ledger. `hash` is the SHA-256 of the canonical JSON (RFC 8785) of all the
 * other fields but `signature`; `previous` is the hash of the entry before (64 zeros for the first).
 * What `type` and `data` may be is defined in `wire/facts.ts`: the ledger itself is neutral.
 */
export const LedgerEntrySchema = Type.Object(
  {
    attemptId: AttemptIdSchema,
    seq: Type.Integer({ minimum: 1, maximum: MOST }),
    t: ExamTimeSchema,
    /** The device's best estimate of the server's clock. Informative; order comes from `seq`, durations from `t`. */
    wall: EpochMsSchema,
    type: Type.String({ pattern: '^[a-z][a-z-]{1,40}$' }),
    /** Bounded as a whole, by whoever takes it in (`withinSize`), so that one entry can be refused by its number. */
    data: Type.Unsafe<JsonObject>(
      Type.Object(
        {},
        { additionalProperties: true, maxSize: MAX_DATA_SIZE, maxDepth: MAX_DATA_DEPTH },
      ),
    ),
    previous: HashSchema,
    hash: HashSchema,
    /** Ed25519 over the ASCII of `hash`, base64url; on the types that `mustBeSigned` names. */
    signature: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' })),
  },
  { additionalProperties: false },
);
export type LedgerEntry = Static<typeof LedgerEntrySchema>;

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** `previous` of an attempt's first entry. */
export const GENESIS = '0'.repeat(64);
