// `npm run bench:vision`: how well the camera's rules and the identity do on a set of labelled clips and pictures. The
// product's own worker looks at the frames in a real browser, and the product's own rules judge, with the clip's
// time as exam time: an hour takes some minutes.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Descriptor } from '#shared/identity/face-capture.ts';
import { templateOf } from '#shared/identity/match.ts';
import { buildSet } from './bench-vision/build-set.ts';
import { type MeasuredClip, type MeasuredPicture, VisionLab } from './bench-vision/measure.ts';
import { printed } from './bench-vision/print-report.ts';
import { type Report, reportOf } from './bench-vision/report.ts';
import { readSet, SetProblem, type VisionSet } from './bench-vision/vision-set.ts';
import { commandOptions } from './command-options.ts';

/** Where the generated set is written. Not in git. */
const GENERATED = 'out/vision-set';

const USAGE = `npm run bench:vision -- [--set CARPETA] [--only TEXTO] [--part K/N] [--json ARCHIVO] [--workers N]

  --set CARPETA   mide CARPETA/set.json (docs/vision.md, "Measuring on your own people"); sin ella, el conjunto
                  generado, que antes se escribe en ${GENERATED}
  --only TEXTO    solo videos y fotos cuya condición contiene TEXTO (varios: A,B)
  --part K/N      solo uno de cada N videos, desde el K: para repartir un conjunto largo
  --json ARCHIVO  guarda allí las cifras como JSON
  --workers N     cuántos videos a la vez (2)`;

const { values } = commandOptions(USAGE, {
  options: {
    set: { type: 'string' },
    only: { type: 'string', default: '' },
    part: { type: 'string', default: '1/1' },
    json: { type: 'string' },
    workers: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
});

/** Takes items off a list, `workers` at a time. Results keep the items' order. */
const sideBySide = async <T, R>(
  items: readonly T[],
  workers: readonly number[],
  use: (worker: number, item: T) => Promise<R>,
): Promise<R[]> => {
  const results = new Map<number, R>();
  let next = 0;
  await Promise.all(
    workers.map(async (worker) => {
      while (next < items.length) {
        const index = next++;
        results.set(index, await use(worker, items[index] as T));
      }
    }),
  );
  return items.map((_, i) => results.get(i) as R);
};

/** What each person with enough good pictures would be enrolled with. */
const templatesOf = (pictures: readonly MeasuredPicture[]): ReadonlyMap<string, Descriptor> => {
  const known = pictures.flatMap((picture) => picture.known ?? []);
  const people = new Set(known.map(({ person }) => person));
  return new Map(
    [...people].flatMap((name): [string, Descriptor][] => {
      const own = known.filter(({ person }) => person === name);
      const template = templateOf(own.map(({ descriptor }) => descriptor));
      return template === null ? [] : [[name, template.descriptor]];
    }),
  );
};

const measure = async (set: VisionSet, generated: boolean): Promise<Report> => {
  const lab = await VisionLab.open();
  const started = Date.now();
  try {
    const knows = set.pictures.some(({ forIdentity }) => forIdentity);
    const workers: number[] = [];
    for (let i = 0; i < Number(values.workers); i++) workers.push(await lab.worker(knows));
    const pictures = await sideBySide(set.pictures, workers, (worker, picture) =>
      lab.picture(worker, picture),
    );
    const templates = templatesOf(pictures);
    const clips = await sideBySide(
      set.clips,
      workers,
      async (worker, clip): Promise<MeasuredClip> => {
        const measured = await lab.clip(worker, clip, templates.get(clip.person) ?? null);
        const kinds = measured.incidents.map(({ kind }) => kind).join(', ');
        console.error(`  ${clip.id} ${clip.condition}, ${clip.person}: ${kinds || 'nothing'}`);
        return measured;
      },
    );
    const minutes = clips.reduce((sum, { durationMs }) => sum + durationMs, 0) / 60_000;
    console.error(
      `  ${minutes.toFixed(1)} minutes of clips in ${((Date.now() - started) / 60_000).toFixed(1)} minutes\n`,
    );
    return reportOf({ name: set.name, about: set.about, generated }, clips, pictures);
  } finally {
    await lab.close();
  }
};

const chosen = (set: VisionSet): VisionSet => {
  const texts = values.only.split(',');
  const wanted = ({ condition }: { readonly condition: string }) =>
    texts.some((text) => condition.includes(text));
  const [, part = 0, parts = 0] = (/^([1-9]\d*)\/([1-9]\d*)$/.exec(values.part) ?? []).map(Number);
  if (!(part >= 1 && part <= parts)) throw new SetProblem('--part needs K/N, such as 1/2.');
  const clips = set.clips.filter(wanted).filter((_, i) => i % parts === part - 1);
  // A clip's people are compared with their pictures, whatever these are called.
  const shown = new Set(clips.map(({ person }) => person));
  const pictures = set.pictures.filter(
    (picture) => wanted(picture) || (picture.forIdentity && shown.has(picture.person ?? '')),
  );
  if (clips.length + pictures.length === 0)
    throw new SetProblem(`No clip or picture has a condition with "${values.only}".`);
  return { ...set, clips, pictures };
};

try {
  if (!(Number(values.workers) >= 1)) throw new SetProblem('--workers needs a number from 1 on.');
  const folder = resolve(values.set ?? GENERATED);
  if (values.set === undefined) await buildSet(folder);
  const set = readSet(folder);
  const report = await measure(chosen(set), values.set === undefined);
  console.log(printed(report));
  if (values.json !== undefined)
    writeFileSync(resolve(values.json), `${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.goalsReached ? 0 : 1;
} catch (error) {
  console.error(error instanceof SetProblem ? error.message : error);
  process.exitCode = 2;
}
