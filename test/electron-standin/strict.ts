/** Names that the language, Node's inspector or promises look up on any object. */
const LOOKED_UP_BY_THE_LANGUAGE = new Set(['then', 'toJSON', 'constructor', 'inspect', 'valueOf']);

/**
 * The error for something that Electron has and the stand-in has not.
 *
 * @param name what was asked for, as in `app.setBadgeCount`.
 */
export function missing(name: string): Error {
  return new Error(
    `electron stand-in: ${name} is not covered. Cover it in test/electron-standin, or test it on the real Electron.`,
  );
}

/**
 * Wraps an object so that reading or setting anything that it does not have throws, naming it.
 * Without this an app would run on a stand-in that lacks half of what it asks for.
 *
 * @param target the object that does the work.
 * @param name its name in the module `electron`, for the error.
 * @returns a proxy with the same members and the same identity rules for its own members.
 */
export function strict<T extends object>(target: T, name: string): T {
  return new Proxy(target, {
    get(object, property, receiver) {
      if (isKnown(object, property)) return Reflect.get(object, property, receiver);
      throw missing(`${name}.${String(property)}`);
    },
    set(object, property, value, receiver) {
      if (isKnown(object, property)) return Reflect.set(object, property, value, receiver);
      throw missing(`setting ${name}.${String(property)}`);
    },
  });
}

function isKnown(object: object, property: string | symbol): boolean {
  return (
    typeof property === 'symbol' || property in object || LOOKED_UP_BY_THE_LANGUAGE.has(property)
  );
}

/**
 * A member of the module `electron` that the stand-in lacks altogether: it can be imported, and
 * throws as soon as it is used.
 *
 * @param name its name in the module.
 */
export function absent(name: string): object {
  // Not an arrow function: `new` has to reach it.
  function refuse(): never {
    throw missing(name);
  }
  return new Proxy(refuse, {
    get(_, property) {
      if (typeof property === 'symbol' || LOOKED_UP_BY_THE_LANGUAGE.has(property)) return undefined;
      throw missing(`${name}.${property}`);
    },
    construct: refuse,
    apply: refuse,
  });
}

/**
 * Checks constructor options: those in `known` take effect or are readable, those in `ignored` are
 * about looks that no test can see here, anything else throws.
 *
 * @param given the options as the app passed them.
 * @param name the constructor, for the error.
 */
export function checkOptions(
  given: object,
  known: readonly string[],
  ignored: readonly string[],
  name: string,
): void {
  for (const [option, value] of Object.entries(given)) {
    if (value === undefined || known.includes(option) || ignored.includes(option)) continue;
    throw missing(`the option ${option} of ${name}`);
  }
}
