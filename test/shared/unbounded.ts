import type { TSchema } from 'typebox';

type Plain = Readonly<Record<string, unknown>>;

/** A pattern that is anchored and repeats nothing without an end. */
const endsSomewhere = (pattern: string): boolean => {
  const bare = pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  return /^\^.*\$$/.test(bare) && !/[*+]|\{\d+,\}/.test(bare);
};

const ownFault = (schema: Plain): string | null => {
  const has = (...names: string[]) => names.every((name) => schema[name] !== undefined);
  if (schema.const !== undefined || schema.enum !== undefined) return null;
  switch (schema.type) {
    case 'string': {
      const patterned = typeof schema.pattern === 'string' && endsSomewhere(schema.pattern);
      return has('maxLength') || patterned ? null : 'a text without a longest';
    }
    case 'number':
    case 'integer':
      return has('minimum', 'maximum') ? null : 'a number without limits';
    case 'array':
      return has('maxItems') || Array.isArray(schema.items) ? null : 'a list without an end';
    case 'object': {
      // Bounded as a whole by who takes it in, or open for members that are bounded themselves.
      if (has('maxSize', 'maxDepth')) return null;
      if (has('patternProperties') && !has('maxProperties')) return 'a record without an end';
      if (schema.additionalProperties === false) return null;
      const open = typeof schema.additionalProperties === 'object' && has('maxProperties');
      return open ? null : 'an object that takes anything';
    }
    case 'boolean':
    case 'null':
      return null;
    default:
      return has('anyOf') || has('allOf') || has('maxSize', 'maxDepth') ? null : 'anything at all';
  }
};

/** Where in a schema something has no limit, with what it is. */
export const unboundedIn = (schema: TSchema, path: string): readonly string[] => {
  const plain = schema as unknown as Plain;
  const fault = ownFault(plain);
  const below = (name: string, value: unknown): readonly string[] =>
    typeof value === 'object' && value !== null
      ? unboundedIn(value as TSchema, `${path}/${name}`)
      : [];
  const each = (value: unknown): readonly string[] =>
    Object.entries((value ?? {}) as Plain).flatMap(([name, part]) => below(name, part));
  return [
    ...(fault === null ? [] : [`${path}: ${fault}`]),
    ...each(plain.properties),
    ...each(plain.patternProperties),
    ...each(plain.anyOf),
    ...each(plain.allOf),
    ...(Array.isArray(plain.items) ? each(plain.items) : below('items', plain.items)),
    ...below('additionalProperties', plain.additionalProperties),
  ];
};
