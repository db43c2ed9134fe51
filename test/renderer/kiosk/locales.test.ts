import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { CONNECTION_CAUSES } from '#shared/kernel/connection-fault.ts';
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

const names = readdirSync(join(locales, 'es'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replaceAll('\\', '/').replace('.json', ''));

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

test('every cause of a lost connection is said to the person and to who helps, and none blames the cable alone', () => {
  for (const locale of ['es', 'en']) {
    const { cause } = read(locale, 'connection') as { cause: Tree };
    expect(Object.keys(cause).toSorted()).toEqual([...CONNECTION_CAUSES].toSorted());
    for (const said of Object.values(cause)) {
      expect(Object.keys(said)).toEqual(['what', 'mend', 'check']);
    }
    const cables = flat(cause).filter(
      ([key, text]) => !key.endsWith('check') && /cable/i.test(text),
    );
    expect(cables.map(([key]) => key)).toEqual(['no-network.mend']);
    expect(JSON.stringify(read(locale, 'problems'))).not.toMatch(/cable/i);
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

/** Which file the words of a namespace stand in, where it is not the file of that name. */
const DASHBOARD = ['shell', 'people', 'live', 'room', 'attempt'].map((name) => `dashboard/${name}`);
const OWN = ['fleet', 'enrolments', 'privacy'];
const filesOf = (surface: string, namespace: string): readonly string[] => {
  if (surface !== 'dashboard') return [namespace];
  if (namespace === 'dashboard') return DASHBOARD;
  return OWN.includes(namespace) ? [`dashboard/${namespace}`] : [namespace];
};

test('no word of the dashboard hides another one', () => {
  const keys = DASHBOARD.flatMap((name) => Object.keys(read('es', name)));
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  ['kiosk', 60],
  ['dashboard', 350],
  ['enrolment', 60],
  ['install', 10],
])('every key that a screen of the %s asks for is a sentence', (surface, least) => {
  const known = new Map<string, Set<string>>();
  const has = (namespace: string, key: string, isGroup: boolean): boolean => {
    const words = known.get(namespace) ?? new Set<string>();
    if (!known.has(namespace)) {
      for (const file of filesOf(surface, namespace))
        for (const [word] of flat(read('es', file))) words.add(word);
      known.set(namespace, words);
    }
    if (isGroup) return [...words].some((word) => word.startsWith(`${key}.`));
    return words.has(key) || words.has(`${key}_other`);
  };
  const missing: string[] = [];
  let asked = 0;
  for (const file of filesUnder(`renderer/${surface}`, /\.tsx?$/)) {
    const text = readFileSync(file, 'utf8');
    // The words are those of the last `useTranslation` before.
    let own = surface;
    const calls =
      /\{ t\b(?!:)[^}]*\} = useTranslation\(\[?\s*'(\w+)'|\bt\(\s*(?:'([^']+)'|`([^`$]+)\.\$\{)/g;
    for (const [, namespace, sentence, group] of text.matchAll(calls)) {
      own = namespace ?? own;
      const key = sentence ?? group;
      if (key === undefined) continue;
      asked += 1;
      const [from, word] = key.includes(':') ? key.split(':') : [own, key];
      if (!has(from ?? '', word ?? '', group !== undefined)) missing.push(`${key} in ${file}`);
    }
  }
  expect(asked).toBeGreaterThan(least);
  expect(missing).toEqual([]);
});
