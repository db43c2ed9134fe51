import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Bundle } from '#shared/wire/http.ts';
import { LIES } from './lies.ts';
import { outcomeOf } from './outcome.ts';
import { bundleOf } from './played.ts';
import { SCENARIOS } from './scenarios.ts';

/**
 * `node test/ledgers/make.ts RELEASE [BUNDLE.json...]`: plays the scenarios on this build and keeps them,
 * with what this build makes of them, as the golden ledgers of a release; beside them exported attempts of
 * real machines. A release is made once, by the build that is released (README.md).
 */
const make = async (folder: string, recorded: readonly string[]): Promise<void> => {
  await mkdir(join(folder, 'ledgers'), { recursive: true });
  const expected: Record<string, unknown> = {};
  const keep = async (name: string, bundle: Bundle): Promise<void> => {
    const text = JSON.stringify(bundle);
    expected[name] = await outcomeOf(JSON.parse(text));
    await writeFile(join(folder, 'ledgers', `${name}.json.gz`), gzipSync(text, { level: 9 }));
  };
  for (const { name, play } of SCENARIOS) {
    const world = await play();
    const failed = world.log.find((line) => line.startsWith('error'));
    if (failed !== undefined) throw new Error(`${name}: ${failed}`);
    await keep(name, await bundleOf(world));
  }
  for (const { name, tell } of LIES) await keep(name, await tell());
  for (const file of recorded)
    await keep(`recorded-${basename(file, '.json')}`, JSON.parse(await readFile(file, 'utf8')));
  const lines = Object.entries(expected).map(
    ([name, one]) => `${JSON.stringify(name)}: ${JSON.stringify(one)}`,
  );
  await writeFile(
    join(folder, 'expected.json.gz'),
    gzipSync(`{\n${lines.join(',\n')}\n}\n`, { level: 9 }),
  );
  console.log(`${lines.length} ledgers in ${folder}`);
};

const [release, ...recorded] = process.argv.slice(2);
if (release === undefined || !/^[\w.-]+$/.test(release))
  throw new Error('usage: node test/ledgers/make.ts RELEASE');
await make(resolve(import.meta.dirname, release), recorded);
// The worlds' engines wait for a time that does not pass any more.
process.exit(0);
