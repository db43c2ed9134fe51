import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchRow } from './bench-row.ts';
import { type Build, baseBuild, THIS_BUILD } from './side-by-side.ts';

/** What a child of one build measured. */
interface Measured {
  /** Ack times of the honest kiosks' entries, p95, ms: by themselves, and beside a dishonest one. */
  readonly alone: number;
  readonly beside: number;
  /** How much of the dishonest one's was taken, bytes. */
  readonly taken: number;
  /** A dashboard of its room, from opening to its snapshot, ms; null when none came in ten seconds. */
  readonly dashboard: number | null;
}

/**
 * A thousand honest kiosks, each with an entry every two seconds, and one that sends full messages as fast as its
 * socket takes them: how long the honest ones wait for their acknowledgements with and without it.
 */
export const run = async (): Promise<readonly BenchRow[]> => {
  const base = baseBuild();
  const rows: BenchRow[] = [];
  for (const build of base === null ? [THIS_BUILD] : [base, THIS_BUILD]) {
    const { alone, beside, taken, dashboard } = await measure(build);
    const own = build === THIS_BUILD;
    const ratio = beside / alone;
    rows.push(
      { name: `${build.name}: 1,000 honest kiosks alone, ack p95`, value: alone, unit: 'ms' },
      {
        name: `${build.name}: beside a dishonest one, ack p95`,
        value: beside,
        unit: 'ms',
        ratio,
        ...(own ? { goal: '<= 2 x alone', ok: ratio <= 2 } : {}),
      },
      { name: `${build.name}: taken of the dishonest one`, value: taken / 2 ** 20, unit: 'MiB' },
      {
        name: `${build.name}: a dashboard of its room opens in`,
        value: dashboard ?? Number.POSITIVE_INFINITY,
        unit: 'ms',
        ...(own ? { goal: '< 2000 ms', ok: dashboard !== null && dashboard < 2_000 } : {}),
      },
    );
  }
  return rows;
};

const measure = async (build: Build): Promise<Measured> => {
  const child = fork(join(import.meta.dirname, 'dishonest-load.ts'), [build.root], {
    stdio: 'inherit',
  });
  const [measured] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('the load ended');
    }),
    sleep(300_000).then(() => {
      throw new Error('the load took too long');
    }),
  ])) as [Measured];
  return measured;
};
