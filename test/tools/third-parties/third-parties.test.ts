import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unknownParts } from '#tools/bundle/known-parts.ts';
import { noticesText } from '#tools/bundle/write-notices.ts';
import { mayShip } from '#tools/third-parties/allowed.ts';
import { readAudit } from '#tools/third-parties/audit.ts';
import { type Part, shippedParts } from '#tools/third-parties/shipped.ts';
import { auditLines, licenceLines, refusedParts } from '#tools/third-parties.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('licences', () => {
  test.each([
    ['MIT', true],
    ['(MIT OR CC0-1.0)', true],
    ['MIT OR GPL-3.0-only', true],
    ['MIT AND Apache-2.0', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['AGPL-3.0-or-later', false],
    ['LGPL-3.0-or-later', false],
    ['SEE LICENSE IN LICENSE', false],
    ['UNLICENSED', false],
    ['', false],
    ['toString', false],
    [null, false],
  ])('%s may ship: %s', (licence, may) => expect(mayShip('some-package', licence)).toBe(may));

  test('what is allowed for one part is allowed for no other', () => {
    expect(mayShip('libuiohook', 'LGPL-3.0-or-later')).toBe(true);
    expect(mayShip('libuiohook', 'GPL-3.0-only')).toBe(false);
  });

  test('all that ships has one that may, a notice of its own, and what is inside of packages is told', () => {
    const parts = shippedParts(ROOT);
    expect(parts.length).toBeGreaterThan(100);
    expect(refusedParts(parts)).toEqual([]);
    expect(parts.filter(({ notice }) => notice.trim() === '').map(({ name }) => name)).toEqual([]);
    const names = parts.map(({ name }) => name);
    for (const name of [
      'react',
      'fastify',
      'electron',
      '@fontsource-variable/inter',
      '@mediapipe/tasks-vision',
      '@mediapipe/face_detection',
      'BlazeFace models (face-short-range, face-full-range)',
      'face_recognition_model (dlib)',
      'libuiohook',
      'SQLite',
    ])
      expect(names).toContain(name);
    for (const name of ['vitest', 'typescript-eslint', 'playwright', '@biomejs/biome'])
      expect(names).not.toContain(name);
  });

  test('one that nobody allowed is named with its version, and so is one without any', () => {
    const part = (name: string, licence: string | null): Part => ({
      name,
      version: '1.2.3',
      licence,
      within: null,
      notice: '',
      variant: false,
    });
    const lines = licenceLines([part('good', 'MIT'), part('bad', 'SSPL-1.0'), part('mute', null)]);
    expect(lines[0]).toContain('3 obras');
    expect(lines.slice(1).map((line) => line.replace(/\. .*/, ''))).toEqual([
      '  NO ADMITIDA  bad 1.2.3: SSPL-1.0',
      '  NO ADMITIDA  mute 1.2.3: no dice ninguna',
    ]);
  });

  test('every licence that a part names and does not bring the text of is there whole', () => {
    const { licences } = JSON.parse(noticesText(ROOT)) as { licences: Record<string, string> };
    expect(Object.keys(licences)).toEqual(
      readdirSync(join(ROOT, 'assets/licences'))
        .map((file) => file.replace(/\.txt$/, ''))
        .sort(),
    );
    for (const name of ['Apache-2.0', 'LGPL-3.0', 'GPL-3.0', 'MIT', 'Unlicense', 'CC0-1.0'])
      expect(licences[name]?.length, name).toBeGreaterThan(900);
  });
});

