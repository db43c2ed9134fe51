import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const tops = ['shared', 'electron', 'renderer', 'server', 'tools', 'test'];

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

const cruise = (directory: string, folders: readonly string[]): Cruise => {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  try {
    return JSON.parse(
      execFileSync(
        process.execPath,
        [
          bin,
          '--config',
          join(directory, '.dependency-cruiser.cjs'),
          '--output-type',
          'json',
          ...folders,
        ],
        {
          cwd: directory,
          encoding: 'utf8',
          maxBuffer: 64 * 1024 * 1024,
        },
      ),
    );
  } catch (error) {
    // With violations the exit code is their number; the report is on stdout all the same.
    const { stdout } = error as { stdout?: string };
    if (!stdout) throw error;
    return JSON.parse(stdout);
  }
};

/** Each breaks one rule: file, what it imports, the rule that must report it. */
const PLANTED = [
  ['shared/kernel/planted.ts', '#shared/exam/ticket.ts', 'kernel'],
  ['shared/kernel/planted-node.ts', 'node:fs', 'kernel'],
  ['shared/kernel/planted-nowhere.ts', './not-there.ts', 'resolvable'],
  ['shared/exam/planted.ts', '#shared/wire/http.ts', 'exam'],
  ['shared/identity/planted.ts', '#shared/wire/facts.ts', 'identity'],
  ['shared/incident/planted.ts', '#shared/wire/facts.ts', 'incident'],
  ['shared/ledger/planted.ts', '#shared/wire/facts.ts', 'ledger'],
  ['shared/ledger/planted-type.ts', '#shared/ports/digest.port.ts', 'ledger', 'type'],
  ['shared/chain/planted.ts', '#shared/attempt/attempt-state.ts', 'chain'],
  ['shared/wire/planted.ts', '#shared/attempt/attempt-state.ts', 'wire'],
  ['shared/attempt/planted.ts', '#shared/ports/sensor.port.ts', 'attempt'],
  ['shared/ports/planted.ts', '#shared/kiosk/planted-target.ts', 'ports'],
  ['shared/ports/planted-chain.ts', '#shared/chain/verify.ts', 'ports'],
  ['shared/kiosk/planted.ts', '#server/planted-target.ts', 'kiosk-engine'],
  ['electron/planted.ts', '#renderer/planted-target.ts', 'electron-alone'],
  ['renderer/planted.ts', '#server/planted-target.ts', 'renderer-alone'],
  ['server/planted.ts', '#electron/planted-target.ts', 'server-alone'],
  ['tools/planted.ts', '#test/planted-target.ts', 'tools-alone'],
  ['tools/planted-inside.ts', '#server/planted-target.ts', 'tools-alone'],
  ['tools/planted-type.ts', '#electron/planted-target.ts', 'tools-alone', 'type'],
  ['electron/preload/planted.ts', '#electron/planted-target.ts', 'preload'],
  ['renderer/kiosk/planted.ts', '#renderer/adapters/planted-target.ts', 'adapters-in-compose-only'],
  ['server/room/planted.ts', 'fastify', 'use-cases-no-fastify'],
  ['server/room/planted-http.ts', '#server/people/planted.http.ts', 'use-cases-no-http'],
  ['server/exam/planted.ts', '#server/exam/planted.sql.ts', 'stores-in-compose-only'],
  ['server/planted-store.ts', '#server/exam/planted.sql.ts', 'stores-in-compose-only'],
  ['server/room/planted-other.sql.ts', '#server/exam/planted.sql.ts', 'stores-of-one-feature'],
  ['server/exam/planted-sql.ts', 'kysely', 'sql-in-stores-only'],
  ['server/demo/planted-sql.ts', 'kysely', 'sql-in-stores-only'],
  ['server/exam/planted-schema.ts', '#server/platform/sql/planted-target.ts', 'sql-in-stores-only'],
  ['server/room/planted.feature.ts', '#server/exam/planted.routes.ts', 'routes-of-one-feature'],
  ['server/exam/planted-routes.ts', '#server/exam/planted.routes.ts', 'routes-in-features-only'],
  ['server/planted-feature.ts', '#server/exam/planted.feature.ts', 'features-in-app-only'],
  ['server/app.ts', '#server/exam/planted-target.ts', 'app-folds'],
  ['renderer/kiosk/screens/planted.ts', '#renderer/adapters/planted-target.ts', 'screens-no-host'],
  ['renderer/dashboard/room/planted.ts', '#renderer/adapters/planted-target.ts', 'screens-no-host'],
  [
    'renderer/dashboard/shell/planted.ts',
    '#renderer/dashboard/room/planted.ts',
    'dashboard-features',
  ],
  [
    'renderer/dashboard/live/planted.ts',
    '#renderer/dashboard/attempt/planted.ts',
    'dashboard-features',
  ],
  [
    'renderer/dashboard/fleet/planted.ts',
    '#renderer/dashboard/live/planted.ts',
    'dashboard-features',
    'type',
  ],
  [
    'renderer/dashboard/privacy/planted.ts',
    '#renderer/dashboard/fleet/planted.ts',
    'dashboard-features',
  ],
  [
    'renderer/dashboard/attempt/planted.ts',
    '#renderer/dashboard/room/planted.ts',
    'dashboard-attempt',
  ],
  [
    'renderer/dashboard/room/planted-desk.ts',
    '#renderer/dashboard/fleet/planted.ts',
    'dashboard-room',
  ],
  ['shared/kernel/planted-type.ts', '#shared/exam/ticket.ts', 'kernel', 'type'],
  ['test/protocol-client/planted.ts', '#shared/ledger/canonical.ts', 'protocol-client-alone'],
  ['test/protocol-client/planted-type.ts', '#shared/wire/http.ts', 'protocol-client-alone', 'type'],
  ['test/protocol-client/planted-server.ts', '#server/planted-target.ts', 'protocol-client-alone'],
  ['test/protocol-client/planted-test.ts', '#test/planted-target.ts', 'protocol-client-alone'],
  ['test/protocol-client/planted-package.ts', 'typebox', 'protocol-client-alone'],
] as const;

