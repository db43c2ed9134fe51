import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PRODUCT, readModule, root, sourceFiles } from './source-tree.ts';

const BUILT = [...PRODUCT, 'tools'];
const linesOf = (file: string): number =>
  readFileSync(join(root, file), 'utf8').split('\n').length - 1;
/** All comments of a file. */
const commentsOf = (file: string): string =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)].join('\n');
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe('files', () => {
  const files = sourceFiles(BUILT);
  const lengths = new Map(files.map((file) => [file, linesOf(file)]));

  test('are many', () => expect(files.length).toBeGreaterThan(500));

  /** Still to be split. */
  const LONG = new Set<string>();

  test('are read at one sitting: none over 300 lines', () => {
    const long = [...lengths].filter(([, lines]) => lines > 300);
    expect(long.filter(([file]) => !LONG.has(file))).toEqual([]);
  });

  test('are short: half of them have at most 75 lines', () => {
    expect(median([...lengths.values()])).toBeLessThanOrEqual(75);
  });

  test('are named in comments only where they are there', () => {
    const there = sourceFiles([]);
    const wrong = files.flatMap((file) =>
      [...commentsOf(file).matchAll(/`([\w./-]+\.(?:tsx?|mjs))`/g)]
        .map(([, name = '']) => name)
        .filter((name) => !there.some((one) => `/${one}`.endsWith(`/${name.replace(/^\.\//, '')}`)))
        .map((name) => `${file}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  /** What a program begins with and is put together in, what a feature asks of others, and the npm commands. */
  const NAMED_BY_FOLDER = /(^|\/)(main\.tsx?|compose\.ts|ports\.ts|api\.ts)$|^tools\/[^/]+$/;
  /** What crosses, and the server's feature that answers it. */
  const isPair = ([one = '', other = '', ...more]: readonly string[]): boolean =>
    more.length === 0 && /^server\/\w+\/[^/]+$/.test(one) && /^shared\/wire\//.test(other);

  test('are found by their name: none bears another’s', () => {
    const byName = Map.groupBy(
      files.filter((file) => !NAMED_BY_FOLDER.test(file)).toSorted(),
      (file) => basename(file),
    );
    const twice = [...byName.values()].filter((same) => same.length > 1 && !isPair(same));
    expect(twice).toEqual([]);
  });
});

describe('exports', () => {
  const all = sourceFiles([...BUILT, 'test', 'vite.config.ts', 'vitest.config.ts']);
  const modules = new Map(all.map((file) => [file, readModule(file)]));
  /** Who imports a name of a file. */
  const takers = Map.groupBy(
    [...modules].flatMap(([taker, { imports }]) =>
      imports.flatMap(({ from, names }) =>
        names.map((name) => ({ taker, taken: `${from} ${name}` })),
      ),
    ),
    ({ taken }) => taken,
  );
  const takersOf = (file: string, name: string): readonly string[] =>
    [`${file} ${name}`, `${file} *`].flatMap((taken) =>
      (takers.get(taken) ?? []).map(({ taker }) => taker),
    );
  const exported = [...modules].flatMap(([file, { exports }]) =>
    [...exports].map(([name, how]) => ({ file, name, ...how })),
  );

  test('are read', () => expect(exported.length).toBeGreaterThan(2_000));

  const under = (folders: readonly string[], file: string): boolean =>
    folders.some((folder) => file.startsWith(`${folder}/`));

  test('are wanted by another file; a type may speak for the function that takes it', () => {
    const alone = exported.filter(
      ({ file, name, usedHere, type }) =>
        under(BUILT, file) && !(type && usedHere) && takersOf(file, name).length === 0,
    );
    expect(alone.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });

  /** Used by tests alone, and why they stand in the product all the same. */
  const KEPT = new Set([
    // The agreement with whoever writes a ledger names it: what a kiosk that starts again owes.
    'shared/attempt/replay.ts: replayRules',
  ]);

  test('of the product are used by it, not by tests alone', () => {
    const dead = exported
      .filter(
        ({ file, name, usedHere }) =>
          under(PRODUCT, file) &&
          !usedHere &&
          takersOf(file, name).every((taker) => taker.startsWith('test/')),
      )
      .map(({ file, name }) => `${file}: ${name}`);
    expect(dead.filter((one) => !KEPT.has(one))).toEqual([]);
    expect([...KEPT].filter((one) => !dead.includes(one))).toEqual([]);
  });

  test('are told apart from what is used', () => {
    const { exports, imports } = readModule(
      'shared/planted.ts',
      [
        "import { a, b as c } from './one.ts';",
        "import type * as all from '#server/two.ts';",
        'export const lonely = 1, twice = 2;',
        'export interface Shape { readonly of: typeof twice }',
        "export const late = () => import('../three.ts');",
        'void [a, c];',
      ].join('\n'),
    );
    expect(
      Object.fromEntries([...exports].map(([name, { usedHere }]) => [name, usedHere])),
    ).toEqual({ lonely: false, twice: true, Shape: false, late: false });
    expect(imports).toEqual([
      { from: 'shared/one.ts', names: ['a', 'b'] },
      { from: 'server/two.ts', names: ['*'] },
      { from: 'three.ts', names: ['*'] },
    ]);
  });

  test('of packages: each dependency is used, by an import or by its name', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
    const imported = new Set(
      [...modules.values()].flatMap(({ imports }) => imports.map(({ from }) => from)),
    );
    const texts = [
      ...sourceFiles([...BUILT, 'test', 'vite.config.ts', 'postcss.config.cjs']),
      'package.json',
      'biome.json',
      'electron-builder.yml',
    ].map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return file === 'package.json' ? JSON.stringify(JSON.parse(text).scripts) : text;
    });
    const unused = Object.keys({ ...dependencies, ...devDependencies })
      // The types of a package are used with it; Mantine asks for its hooks beside it.
      .filter((name) => !name.startsWith('@types/') && name !== '@mantine/hooks')
      .filter(
        (name) =>
          ![...imported].some((from) => from === name || from.startsWith(`${name}/`)) &&
          !texts.some((text) => text.includes(name)),
      );
    expect(unused).toEqual([]);
  });
});
