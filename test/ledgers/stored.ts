import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DemoCredentials } from '#server/demo/demo.ts';
import type { outcomeOf } from './outcome.ts';

const HERE = import.meta.dirname;

const unzipped = (file: string): string => gunzipSync(readFileSync(file)).toString('utf8');

/** The releases whose ledgers are kept here. */
export const RELEASES: readonly string[] = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Those of which a data folder is kept too. */
export const DATABASES: readonly string[] = RELEASES.filter((release) =>
  existsSync(join(HERE, release, 'database')),
);

/** What the release's own build made of its ledgers, by name. */
export const expectedOf = (
  release: string,
): Readonly<Record<string, Awaited<ReturnType<typeof outcomeOf>>>> =>
  JSON.parse(unzipped(join(HERE, release, 'expected.json.gz')));

/** An exported attempt of a release, parsed. */
export const ledgerOf = (release: string, name: string): unknown =>
  JSON.parse(unzipped(join(HERE, release, 'ledgers', `${name}.json.gz`)));

/** What is known of a release's database besides its rows. */
export interface DatabaseFixture extends DemoCredentials {
  /** What time it is in it, ms since 1970. */
  readonly at: number;
  /** The session of the first room that runs then. */
  readonly session: string;
  /** An attempt of each state, by the state's name. */
  readonly states: Readonly<Record<string, string>>;
}

/** A copy of a release's data folder that a test may change. */
export const databaseOf = async (
  release: string,
): Promise<{ readonly folder: string; readonly fixture: DatabaseFixture }> => {
  const from = join(HERE, release, 'database');
  const folder = await mkdtemp(join(tmpdir(), 'atalaya-release-'));
  await cp(from, folder, { recursive: true });
  const database = gunzipSync(readFileSync(join(from, 'atalaya.sqlite.gz')));
  await writeFile(join(folder, 'atalaya.sqlite'), database);
  return { folder, fixture: JSON.parse(readFileSync(join(from, 'fixture.json'), 'utf8')) };
};
