import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { PROBLEM_CODES } from '#shared/kernel/problem.ts';

const root = join(import.meta.dirname, '../../..');
const locales = join(root, 'assets/locales');

type Tree = { readonly [key: string]: string | Tree };
const read = (locale: string, name: string): Tree =>
  JSON.parse(readFileSync(join(locales, locale, `${name}.json`), 'utf8'));
const flat = (tree: Tree, at = ''): (readonly [string, string])[] =>
  Object.entries(tree).flatMap(([key, value]) => {
    const path = at === '' ? key : `${at}.${key}`;
    return typeof value === 'string' ? [[path, value] as const] : flat(value, path);
  });
const filesUnder = (folder: string, ending: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(root, folder, name));

const names = readdirSync(join(locales, 'es')).map((file) => file.replace('.json', ''));

describe.each(names)('%s', (name) => {
  test('says the same things in both languages', () => {
    const es = flat(read('es', name));
    const en = flat(read('en', name));
    expect(en.map(([key]) => key).toSorted()).toEqual(es.map(([key]) => key).toSorted());
    const english = new Map(en);
    const slots = (text: string | undefined) => (text?.match(/\{\{\w+\}\}/g) ?? []).toSorted();
    for (const [key, text] of es) {
      expect(text.trim(), key).not.toBe('');
      expect(slots(english.get(key)), key).toEqual(slots(text));
    }
  });
});

test('every problem code has a sentence', () => {
  for (const locale of ['es', 'en']) {
    expect(Object.keys(read(locale, 'problems')).toSorted()).toEqual([...PROBLEM_CODES].toSorted());
  }
});

const screens = filesUnder('renderer', /\.tsx$/);

test('no screen has words in its code', () => {
  const found: string[] = [];
  // A name that is the same in every language.
  const names = /SHA-256/g;
  const spoken = new Set(['aria-label', 'label', 'title', 'placeholder', 'alt', 'description']);
  for (const file of screens) {
    const source = ts.createSourceFile(
      file,
      readFileSync(file, 'utf8'),
      ts.ScriptTarget.Latest,
      true,
      ts.ScriptKind.TSX,
    );
    const look = (node: ts.Node): void => {
      if (ts.isJsxText(node) && /\p{L}{2}/u.test(node.text.replace(names, '')))
        found.push(`${file}: ${node.text}`);
      if (
        ts.isJsxAttribute(node) &&
        spoken.has(node.name.getText()) &&
        node.initializer !== undefined &&
        ts.isStringLiteral(node.initializer) &&
        /\p{L}/u.test(node.initializer.text)
      ) {
        found.push(`${file}: ${node.getText()}`);
      }
      ts.forEachChild(node, look);
    };
    look(source);
  }
  expect(screens.length).toBeGreaterThan(20);
  expect(found).toEqual([]);
});

test('every key that a kiosk screen asks for is there', () => {
  const known = new Set(
    names.flatMap((name) => flat(read('es', name)).map(([key]) => `${name}:${key}`)),
  );
  const has = (key: string): boolean =>
    known.has(key) || known.has(`${key}_other`) || [...known].some((k) => k.startsWith(`${key}.`));
  const missing: string[] = [];
  let asked = 0;
  for (const file of [
    ...filesUnder('renderer/kiosk', /\.tsx?$/),
    ...filesUnder('renderer/ui', /\.tsx?$/),
  ]) {
    const text = readFileSync(file, 'utf8');
    const first = text.match(/useTranslation\(\[?'(\w+)'/)?.[1];
    for (const [, key = ''] of text.matchAll(/\bt\(\s*'([^']+)'/g)) {
      asked += 1;
      const full = key.includes(':') ? key : `${first}:${key}`;
      if (!has(full)) missing.push(`${full} in ${file}`);
    }
  }
  expect(asked).toBeGreaterThan(60);
  expect(missing).toEqual([]);
});
