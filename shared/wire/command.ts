import Type, { type Static } from 'typebox';
import { IdentityDecisionSchema } from '#shared/identity/identity-facts.ts';
import {
  AttemptIdSchema,
  CommandIdSchema,
  IncidentIdSchema,
  StaffIdSchema,
} from '#shared/kernel/ids.ts';
import { LATER } from '#shared/kernel/json-size.ts';
import { EpochMsSchema, MINUTE } from '#shared/kernel/time.ts';
import { RoleSchema } from './roles.ts';

/** A reason that a person gives and another person may read in an appeal. */
export const ReasonSchema = Type.String({ minLength: 3, maxLength: 500 });

/** The most that may be given besides, ms: what a shift leaves beside an hour's exam, twice. */
export const MAX_EXTRA_MS = 30 * MINUTE;

/** Who authorised an alternative to the identity document (Art. 31); null for every other decision. */
export const AuthorisedBySchema = Type.Union([
  Type.String({ minLength: 3, maxLength: 120 }),
  Type.Null(),
]);

/**
 * What staff decide about an attempt whose kiosk is gone: it ends with what has arrived (`closed`), it ends and is
 * not valid (`revoked`), or the person may sign in on another machine (`let-go`).
 */
export const EndingKindSchema = Type.Union([
  Type.Literal('closed'),
  Type.Literal('revoked'),
  Type.Literal('let-go'),
]);
export type EndingKind = Static<typeof EndingKindSchema>;

/** What staff may order a kiosk to do. */
export const CommandSchema = Type.Union([
  Type.Object(
    { type: Type.Literal('message'), text: Type.String({ minLength: 1, maxLength: 500 }) },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('pause'), reason: ReasonSchema },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('resume'), reason: ReasonSchema },
    { additionalProperties: false },
  ),
  Type.Object(
    /** Art. 70 due process: names the incident whose episode counted, or what is carried (`policy.carried`). */
    {
      type: Type.Literal('dismiss'),
      incidentId: IncidentIdSchema,
      reason: ReasonSchema,
      /**
       * Time that an exam which reopens by it is given beside all that it stood closed, for what a room's event took before
       * the closing, ms; never past the shift's end. Absent: none, as for builds that do not know it.
       */
      extraMs: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_EXTRA_MS })),
      /**
       * The count falls and the exam stays closed here, since staff ended it on this machine. The server says it, nobody
       * orders it. Absent: it reopens where it closed by the count.
       */
      reopens: Type.Optional(Type.Literal(false)),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    /** Opens the locked machine: the exam pauses, and a later `resume` locks it again. */
    { type: Type.Literal('release'), reason: ReasonSchema },
    { additionalProperties: false },
  ),
  Type.Object(
    /** A person decides who sits there, before or during the exam (Art. 21, 31). `refused` may be decided anew. */
    {
      type: Type.Literal('identity'),
      decision: IdentityDecisionSchema,
      authorisedBy: AuthorisedBySchema,
      reason: ReasonSchema,
    },
    { additionalProperties: false },
  ),
  Type.Object(
    /** Asks for a slow view of the room (Art. 26f): the exam pauses until it was shown, refused or timed out. */
    { type: Type.Literal('room-scan'), reason: ReasonSchema },
    { additionalProperties: false },
  ),
  Type.Object(
    /** With `ending` it holds at once, without the kiosk, which learns of it when it comes back. */
    {
      type: Type.Literal('close'),
      reason: ReasonSchema,
      ending: Type.Optional(EndingKindSchema),
    },
    { additionalProperties: false },
  ),
]);
export type Command = Static<typeof CommandSchema>;
export type DismissCommand = Extract<Command, { readonly type: 'dismiss' }>;

const COMMANDS = [
  'message',
  'pause',
  'resume',
  'dismiss',
  'release',
  'identity',
  'room-scan',
  'close',
] as const satisfies readonly Command['type'][];

/** A command as it travels: kept by the server until the kiosk's ledger says that it was applied. */
export const IssuedCommandSchema = Type.Object(
  {
    id: CommandIdSchema,
    attemptId: AttemptIdSchema,
    issuedAt: EpochMsSchema,
    issuedBy: Type.Object(
      { id: StaffIdSchema, name: Type.String({ maxLength: 120 }), role: RoleSchema },
      { additionalProperties: false },
    ),
    command: CommandSchema,
  },
  { additionalProperties: false },
);
export type IssuedCommand = Static<typeof IssuedCommandSchema>;

/**
 * A command as a ledger has it: perhaps one that a later version gave, or by a role that it made up. Such a one is
 * kept and changes nothing here.
 */
export const RecordedCommandSchema = Type.Unsafe<IssuedCommand>(
  Type.Object(
    {
      ...IssuedCommandSchema.properties,
      issuedBy: Type.Object(
        {
          ...IssuedCommandSchema.properties.issuedBy.properties,
          role: Type.String({ pattern: '^[a-z][a-z-]{1,40}$' }),
        },
        LATER,
      ),
      command: Type.Union([
        CommandSchema,
        Type.Object(
          { type: Type.String({ pattern: `^(?!(${COMMANDS.join('|')})$)[a-z][a-z-]{1,40}$` }) },
          LATER,
        ),
      ]),
    },
    LATER,
  ),
);

/** Whether this build knows the command that a ledger has. */
export const isKnownCommand = ({ type }: { readonly type: string }): boolean =>
  COMMANDS.some((known) => known === type);

/** The road of a command: sent (kept on the server), delivered (the kiosk has it), applied or rejected (in the kiosk's ledger). */
export const CommandStateSchema = Type.Union([
  Type.Literal('sent'),
  Type.Literal('delivered'),
  Type.Literal('applied'),
  Type.Literal('rejected'),
]);
export type CommandState = Static<typeof CommandStateSchema>;
