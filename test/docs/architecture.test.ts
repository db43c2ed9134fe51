import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, matchesGlob } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** What stands between backticks and is a place: `server/room`, `shared/wire/*.ts`, `electron/sensors/<name>.sensor.ts`. */
const places = [...text.matchAll(/`([^`\s]+)`/g)]
  .map(([, place]) => place ?? '')
  .filter((place) =>
    /^(assets|deploy|docs|electron|renderer|server|shared|test|tools)\/./.test(place),
  );

describe('docs/architecture.md', () => {
  it('names many places', () => expect(places.length).toBeGreaterThan(50));

  it.each([...new Set(places)])('%s is there', (place) => {
    expect(globSync(place.replaceAll(/<\w+>/g, '*'), { cwd: root })).not.toEqual([]);
  });

  it('names files that are there, beside others or at the top', () => {
    const named = [...text.matchAll(/`([\w.*-]+\.(?:tsx?|yml|json))`/g)].map(
      ([, name]) => name ?? '',
    );
    const exclude = (name: string) => /node_modules|^(dist|out|data)$/.test(name);
    const there = globSync('{*,**/*}.{ts,tsx,yml,json}', { cwd: root, exclude }).map((file) =>
      basename(file),
    );
    const missing = named.filter((name) => !there.some((file) => matchesGlob(file, name)));
    expect(missing).toEqual([]);
  });

  const foldersIn = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);

  it('draws the folders of the source, and all features of the server', () => {
    const drawn = [...text.matchAll(/(?:^| {2})(\w+)\/ {2}/gm)].map(([, top]) => top);
    const tops = ['shared', 'electron', 'renderer', 'server', 'assets', 'deploy', 'tools', 'test'];
    expect(drawn.toSorted()).toEqual(tops.toSorted());
    const order = /platform <- [\w <-]+/.exec(text)?.[0].trim().split(' <- ');
    expect(order?.toSorted()).toEqual(foldersIn('server').toSorted());
    for (const feature of foldersIn('renderer/dashboard')) expect(text).toContain(`\`${feature}\``);
  });
});