/** The server's features, the lowest first. */
const FEATURES = [
  'platform',
  'people',
  'record',
  'fleet',
  'identity',
  'exam',
  'privacy',
  'room',
  'demo',
];
/** Every arrow that goes up, from a feature to one above it or to what folds and starts them. */
const UPWARDS = FEATURES.flatMap((low, i) => [
  ...FEATURES.slice(i + 1).map((high) => [low, `#server/${high}/planted-target.ts`] as const),
  [low, '#server/planted-target.ts'] as const,
]);
const upwards = ([low, target]: readonly [string, string]): string =>
  `server/${low}/planted-up-${target.replace(/\W+/g, '-')}.ts`;

const TARGETS = [
  ...FEATURES.map((name) => `server/${name}/planted-target.ts`),
  'shared/kiosk/planted-target.ts',
  'server/planted-target.ts',
  'server/exam/planted.sql.ts',
  'server/exam/planted.routes.ts',
  'server/exam/planted.feature.ts',
  'server/people/planted.http.ts',
  'server/platform/sql/planted-target.ts',
  'renderer/planted-target.ts',
  'electron/planted-target.ts',
  'renderer/adapters/planted-target.ts',
  'test/planted-target.ts',
];

describe('the import law', () => {
  const copy = mkdtempSync(join(tmpdir(), 'atalaya-law-'));
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('holds for the whole tree, which was really read', () => {
    const present = tops.filter((top) => readdirSync(root).includes(top));
    const report = cruise(root, present);
    expect(report.summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual(
      [],
    );
    // One module per source file at least: a parser that reads nothing would be green for ever.
    const sources = execFileSync(
      'git',
      ['ls-files', '--cached', '--others', '--exclude-standard', ...present],
      { cwd: root, encoding: 'utf8' },
    )
      .split('\n')
      .filter((file) => /\.tsx?$/.test(file));
    expect(sources.length).toBeGreaterThan(30);
    expect(report.summary.totalCruised).toBeGreaterThanOrEqual(sources.length * 0.95);
  });

  it('has a place in the order for each folder of the server', () => {
    const folders = readdirSync(join(root, 'server'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders.sort()).toEqual([...FEATURES].sort());
  });

  it('plants a violation of each rule', () => {
    const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
      forbidden: readonly { readonly name: string }[];
    };
    const planted = new Set([
      ...PLANTED.map(([, , rule]) => rule as string),
      ...FEATURES.map((name) => `feature-${name}`),
      'no-cycles',
    ]);
    expect(forbidden.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
  });

  it('reports each planted violation', () => {
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json'])
      cpSync(join(root, file), join(copy, file));
    cpSync(join(root, 'shared'), join(copy, 'shared'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(join(copy, file), text);
    };
    for (const target of TARGETS) write(target, 'export const target = 1;\n');
    const plant = (file: string, imported: string, how?: 'type') =>
      write(
        file,
        how === 'type'
          ? `import type * as t from '${imported}';\nexport type T = typeof t;\n`
          : `import * as t from '${imported}';\nexport const used = t;\n`,
      );
    for (const [file, imported, , how] of PLANTED) plant(file, imported, how);
    // By type only: those count too.
    plant('server/room/planted-down.ts', '#server/record/planted-target.ts', 'type');
    for (const arrow of UPWARDS) plant(upwards(arrow), arrow[1], 'type');
    write(
      'shared/kernel/cycle-a.ts',
      "import { b } from './cycle-b.ts';\nexport const a = (): unknown => b;\n",
    );
    write(
      'shared/kernel/cycle-b.ts',
      "import { a } from './cycle-a.ts';\nexport const b = (): unknown => a;\n",
    );
    const found = cruise(
      copy,
      tops.filter((top) => readdirSync(copy).includes(top)),
    ).summary.violations;
    const reported = (file: string) => found.filter((v) => v.from === file).map((v) => v.rule.name);
    for (const [file, , rule] of PLANTED) expect(reported(file), file).toContain(rule);
    expect(UPWARDS).toHaveLength((9 * 8) / 2 + 9);
    for (const arrow of UPWARDS) {
      expect(reported(upwards(arrow)), arrow.join(' -> ')).toEqual([`feature-${arrow[0]}`]);
    }
    // Downwards is free.
    expect(reported('server/room/planted-down.ts')).toEqual([]);
    expect([
      ...reported('shared/kernel/cycle-a.ts'),
      ...reported('shared/kernel/cycle-b.ts'),
    ]).toContain('no-cycles');
  });

  it('keeps ipcMain inside electron/ipc, where sender and schema are checked', () => {
    const users = execFileSync(
      'git',
      ['ls-files', '--cached', '--others', '--exclude-standard', 'electron'],
      { cwd: root, encoding: 'utf8' },
    )
      .split('\n')
      .filter(
        (file) =>
          file.endsWith('.ts') && /\bipcMain\b/.test(readFileSync(join(root, file), 'utf8')),
      );
    for (const file of users) expect(file).toMatch(/^electron\/ipc\//);
  });
});
