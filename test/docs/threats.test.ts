import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/threats.md'), 'utf8');
const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });

describe('docs/threats.md', () => {
  it('goes through all 20 groups, each with something to say', () => {
    const groups = [...text.matchAll(/^## (\d+)\. .*\n([\s\S]*?)(?=^## )/gm)];
    expect(groups.map(([, number]) => Number(number))).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    for (const [, number, body] of groups) {
      expect(body?.trim().length, `group ${number}`).toBeGreaterThan(200);
    }
  });

  it('names tests that exist', () => {
    const named = [...text.matchAll(/`([\w./-]+\.test\.tsx?)`/g)].map(([, name]) => name ?? '');
    expect(named.length).toBeGreaterThan(20);
    const missing = named.filter(
      (name) => !tests.some((file) => `/${file}`.endsWith(`/${name.replace(/^test\//, '')}`)),
    );
    expect([...new Set(missing)]).toEqual([]);
  });
});