/** In the shape of `npm audit --json` (npm 11). */
const FOUND = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    'find-my-way': {
      name: 'find-my-way',
      severity: 'high',
      isDirect: false,
      via: [
        {
          source: 1099562,
          name: 'find-my-way',
          dependency: 'find-my-way',
          title: 'find-my-way has a ReDoS vulnerability in multiparametric routes',
          url: 'https://github.com/advisories/GHSA-rrr8-f88r-h8q6',
          severity: 'high',
          range: '>=5.5.0 <8.2.2',
        },
      ],
      effects: ['fastify'],
      nodes: ['node_modules/fastify/node_modules/find-my-way', 'node_modules/find-my-way'],
    },
    fastify: {
      name: 'fastify',
      severity: 'high',
      isDirect: true,
      via: ['find-my-way'],
      nodes: ['node_modules/fastify'],
    },
    cookie: {
      name: 'cookie',
      severity: 'low',
      via: [
        {
          title: 'cookie accepts cookie name, path, and domain with out of bounds characters',
          url: 'https://github.com/advisories/GHSA-pxg6-pf52-xh8x',
          severity: 'low',
        },
      ],
      nodes: ['node_modules/cookie'],
    },
    ws: {
      name: 'ws',
      severity: 'critical',
      via: [{ title: 'planted', url: '', severity: 'critical' }],
      nodes: ['node_modules/ws'],
    },
  },
  metadata: { vulnerabilities: { total: 4 } },
});
const NONE = JSON.stringify({ auditReportVersion: 2, vulnerabilities: {}, metadata: {} });
/** Recorded of a registry that has no such address. */
const REFUSED = JSON.stringify({
  message:
    '405 Method Not Allowed - POST https://registry.npmjs.org/-/npm/v1/security/advisories/bulk',
  method: 'POST',
  statusCode: 405,
  error: { code: 'E405', summary: '', detail: '' },
});
const OFFLINE = JSON.stringify({
  error: {
    code: 'ENOAUDIT',
    summary: 'request to https://registry.npmjs.org/-/npm/v1/security/advisories/bulk failed',
    detail: '',
  },
});

describe('what the registry knows', () => {
  test('each advisory once, the gravest first, with package, severity and path', () => {
    const answer = readAudit(FOUND);
    if (!('advisories' in answer)) throw new Error('no answer');
    expect(answer.advisories.map(({ name, severity }) => [name, severity])).toEqual([
      ['ws', 'critical'],
      ['find-my-way', 'high'],
      ['cookie', 'low'],
    ]);
    const said = auditLines(answer).join('\n');
    expect(said).toContain('Vulnerabilidades: 3.');
    expect(said).toMatch(/high\s+find-my-way: .*GHSA-rrr8-f88r-h8q6/);
    expect(said).toContain('node_modules/fastify/node_modules/find-my-way');
  });

  test('nothing is nothing', () => {
    expect(readAudit(NONE)).toEqual({ advisories: [] });
    expect(auditLines({ advisories: [] })).toEqual([
      'Vulnerabilidades: ninguna que el registro conozca.',
    ]);
  });

  test.each([
    ['a registry without it', REFUSED, '', '405 Method Not Allowed'],
    ['no network', OFFLINE, '', 'failed'],
    ['an error page', '<html>', 'npm error 502 Bad Gateway\nmore', 'npm error 502 Bad Gateway'],
    ['nothing', '', '', 'printed no JSON'],
    ['something else', 'null', '', 'said nothing'],
    ['a list of something else', '[]', '', 'gave no list'],
  ])('no answer says so and is no finding: %s', (_name, printed, complained, reason) => {
    const answer = readAudit(printed, complained);
    if (!('unanswered' in answer)) throw new Error('it answered');
    expect(answer.unanswered).toContain(reason);
    expect(auditLines(answer)).toHaveLength(1);
    expect(auditLines(answer)[0]).toContain('No se comprobó');
  });
});

test('a bundle of a package whose notice does not ship is noticed, wherever it lies', () => {
  const known = new Set(['react', '@mantine/core']);
  const modules = [
    '/p/node_modules/react/index.js',
    'node_modules/@mantine/core/esm/a.mjs',
    '/p/node_modules/react/node_modules/nested/b.js',
    'C:\\p\\node_modules\\@evil\\thing\\c.js',
    '/p/renderer/kiosk/main.tsx',
    '\0/p/node_modules/helper/x.js',
  ];
  expect(unknownParts(modules, known)).toEqual(['@evil/thing', 'nested']);
});
