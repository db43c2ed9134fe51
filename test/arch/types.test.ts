import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The types of the whole project, as `tsc -b` and an editor know them: one project per runtime (`tsconfig.json`),
// each compiled once, with the libraries that its runtime has. What was checked before and has not changed is not
// checked again (`node_modules/.cache/types`). TypeScript 7 does it with a quarter of the processor's time that 6 took;
// what reads TypeScript by its library (dependency-cruiser, `source-tree.ts`) stays with 6 until 7 has one.
const root = fileURLToPath(new URL('../..', import.meta.url));
const COMPILER = join(root, 'node_modules/typescript-7/bin/tsc');

const json = <T>(text: string): T => JSON.parse(text) as T;
const projects: readonly string[] = json<{ references: { path: string }[] }>(
  readFileSync(join(root, 'tsconfig.json'), 'utf8'),
).references.map(({ path }) => dirname(join(path)));

interface Said {
  readonly code: number;
  readonly output: string;
}

/** What the compiler says. Other checks run beside: it takes one core. */
const tsc = (...args: readonly string[]): Promise<Said> =>
  new Promise((done) => {
    const child = execFile(
      process.execPath,
      [COMPILER, ...args],
      { cwd: root, maxBuffer: 64 * 1024 * 1024 },
      (_, output) => done({ code: child.exitCode ?? 1, output }),
    );
  });

const build = async (...args: readonly string[]): Promise<Said & { lines: readonly string[] }> => {
  const said = await tsc('-b', ...args, '--pretty', 'false', '--singleThreaded');
  return { ...said, lines: said.output.split('\n').filter((line) => line.trim() !== '') };
};

/** The project that a file lies in: the innermost. */
const projectOf = (file: string): string | undefined =>
  projects
    .filter((project) => file.startsWith(`${project}/`))
    .toSorted((a, b) => b.length - a.length)[0];

describe('what tsc -b says', () => {
  let said: Awaited<ReturnType<typeof build>>;
  beforeAll(async () => {
    said = await build();
  }, 180_000);

  test.each(projects)('%s', (project) => {
    expect(said.lines.filter((line) => projectOf(line) === project)).toEqual([]);
  });
  test('nothing else', () => {
    expect(said.lines.filter((line) => projectOf(line) === undefined)).toEqual([]);
    expect(said.code).toBe(0);
  });
});

/** The files of a project, from the root. */
const filesOf = async (project: string): Promise<readonly string[]> => {
  const { output } = await tsc('-p', join(project, 'tsconfig.project.json'), '--showConfig');
  return (
    json<{ files?: readonly string[] }>(output).files?.map((file) => join(project, file)) ?? []
  );
};

test('every source file belongs to one project', async () => {
  const sources = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules|dist|out|data)/.test(entry.name))
    .flatMap(({ name }) =>
      readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(name, file),
      ),
    )
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules'));
  const listed: string[] = [];
  for (const project of projects) listed.push(...(await filesOf(project)));
  const code = listed.filter((file) => /\.tsx?$/.test(file));
  expect(new Set(code).size).toBe(code.length);
  expect(sources.filter((file) => !code.includes(file))).toEqual([]);
});

describe('a planted error', () => {
  /** What its runtime has not: the compiler knows no such name. */
  const MISSING: Readonly<Record<string, readonly string[]>> = {
    shared: ['process.exit()', 'document.title', 'setTimeout(() => {}, 1)'],
    server: ['document.title'],
    electron: ['document.title'],
    renderer: ['process.exit()'],
    'renderer/vision/measure': ['document.title'],
    'renderer/vision/worker': ['document.title'],
    'renderer/service-worker': ['document.title'],
  };
  const NO_NAME = [2304, 2580, 2584, 2591];
  const planted = projects.filter((project) => project !== 'assets');
  /** Beside the libraries, so that each project finds those that it has. */
  const folder = join(root, 'node_modules/.cache/planted');
  const placeOf = (project: string): string => join(folder, project.replaceAll('/', '-'));
  let lines: readonly string[] = [];

  // One file in a project of its own with the settings of the real one; all of them in one run.
  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    for (const project of planted) {
      const place = placeOf(project);
      mkdirSync(place, { recursive: true });
      writeFileSync(
        join(place, 'planted.ts'),
        [
          'export const a: number = "no";',
          'export const b = (x: number[]): number => x[0];',
          ...(MISSING[project] ?? []),
        ].join('\n'),
      );
      const settings = relative(place, join(root, project, 'tsconfig.project.json'));
      writeFileSync(
        join(place, 'tsconfig.json'),
        JSON.stringify({
          extends: settings,
          compilerOptions: { outDir: 'out' },
          files: ['planted.ts'],
          include: [],
          references: [],
        }),
      );
    }
    ({ lines } = await build(...planted.map(placeOf)));
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(planted)(
    'is found in %s: a wrong type, an index that may be missing, and what its runtime has not',
    (project) => {
      const codes = lines
        .filter((line) => resolve(root, line).startsWith(`${placeOf(project)}/`))
        .map((line) => Number(/error TS(\d+)/.exec(line)?.[1]));
      const [type, index, ...names] = codes;
      expect([type, index]).toEqual([2322, 2322]);
      expect(names).toHaveLength(MISSING[project]?.length ?? 0);
      for (const code of names) expect(NO_NAME).toContain(code);
    },
  );
  test('and every project that is told of here is one', () => {
    expect(projects).toEqual(expect.arrayContaining(Object.keys(MISSING)));
  });
});
