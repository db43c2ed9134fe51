import {
  type Candidate,
  facesAtFirstLook,
  facesAtSecondLook,
  needsSecondLook,
  WEAKEST_SCORE,
} from '#renderer/vision/measure/face-choice.ts';
import type { ModelFindings } from '#test/renderer/vision/page/all-models.worker.ts';
import { VisionPage } from '#test/support/vision-page.ts';
import { conditionPictures } from '#tools/clip/condition-pictures.ts';

/**
 * How often each model, and the product's choice from two of them, sees a face in each condition;
 * printed as the Markdown table of docs/vision.md. A minute or so: `node test/bench/vision-detectors.ts`.
 */

const FULL = 'face-full-range';
const SPARSE = 'face-full-range-sparse';
const SHORT = 'face-short-range';
/** What the worker makes of a frame of 640x480. */
const PICTURE = { width: 320, height: 240 };

type Found = ReadonlyMap<string, readonly Candidate[]>;

const COLUMNS: Readonly<Record<string, (found: Found) => number>> = {
  'full ≥ 0.5': (found) => above(found, FULL),
  'sparse ≥ 0.5': (found) => above(found, SPARSE),
  'short ≥ 0.5': (found) => above(found, SHORT),
  'the product': (found) => {
    const full = found.get(FULL) ?? [];
    if (!needsSecondLook(full)) return facesAtFirstLook(full).length;
    return facesAtSecondLook(full, found.get(SHORT) ?? [], PICTURE, []).length;
  },
};

interface Tally {
  pictures: number;
  readonly seen: Record<string, number>;
  readonly several: Record<string, number>;
}

const vision = await VisionPage.open(null, true, { asUsed: true });
const tallies = new Map<string, Tally>();
try {
  const page = await vision.visit();
  await page.evaluate(
    async ([models, minScore]) => {
      const all = window.vision.allModels();
      await all.load(models, minScore);
      Object.assign(window, { find: (picture: string) => all.find(picture) });
    },
    [[FULL, SPARSE, SHORT], WEAKEST_SCORE] as const,
  );
  for await (const { condition, jpeg } of conditionPictures()) {
    const findings = await page.evaluate(async (picture): Promise<ModelFindings[]> => {
      const find: unknown = Reflect.get(window, 'find');
      return typeof find === 'function' ? await find(picture) : [];
    }, vision.addPicture(jpeg));
    const found = new Map(findings.map((of) => [of.model, of.findings.flatMap(toCandidate)]));
    const tally = tallies.get(condition) ?? { pictures: 0, seen: {}, several: {} };
    tallies.set(condition, tally);
    tally.pictures++;
    for (const [name, count] of Object.entries(COLUMNS)) {
      const faces = count(found);
      tally.seen[name] = (tally.seen[name] ?? 0) + (faces > 0 ? 1 : 0);
      tally.several[name] = (tally.several[name] ?? 0) + (faces > 1 ? 1 : 0);
    }
  }
} finally {
  await vision.close();
}

const names = Object.keys(COLUMNS);
console.log(`| condition | pictures | ${names.join(' | ')} |`);
console.log(`| --- |${' --- |'.repeat(names.length + 1)}`);
for (const [condition, { pictures, seen, several }] of tallies) {
  const cells = names.map((name) => {
    const share = `${Math.round((100 * (seen[name] ?? 0)) / pictures)} %`;
    return several[name] ? `${share} (${several[name]} twice)` : share;
  });
  console.log(`| ${condition} | ${pictures} | ${cells.join(' | ')} |`);
}

function above(found: Found, model: string): number {
  return (found.get(model) ?? []).filter(({ score }) => score >= 0.5).length;
}

function toCandidate(finding: ModelFindings['findings'][number]): Candidate[] {
  const [rightEye, leftEye, nose, mouth, rightEar, leftEar] = finding.points;
  if (!rightEye || !leftEye || !nose || !mouth || !rightEar || !leftEar) return [];
  const { x, y, width, height, score } = finding;
  return [
    {
      box: { x, y, width, height },
      score,
      keypoints: { rightEye, leftEye, nose, mouth, rightEar, leftEar },
    },
  ];
}
