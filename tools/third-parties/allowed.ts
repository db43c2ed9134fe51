/**
 * Licences under which the work of others may ship with a program that is under the MIT licence itself, and why. Whatever
 * is not here has to be looked at by a person before it ships (docs/decisions.md).
 */
const ALLOWED: Readonly<Record<string, string>> = {
  MIT: 'asks for its notice to be kept',
  ISC: 'as MIT',
  '0BSD': 'asks for nothing',
  'BSD-2-Clause': 'as MIT',
  'BSD-3-Clause': 'as MIT; names of its authors are not used to advertise',
  'BlueOak-1.0.0': 'as MIT, with a patent licence',
  'Apache-2.0': 'asks for licence and notices to be kept, gives a patent licence',
  'CC0-1.0': 'asks for nothing',
  Unlicense: 'asks for nothing',
  'blessing-SQLite': 'in the public domain',
  'Python-2.0': 'as BSD; its text is kept',
  'OFL-1.1': 'a font that is shipped unchanged, under its own name, with its text',
};

/** Allowed for one part alone, and why it may ship although others of its licence may not. */
const ALLOWED_FOR: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  libuiohook: {
    'LGPL-3.0-or-later':
      'a library in a file of its own (native/uiohook-napi.node) that whoever has our sources can build anew and put in; its text ships',
  },
};

const branches = (text: string, word: 'OR' | 'AND'): readonly string[] =>
  text.replace(/^\((.*)\)$/, '$1').split(` ${word} `);

/**
 * Whether a part may ship. Of `A OR B` one is enough, of `A AND B` all are asked for; more than that is nobody's to guess.
 * @param licence an SPDX expression, as package.json has it; null where a part says none.
 */
export const mayShip = (name: string, licence: string | null): boolean => {
  if (licence === null) return false;
  if (Object.hasOwn(ALLOWED, licence)) return true;
  if (Object.hasOwn(ALLOWED_FOR[name] ?? {}, licence)) return true;
  const either = branches(licence, 'OR');
  if (either.length > 1) return either.some((one) => mayShip(name, one));
  const all = branches(licence, 'AND');
  return all.length > 1 && all.every((one) => mayShip(name, one));
};
