import Type, { type Static, type TSchema } from 'typebox';
import { IncidentKindSchema } from '#shared/incident/kind.ts';
import { MOST } from '#shared/kernel/bounds.ts';
import { AttemptIdSchema, IncidentIdSchema } from '#shared/kernel/ids.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** Events of a room that a dashboard is shown: the newest. */
export const MAX_ROOM_EVENTS = 30;
/** Seats that one of them names; a seat map has no more. */
const MAX_EVENT_SEATS = 900;
/** Incidents of one seat that one of them names. */
export const MAX_SEAT_INCIDENTS = 20;
/** Copy attempts of one seat that one of them names. */
export const MAX_SEAT_ATTEMPTS = 10;

/** Something that happened to the room, as several of its seats stated it at once (`shared/exam/room-event.ts`). */
const RoomEventViewSchema = object({
  /** Of its kind and first statement; another one when an earlier statement arrives. */
  id: Type.String({ maxLength: 250 }),
  kind: IncidentKindSchema,
  startedAt: EpochMsSchema,
  endedAt: EpochMsSchema,
  /** How many different people stated it: one who was carried on to another machine is two members and one seat. */
  seats: Type.Integer({ minimum: 0, maximum: MOST }),
  /** Of how many who were there. */
  present: Type.Integer({ minimum: 0, maximum: MOST }),
  /** Who stated it, in order, one by one. */
  members: Type.Array(
    object({
      attemptId: AttemptIdSchema,
      startedAt: EpochMsSchema,
      /** By which incidents; more than these stand for themselves. */
      incidents: Type.Array(IncidentIdSchema, { minItems: 1, maxItems: MAX_SEAT_INCIDENTS }),
      /** What was counted by it, oldest first. */
      attempts: Type.Array(
        object({
          incidentId: IncidentIdSchema,
          number: Type.Integer({ minimum: 1, maximum: MOST }),
          dismissed: Type.Boolean(),
          /** Nothing of the seat's own was counted in the same act. */
          whole: Type.Boolean(),
        }),
        { maxItems: MAX_SEAT_ATTEMPTS },
      ),
    }),
    { maxItems: MAX_EVENT_SEATS },
  ),
});
export type RoomEventView = Static<typeof RoomEventViewSchema>;
/** All events of a room, by beginning. */
export const RoomEventsSchema = Type.Array(RoomEventViewSchema, { maxItems: MAX_ROOM_EVENTS });
