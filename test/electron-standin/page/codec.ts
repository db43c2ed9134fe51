/** Turns what Electron's IPC can carry into text and back. */
export interface Codec {
  encode(value: unknown): string;
  decode(text: string): unknown;
}

/**
 * The codec of both ends: main imports it, the page gets its source text. So it may use nothing
 * from outside of itself, and only what Node and Chromium both have.
 *
 * Carries what a structured clone carries (undefined, NaN, -0, bigint, Date, RegExp, Map, Set,
 * buffers and their views, errors, cycles and shared references); instances of classes arrive as
 * plain objects. Throws "An object could not be cloned." for functions, symbols, promises and nodes.
 */
export function createCodec(): Codec {
  type Tagged = { t: string; i?: number; v?: unknown };
  const VIEWS = [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    BigInt64Array,
    BigUint64Array,
    Float32Array,
    Float64Array,
  ];
  const ERRORS = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
  const node = (globalThis as { Buffer?: BufferConstructor }).Buffer;

  const toBase64 = (bytes: Uint8Array): string =>
    node
      ? node.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
      : (bytes as unknown as { toBase64(): string }).toBase64();
  const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
    node
      ? new Uint8Array(node.from(text, 'base64'))
      : (Uint8Array as unknown as { fromBase64(text: string): Uint8Array<ArrayBuffer> }).fromBase64(
          text,
        );
  const refuse = (): never => {
    throw new Error('An object could not be cloned.');
  };

  const encode = (root: unknown): string => {
    const seen = new Map<object, number>();

    const entries = (value: object): unknown[] =>
      Object.keys(value).map((key) => [key, walk((value as Record<string, unknown>)[key])]);

    const walkObject = (value: object, i: number): Tagged => {
      if (Array.isArray(value)) return { t: 'array', i, v: Array.from(value, walk) };
      if (value instanceof Date) return { t: 'date', i, v: walk(value.getTime()) };
      if (value instanceof RegExp) return { t: 'regexp', i, v: [value.source, value.flags] };
      if (value instanceof Map) {
        return { t: 'map', i, v: [...value].map(([key, item]) => [walk(key), walk(item)]) };
      }
      if (value instanceof Set) return { t: 'set', i, v: [...value].map(walk) };
      if (value instanceof ArrayBuffer)
        return { t: 'buffer', i, v: toBase64(new Uint8Array(value)) };
      const View = VIEWS.find((type) => value instanceof type);
      if (View) {
        const view = value as Uint8Array;
        const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
        return { t: 'view', i, v: [View.name, toBase64(bytes)] };
      }
      if (value instanceof Error) {
        const { name, message, stack, cause } = value;
        return { t: 'error', i, v: [name, message, stack ?? '', walk(cause)] };
      }
      if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet)
        refuse();
      if (typeof Node === 'function' && value instanceof Node) refuse();
      return { t: 'object', i, v: entries(value) };
    };

    const walk = (value: unknown): unknown => {
      switch (typeof value) {
        case 'undefined':
          return { t: 'undefined' };
        case 'bigint':
          return { t: 'bigint', v: String(value) };
        case 'number':
          if (Number.isFinite(value) && !Object.is(value, -0)) return value;
          return { t: 'number', v: Object.is(value, -0) ? '-0' : String(value) };
        case 'function':
        case 'symbol':
          return refuse();
        case 'object': {
          if (value === null) return null;
          const known = seen.get(value);
          if (known !== undefined) return { t: 'ref', i: known };
          const i = seen.size;
          seen.set(value, i);
          return walkObject(value, i);
        }
        default:
          return value;
      }
    };
    return JSON.stringify(walk(root));
  };

  const decode = (text: string): unknown => {
    const made = new Map<number, unknown>();
    const keep = <T>(i: number | undefined, value: T): T => {
      if (i !== undefined) made.set(i, value);
      return value;
    };
    const makeError = (v: [string, string, string, unknown]): Error => {
      const Type = ERRORS.find((type) => type.name === v[0]) ?? Error;
      const error = new Type(v[1]);
      if (v[0] !== error.name) Object.defineProperty(error, 'name', { value: v[0] });
      Object.defineProperty(error, 'stack', { value: v[2], configurable: true, writable: true });
      const cause = walk(v[3]);
      if (cause !== undefined) Object.defineProperty(error, 'cause', { value: cause });
      return error;
    };

    const walk = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      const { t, i, v } = value as Tagged;
      const list = v as unknown[];
      const pairs = v as [unknown, unknown][];
      switch (t) {
        case 'undefined':
          return undefined;
        case 'bigint':
          return BigInt(String(v));
        case 'number':
          return Number(v);
        case 'ref':
          return made.get(i ?? -1);
        case 'array': {
          const array = keep<unknown[]>(i, []);
          for (const item of list) array.push(walk(item));
          return array;
        }
        case 'date':
          return keep(i, new Date(Number(walk(v))));
        case 'regexp':
          return keep(i, new RegExp(String(list[0]), String(list[1])));
        case 'map': {
          const map = keep(i, new Map<unknown, unknown>());
          for (const [key, item] of pairs) map.set(walk(key), walk(item));
          return map;
        }
        case 'set': {
          const set = keep(i, new Set<unknown>());
          for (const item of list) set.add(walk(item));
          return set;
        }
        case 'buffer':
          return keep(i, fromBase64(String(v)).buffer);
        case 'view': {
          const View = VIEWS.find((type) => type.name === list[0]) ?? Uint8Array;
          return keep(i, new View(fromBase64(String(list[1])).buffer));
        }
        case 'error':
          return keep(i, makeError(v as [string, string, string, unknown]));
        default: {
          const object = keep<Record<string, unknown>>(i, {});
          for (const [key, item] of pairs) {
            // Not an assignment: a key named __proto__ must stay a key.
            const described = { value: walk(item), writable: true, enumerable: true };
            Object.defineProperty(object, String(key), { ...described, configurable: true });
          }
          return object;
        }
      }
    };
    return walk(JSON.parse(text));
  };

  return { encode, decode };
}
