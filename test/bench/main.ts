// `npm run bench [NAME…]`: measures, prints each figure beside its goal and the machine's size. Never part of
// the tests: a slow machine is not a defect.
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { chooseBenches, verdictOf } from './bench-choice.ts';
import type { BenchRow } from './bench-row.ts';

const all = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.bench.ts'));
const { files, fault, help } = chooseBenches(process.argv.slice(2), all);
if (fault !== null || help) {
  (help ? console.log : console.error)(fault ?? '');
  process.exit(help ? 0 : 2);
}

const cpu = cpus()[0]?.model ?? 'unknown processor';
console.log(
  `${availableParallelism()} × ${cpu}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}\n`,
);

const number = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
let missed = 0;
let failed = 0;
let goals = 0;
for (const file of files) {
  console.log(file.replace('.bench.ts', ''));
  const bench: { run(): Promise<readonly BenchRow[]> } = await import(
    join(import.meta.dirname, file)
  );
  try {
    for (const row of await bench.run()) {
      if (!Number.isFinite(row.value)) throw new Error(`${row.name}: no figure came of it`);
      if (row.goal !== undefined) goals += 1;
      if (row.ok === false) missed += 1;
      const ratio = row.ratio === undefined ? '' : `  ratio ${row.ratio.toFixed(2)}`;
      const goal =
        row.goal === undefined ? '' : `  goal ${row.goal}: ${row.ok ? 'reached' : 'MISSED'}`;
      console.log(
        `  ${row.name.padEnd(58)} ${number(row.value).padStart(9)} ${row.unit}${ratio}${goal}`,
      );
    }
  } catch (error) {
    failed += 1;
    console.log(`  NOT MEASURED: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
console.log(`\n${verdictOf({ goals, missed, failed })}`);
// A missed goal is no defect of the program: a slow machine misses it too. What could not be measured says nothing.
process.exit(failed === 0 ? 0 : 1);
