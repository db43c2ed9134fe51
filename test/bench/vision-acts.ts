import { VisionLab } from '#tools/bench-vision/measure.ts';
import type { TimedSample } from '#tools/bench-vision/page/main.ts';
import { median } from '#tools/bench-vision/statistics.ts';
import { resolveSet } from '#tools/bench-vision/vision-set.ts';
import { ACT_NAMES, type ActName } from '#tools/clip/acting/acts.ts';
import { PERSON_NAMES, type PersonName } from '#tools/clip/acting/people.ts';

/**
 * What the camera watch states of the drawn acts, printed as the Markdown tables of docs/vision.md:
 * `node test/bench/vision-acts.ts`. Medians over the middle of each act, through the product's own worker.
 */

const LEAD_MS = 4_000;
const ACT_MS = 4_000;
/** The edges of an act, where it begins and ends smoothly, ms. */
const EDGE_MS = 1_000;

const lab = await VisionLab.open();
const worker = await lab.worker();

/** Samples of a person who sits, and of the middle of an act after it. */
const film = async (who: PersonName, act: ActName) => {
  const set = resolveSet(
    {
      name: 'acts',
      about: 'acts',
      clips: [
        {
          acts: [
            { act: 'sitting', ms: LEAD_MS, who },
            { act, ms: ACT_MS },
          ],
          seed: 1,
          person: who,
          condition: act,
          expected: [],
        },
      ],
    },
    '.',
  );
  const [clip] = set.clips;
  if (!clip) throw new Error('no clip');
  const { samples } = await lab.look(worker, clip);
  return {
    sitting: samples.filter(({ t }) => t > EDGE_MS && t < LEAD_MS),
    acting: samples.filter(({ t }) => t > LEAD_MS + EDGE_MS && t < LEAD_MS + ACT_MS - EDGE_MS),
  };
};

const middle = (
  samples: readonly TimedSample[],
  of: (sample: TimedSample['sample']) => number | null | undefined,
): number => {
  const values = samples
    .map(({ sample }) => of(sample))
    .filter((value) => typeof value === 'number');
  return median(values) ?? Number.NaN;
};
const shown = (value: number, digits = 2): string =>
  Number.isNaN(value) ? '-' : value.toFixed(digits);
const yaw = (samples: readonly TimedSample[]): number => middle(samples, (s) => s.faces[0]?.yaw);

try {
  console.log(
    '| person | neutral yaw | turned left | from neutral | turned right | from neutral |',
  );
  console.log(`|${' --- |'.repeat(6)}`);
  for (const who of PERSON_NAMES) {
    const left = await film(who, 'turned-left');
    const right = await film(who, 'turned-right');
    const neutral = yaw(left.sitting);
    const cells = [
      neutral,
      yaw(left.acting),
      yaw(left.acting) - neutral,
      yaw(right.acting),
      yaw(right.acting) - neutral,
    ];
    console.log(`| ${who} | ${cells.map((cell) => shown(cell)).join(' | ')} |`);
  }
  console.log('\n| act | faces | x | y | height | yaw | face luma | luma | flat | difference |');
  console.log(`|${' --- |'.repeat(10)}`);
  for (const act of ACT_NAMES) {
    const { acting } = await film('p06', act);
    const counts = [...new Set(acting.map(({ sample }) => sample.faces.length))].join('/');
    const cells = [
      shown(middle(acting, (s) => s.faces[0]?.x)),
      shown(middle(acting, (s) => s.faces[0]?.y)),
      shown(middle(acting, (s) => s.faces[0]?.height)),
      shown(yaw(acting)),
      shown(
        middle(acting, (s) => s.luma?.faceMean),
        0,
      ),
      shown(
        middle(acting, (s) => s.luma?.mean),
        0,
      ),
      shown(middle(acting, (s) => s.luma?.flatFraction)),
      shown(middle(acting, (s) => s.luma?.difference)),
    ];
    console.log(`| ${act} | ${counts} | ${cells.join(' | ')} |`);
  }
} finally {
  await lab.close();
}
