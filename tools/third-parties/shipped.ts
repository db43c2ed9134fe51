import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSIDE, TAKEN_BY_THE_BUILD } from './inside.ts';

/** A work of others that ships. */
export interface Part {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; null where it says none. */
  readonly licence: string | null;
  /** The package that brings it; null for a package itself. */
  readonly within: string | null;
  /** Its own notice: licence text, or copyright and where it comes from. */
  readonly notice: string;
  /** It is the compiled part of another package for one system: its licence is looked at, its notice is the other's. */
  readonly variant: boolean;
}

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly cpu?: readonly string[];
}

/** Where the texts of licences are that their packages leave out. */
const TEXTS = 'assets/licences';
const NOTICE_FILE = /^(licen[cs]e|notice|copying|unlicense)/i;

const readText = (file: string): string =>
  readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim();

/** A folder of a lock file as the package's name: `node_modules/a/node_modules/@b/c` is `@b/c`. */
const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('node_modules/') + 13);

/** The text that the package brings; else whose it is and under what. */
const noticeOf = (folder: string, licence: string | null): string => {
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => NOTICE_FILE.test(file))
        .sort()
    : [];
  if (files.length > 0) return files.map((file) => readText(join(folder, file))).join('\n\n');
  const file = join(folder, 'package.json');
  const manifest = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { author?: string | { name?: string } })
    : {};
  const { author } = manifest;
  const who = typeof author === 'string' ? author : author?.name;
  return [`${who === undefined ? '' : `Copyright (c) ${who}. `}${licence ?? ''}`].join('');
};

/**
 * What ships, by its own manifests: every package that a program of ours needs while it runs, those whose files the build
 * takes, and what is inside of them. Packages for another system than this one are told by the lock file alone.
 * @param root the project's folder. @throws Error when the build takes a package that the lock file does not have.
 */
export const shippedParts = (root: string): readonly Part[] => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Locked>>;
  };
  const packages = Object.entries(lock.packages).filter(
    ([folder, { dev }]) =>
      folder !== '' && (dev !== true || TAKEN_BY_THE_BUILD.includes(nameOf(folder))),
  );
  const parts = packages.map(([folder, { version = '', license = null, cpu }]): Part => {
    const notice = noticeOf(join(root, folder), license);
    const own = { name: nameOf(folder), version, licence: license, within: null };
    return { ...own, notice, variant: cpu !== undefined };
  });
  const missing = [...TAKEN_BY_THE_BUILD, ...INSIDE.map(({ within }) => within)].filter(
    (name) => !parts.some((part) => part.name === name),
  );
  if (missing.length > 0) throw new Error(`not in package-lock.json: ${missing.join(', ')}`);
  const inside = INSIDE.map(({ name, licence, within, copyright, source }): Part => {
    const version = parts.find((part) => part.name === within)?.version ?? '';
    return { name, version, licence, within, notice: `${copyright}\n${source}`, variant: false };
  });
  // The same package in two places of the tree is one.
  const one = new Map([...parts, ...inside].map((part) => [`${part.name} ${part.version}`, part]));
  return [...one.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
};

/** Texts of licences that parts name without bringing them, by their names. */
export const licenceTexts = (root: string): Readonly<Record<string, string>> => {
  const folder = join(root, TEXTS);
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((file) => [file.replace(/\.txt$/, ''), readText(join(folder, file))]),
  );
};
