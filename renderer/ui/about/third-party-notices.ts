import Type, { type Static, type TSchema } from 'typebox';
import { LONGEST, MANY, MOST } from '#shared/kernel/bounds.ts';
import { check } from '#shared/kernel/schema.ts';

const object = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const WordSchema = Type.String({ maxLength: 200 });
/** A licence is long; the longest that is known has 35,000 characters. */
const TextSchema = Type.String({ maxLength: 10 * LONGEST });

/** What the build writes of itself and of the works of others in it (`tools/bundle/write-notices.ts`). */
export const NoticesSchema = object({
  version: WordSchema,
  licence: TextSchema,
  parts: Type.Array(
    object({
      name: WordSchema,
      version: WordSchema,
      licence: Type.Union([WordSchema, Type.Null()]),
      /** The part that brings it. */
      within: Type.Union([WordSchema, Type.Null()]),
      /** Its place in `notices`. */
      notice: Type.Integer({ minimum: 0, maximum: MOST }),
    }),
    { maxItems: MANY },
  ),
  notices: Type.Array(TextSchema, { maxItems: MANY }),
  /** Whole texts of licences, by their names. */
  licences: Type.Record(Type.String({ pattern: '^[A-Za-z0-9.-]{1,40}$' }), TextSchema, {
    maxProperties: 40,
  }),
});
export type Notices = Readonly<Static<typeof NoticesSchema>>;

/** Beside the pages' own files, whatever path a proxy puts before. */
const FILE = '../notices/third-parties.json';

/** @returns null when they cannot be had now. */
export const loadNotices = async (): Promise<Notices | null> => {
  try {
    const answer = await fetch(new URL(FILE, document.baseURI));
    if (!answer.ok) return null;
    const read = check(NoticesSchema, await answer.json());
    return read.ok ? read.value : null;
  } catch {
    return null;
  }
};
