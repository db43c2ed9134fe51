// `npm run bench [NAME…]`: measures, prints each figure beside its goal and the machine's size. Never part of
// the tests: a slow machine is not a defect.
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { BenchRow } from './bench-row.ts';

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)));

const cpu = cpus()[0]?.model ?? 'unknown processor';
console.log(
  `${availableParallelism()} × ${cpu}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}\n`,
);

const number = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
let missed = 0;
for (const file of files) {
  console.log(file.replace('.bench.ts', ''));
  const bench: { run(): Promise<readonly BenchRow[]> } = await import(
    join(import.meta.dirname, file)
  );
  try {
    for (const row of await bench.run()) {
      if (row.ok === false) missed += 1;
      const ratio = row.ratio === undefined ? '' : `  ratio ${row.ratio.toFixed(2)}`;
      const goal =
        row.goal === undefined ? '' : `  goal ${row.goal}: ${row.ok ? 'reached' : 'MISSED'}`;
      console.log(
        `  ${row.name.padEnd(58)} ${number(row.value).padStart(9)} ${row.unit}${ratio}${goal}`,
      );
    }
  } catch (error) {
    missed += 1;
    console.log(`  failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
console.log(missed === 0 ? '\nall goals reached' : `\n${missed} goals missed`);
process.exit(0);
