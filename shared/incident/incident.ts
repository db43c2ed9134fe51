import Type, { type Static } from 'typebox';
import { MOST } from '#shared/kernel/bounds.ts';
import { EpisodeIdSchema, HashSchema, IncidentIdSchema } from '#shared/kernel/ids.ts';
import { LATER } from '#shared/kernel/json-size.ts';
import { ExamTimeSchema } from '#shared/kernel/time.ts';
import { KindNameSchema } from './kind.ts';
import { FactsSchema } from './observation.ts';

/** A place in a picture, as parts of its width and height; may leave 0..1 at an edge. */
const PlaceSchema = Type.Object(
  {
    x: Type.Number({ minimum: -MOST, maximum: MOST }),
    y: Type.Number({ minimum: -MOST, maximum: MOST }),
    width: Type.Number({ minimum: 0, maximum: MOST }),
    height: Type.Number({ minimum: 0, maximum: MOST }),
  },
  LATER,
);
export type Place = Static<typeof PlaceSchema>;

/** A file that a person can look at, stored by its hash. */
export const EvidenceSchema = Type.Object(
  {
    hash: HashSchema,
    mime: Type.Union([Type.Literal('image/jpeg'), Type.Literal('image/png')]),
    bytes: Type.Integer({ minimum: 1, maximum: 2_000_000 }),
    t: ExamTimeSchema,
    /** Faces of people who are not the examinee, to be made unrecognisable in whatever leaves the institution. */
    others: Type.Optional(Type.Array(PlaceSchema, { maxItems: 15 })),
  },
  LATER,
);
export type Evidence = Static<typeof EvidenceSchema>;

/** An incident as the rules state it. Its id is made of kind and start, so that a replay names it alike. */
export const IncidentSchema = Type.Object(
  {
    id: IncidentIdSchema,
    kind: KindNameSchema,
    startedT: ExamTimeSchema,
    /** When the minimum duration was over: the moment from which it is an incident. */
    openedT: ExamTimeSchema,
    /** Whether it is of the countable sort. All counted incidents of one episode are one copy attempt. */
    counted: Type.Boolean(),
    episodeId: EpisodeIdSchema,
    facts: FactsSchema,
  },
  LATER,
);
export type Incident = Static<typeof IncidentSchema>;
