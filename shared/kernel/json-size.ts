import Type from 'typebox';

/**
 * Whether a JSON value is small enough to be kept unread: so many characters of names and texts, each value besides
 * counting as eight, and so deep. Walks no further than the limits, so that a huge value costs no more than a large one.
 */
export const withinSize = (value: unknown, maxSize: number, maxDepth: number): boolean => {
  let left = maxSize;
  const walk = (one: unknown, depth: number): boolean => {
    left -= typeof one === 'string' ? one.length + 8 : 8;
    if (left < 0) return false;
    if (typeof one !== 'object' || one === null) return true;
    if (depth === maxDepth) return false;
    if (Array.isArray(one)) return one.every((item) => walk(item, depth + 1));
    for (const key in one) {
      left -= key.length;
      if (!walk((one as Readonly<Record<string, unknown>>)[key], depth + 1)) return false;
    }
    return true;
  };
  return walk(value, 0);
};

/** Any JSON of a later version, of a size (`withinSize`). */
const LaterSchema = Type.Refine(
  Type.Unknown({ maxSize: 8 * 1024, maxDepth: 8 }),
  (value) => withinSize(value, 8 * 1024, 8),
  () => 'must be no larger than any member of a later version',
);

/**
 * The options of an object that is open: members that a later version adds are kept as they came and never read, so
 * they are few and small.
 */
export const LATER = { additionalProperties: LaterSchema, maxProperties: 64 } as const;
