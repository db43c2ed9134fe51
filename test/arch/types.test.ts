import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';

// The types of the whole project, as `tsc -b` and an editor know them: one project per runtime (`tsconfig.json`),
// each compiled once, with the libraries that its runtime has. What was checked before and has not changed is not
// checked again (`node_modules/.cache/types`).
const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => ts.readConfigFile(join(root, file), ts.sys.readFile).config;
const configs: readonly string[] = read('tsconfig.json').references.map(
  ({ path }: { path: string }) => join(path),
);
const projects = configs.map((config) => dirname(config));

const parsed = (project: string): ts.ParsedCommandLine => {
  const file = join(root, project, 'tsconfig.project.json');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const found = ts.getParsedCommandLineOfConfigFile(file, {}, host);
  if (found === undefined) throw new Error(`${file} cannot be read`);
  return found;
};

/** The project that a file lies in: the innermost. */
const projectOf = (file: string): string | undefined =>
  projects
    .filter((project) => file.startsWith(`${project}/`))
    .toSorted((a, b) => b.length - a.length)[0];

describe('what tsc -b says', () => {
  let lines: readonly string[] = [];
  let code: number | null = null;
  beforeAll(async () => {
    const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
    const child = spawn(process.execPath, [compiler, '-b', '--pretty', 'false'], { cwd: root });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    code = await new Promise((resolve) => child.once('close', resolve));
    lines = output.split('\n').filter((line) => line.trim() !== '');
  }, 180_000);

  test.each(projects)('%s', (project) => {
    expect(lines.filter((line) => projectOf(line) === project)).toEqual([]);
  });
  test('nothing else', () => {
    expect(lines.filter((line) => projectOf(line) === undefined)).toEqual([]);
    expect(code).toBe(0);
  });
});

test('every source file belongs to one project', () => {
  const sources = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(\.|node_modules|dist|out|data)/.test(entry.name))
    .flatMap(({ name }) =>
      readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(name, file),
      ),
    )
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules'));
  const listed = projects.flatMap((project) =>
    parsed(project)
      .fileNames.map((file) => relative(root, file))
      .filter((file) => /\.tsx?$/.test(file)),
  );
  expect(new Set(listed).size).toBe(listed.length);
  expect(sources.filter((file) => !listed.includes(file))).toEqual([]);
});

describe('a planted error', () => {
  const known = new Map<string, ts.SourceFile | undefined>();
  /** What the compiler says of a file that is not there, in a project as it is configured. */
  const saidOf = (project: string, text: string): readonly number[] => {
    const { options, projectReferences } = parsed(project);
    const planted = join(root, project, 'planted.ts');
    const host = ts.createCompilerHost(options);
    const { fileExists, getSourceFile } = host;
    host.fileExists = (file) => file === planted || fileExists(file);
    host.getSourceFile = (file, ...more) => {
      if (file === planted) return ts.createSourceFile(file, text, ts.ScriptTarget.ES2024);
      // The libraries are the same for all.
      if (!known.has(file)) known.set(file, getSourceFile(file, ...more));
      return known.get(file);
    };
    const program = ts.createProgram({
      rootNames: [planted],
      options: {
        ...options,
        composite: false,
        incremental: false,
        emitDeclarationOnly: false,
        noEmit: true,
      },
      ...(projectReferences === undefined ? {} : { projectReferences }),
      host,
    });
    return ts
      .getPreEmitDiagnostics(program, program.getSourceFile(planted))
      .map((diagnostic) => diagnostic.code);
  };
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

  // All of a project's in one file: a program costs as much for one line as for five.
  test.each(projects.filter((project) => project !== 'assets'))(
    'is found in %s: a wrong type, an index that may be missing, and what its runtime has not',
    (project) => {
      const missing = MISSING[project] ?? [];
      const text = [
        'export const a: number = "no";',
        'export const b = (x: number[]): number => x[0];',
        ...missing,
      ].join('\n');
      const [type, index, ...names] = saidOf(project, text);
      expect([type, index]).toEqual([2322, 2322]);
      expect(names).toHaveLength(missing.length);
      for (const code of names) expect(NO_NAME).toContain(code);
    },
  );
  test('and every project that is told of here is one', () => {
    expect(projects).toEqual(expect.arrayContaining(Object.keys(MISSING)));
  });
});
