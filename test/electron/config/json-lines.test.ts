import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonLines, syntaxErrorLine } from '#electron/config/json-lines.ts';

const TEXT = `{
  "server": "https://a.ec",
  "switchedOffSensors": [
    "usb",
    "two words",
    { "deep/er": [1,
      2] }
  ],
  "room": "with { and \\" inside",
  "last": true
}
`;

describe('lines of a JSON text', () => {
  test.each([
    ['', 1],
    ['/server', 2],
    ['/switchedOffSensors', 3],
    ['/switchedOffSensors/0', 4],
    ['/switchedOffSensors/1', 5],
    ['/switchedOffSensors/2', 6],
    ['/switchedOffSensors/2/deep~1er/0', 6],
    ['/switchedOffSensors/2/deep~1er/1', 7],
    ['/room', 9],
    ['/last', 10],
    ['/not/there', 1],
    ['/room/below', 9],
  ])('%j is on line %i', (pointer, line) => {
    expect(jsonLines(TEXT).lineOf(pointer)).toBe(line);
  });

  test.each([
    ['{"a":1,\n"b":2,\n"a":3}', { key: 'a', line: 3 }],
    ['{"a":{"b":1},"b":{"b":1,\n"b":1}}', { key: 'b', line: 2 }],
    ['{"a":1,"b":{"a":1}}', null],
    ['["a","a"]', null],
  ])('a key that is there twice: %j', (text, duplicate) => {
    expect(jsonLines(text).duplicate).toEqual(duplicate);
  });

  test.each([
    ['{\n"a": 1,\n}', 3],
    ['{\n"a": 1\n"b": 2}', 3],
    ['{\n\n', 3],
    ['', 1],
    ['{"a": tru}', 1],
  ])('a broken text %j is broken on line %i', (text, line) => {
    let thrown: unknown;
    try {
      JSON.parse(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeDefined();
    expect(syntaxErrorLine(text, thrown)).toBe(line);
  });

  test('every property of any object, printed one on each line, is found on its line', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }), (keys) => {
        const usable = keys.filter((key) => key !== '__proto__');
        const text = `{\n${usable.map((key) => `${JSON.stringify(key)}: [{}]`).join(',\n')}\n}`;
        const lines = jsonLines(text);
        for (const [i, key] of usable.entries()) {
          const pointer = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
          expect(lines.lineOf(pointer)).toBe(i + 2);
          expect(lines.lineOf(`${pointer}/0`)).toBe(i + 2);
        }
        expect(lines.duplicate).toBeNull();
      }),
    );
  });
});
