import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { ActCamera } from '#tools/clip/acting/act-camera.ts';
import type { ActName } from '#tools/clip/acting/acts.ts';
import { PEOPLE, PERSON_NAMES, type PersonName } from '#tools/clip/acting/people.ts';
import { conditionPictures } from '#tools/clip/condition-pictures.ts';
import { FRAME } from '#tools/clip/scenes.ts';
import { generatedClips } from './generated-clips.ts';
import type { SetFile } from './vision-set.ts';

/** Raise it when the pictures change. */
const RECIPE = 2;
const STAMP = 'built.json';

/** A person's pictures: one in the middle of each act. What is small, turned or dark is meant to be refused. */
const PICTURED: readonly { readonly act: ActName; readonly ms: number }[] = [
  { act: 'sitting', ms: 3_000 },
  { act: 'sitting', ms: 31_000 },
  { act: 'dimming', ms: 10_000 },
  { act: 'brightening', ms: 5_000 },
  { act: 'leaning-in', ms: 8_000 },
  { act: 'leaning-back', ms: 8_000 },
  { act: 'shifting', ms: 6_000 },
  { act: 'reading-aloud', ms: 6_000 },
  { act: 'looking-down', ms: 3_000 },
];

/** A frame of a drawn clip as a JPEG. */
const pictureOf = async (who: PersonName, index: number): Promise<Buffer> => {
  const part = PICTURED[index] ?? { act: 'sitting', ms: 1_000 };
  const camera = await ActCamera.open({ parts: [{ ...part, who }], seed: 500 + index * 10 });
  const rgb = camera.picture(Math.round(part.ms / 2));
  return sharp(rgb, { raw: { ...FRAME, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
};

/**
 * Writes the generated set to a folder as any other set would lie there: pictures as files, clips as acts that are
 * drawn while they are looked at (an hour of them as files would be 17 GB). Does nothing when it is there already.
 */
export const buildSet = async (folder: string): Promise<void> => {
  const stamp = join(folder, STAMP);
  const wanted = JSON.stringify({ recipe: RECIPE, clips: generatedClips() });
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  for (const who of PERSON_NAMES) {
    const place = join(folder, 'people', who);
    mkdirSync(place, { recursive: true });
    for (let i = 0; i < PICTURED.length; i++)
      writeFileSync(join(place, `${i}-${PICTURED[i]?.act}.jpg`), await pictureOf(who, i));
  }
  mkdirSync(join(folder, 'conditions'), { recursive: true });
  const pictures: NonNullable<SetFile['pictures']> = [];
  for await (const { condition, face, jpeg } of conditionPictures()) {
    const file = `conditions/${pictures.length}.jpg`;
    writeFileSync(join(folder, file), jpeg);
    pictures.push({
      file,
      condition,
      ...(face === null ? { faces: 0 } : { person: `face-${face}` }),
    });
  }
  const set: SetFile = {
    name: 'generated',
    about:
      'Drawn from the sample pictures of a dependency (adult women, a few lights) on a drawn room, with heads turned by a program. No camera filmed it. Its figures flatter.',
    people: PERSON_NAMES.map((id) => ({
      id,
      folder: `people/${id}`,
      // Something to group by, so that the command shows how; it means nothing.
      labels: { photograph: String(PEOPLE[id].face.photograph) },
    })),
    clips: generatedClips(),
    pictures,
  };
  writeFileSync(join(folder, 'set.json'), `${JSON.stringify(set, null, 1)}\n`);
  writeFileSync(stamp, wanted);
};
