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
