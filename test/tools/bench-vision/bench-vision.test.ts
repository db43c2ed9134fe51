import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'atalaya-bench-set-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bench = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'tools/bench-vision.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });

it.each<readonly [string, string | null, readonly string[], string]>([
  ['a folder without set.json', null, [], 'has no set.json'],
  [
    'a file that is missing',
    '{"name":"n","about":"a","pictures":[{"file":"x.jpg","condition":"c"}]}',
    [],
    'x.jpg',
  ],
  [
    'a condition that nothing has',
    '{"name":"n","about":"a","clips":[{"acts":[{"act":"sitting","ms":900}],"person":"p","condition":"c","expected":[]}]}',
    ['--only', 'rain'],
    '"rain"',
  ],
])('the command refuses %s with a sentence', (_, content, more, sentence) => {
  if (content !== null) writeFileSync(join(folder, 'set.json'), content);
  const { status, stderr } = bench('--set', folder, ...more);
  expect(status, stderr).toBe(2);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain('    at ');
});
