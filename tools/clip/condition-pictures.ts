import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { cutPerson, drawOver, type Picture } from './cutout.ts';
import { drawRoom } from './room.ts';
import { FRAME } from './scenes.ts';
import { seededRandom } from './seeded-random.ts';

/** One test picture for the detectors. */
export interface ConditionPicture {
  /** `nobody` for parts of photographs without a face. */
  readonly condition: string;
  /** Which of the faces it is, from 1 on; null where there is none. */
  readonly face: number | null;
  readonly jpeg: Uint8Array;
}

/** Every face of the photographs: photograph, left, top, size in its pixels. */
const FACES: readonly (readonly [number, number, number, number])[] = [
  [1, 382, 396, 204],
  [1, 830, 464, 192],
  [1, 1472, 256, 163],
  [2, 319, 181, 195],
  [2, 900, 250, 205],
  [2, 1425, 190, 204],
  [3, 561, 350, 239],
  [3, 1039, 252, 254],
  [3, 1482, 341, 237],
  [4, 272, 246, 180],
  [4, 645, 111, 184],
  [4, 947, 214, 197],
  [4, 1250, 188, 194],
  [5, 352, 914, 247],
  [5, 622, 459, 196],
  [5, 780, 143, 179],
  [5, 1091, 229, 187],
  [5, 1367, 430, 231],
  [6, 249, 522, 235],
  [6, 622, 359, 265],
  [6, 1156, 343, 247],
  [6, 1457, 301, 245],
];

interface Condition {
  readonly name: string;
  /** Face size and middle in pixels of the frame. */
  readonly size?: number;
  readonly x?: number;
  readonly y?: number;
  /** Light on the whole picture, 1 as photographed. */
  readonly light?: number;
  /** Light on the person only. */
  readonly personLight?: number;
  /** Degrees. */
  readonly roll?: number;
  readonly blur?: number;
}

const CONDITIONS: readonly Condition[] = [
  { name: 'plain, 25 % of the height', size: 120 },
  { name: 'plain, 30 %' },
  { name: 'plain, 35 %', size: 168 },
  { name: 'plain, to a side', x: 200 },
  { name: 'half light', light: 0.5 },
  { name: 'dark (0.15)', light: 0.15 },
  { name: 'backlit', personLight: 0.35 },
  { name: 'tilted 30°', roll: -30 },
  { name: 'blurred', blur: 3 },
  { name: 'cut 20 %, left', x: 43 },
  { name: 'cut 35 %, left', x: 21 },
  { name: 'cut 35 %, right', x: 619 },
  { name: 'cut 40 %, below', y: 465 },
  { name: 'cut 40 %, above', y: 15 },
  { name: 'far, 60 px', size: 60 },
  { name: 'far, 46 px', size: 46 },
  { name: 'near, 380 px', size: 380, y: 240 },
  { name: 'near, 440 px', size: 440, y: 240 },
];

const EMPTY_PICTURES = 300;
const SIZE = 144;

/** Every face in every condition, then parts of the photographs without any. */
export async function* conditionPictures(): AsyncGenerator<ConditionPicture> {
  const room = await drawRoom(FRAME);
  for (const condition of CONDITIONS) {
    for (const [index, [photograph, left, top, size]] of FACES.entries()) {
      const face = { photograph, x: left + size / 2, y: top + size / 2, size };
      const person = await cutPerson({ ...face, left: 0.95, right: 0.95 }, condition.size ?? SIZE);
      dim(person.rgb, condition.personLight);
      const picture: Picture = { ...room, rgb: room.rgb.slice() };
      drawOver(
        picture,
        person,
        Math.round((condition.x ?? FRAME.width / 2) - person.faceX),
        Math.round((condition.y ?? 215) - person.faceY),
      );
      dim(picture.rgb, condition.light);
      yield {
        condition: condition.name,
        face: index + 1,
        jpeg: await develop(picture, condition),
      };
    }
  }
  yield* emptyPictures();
}

async function develop(picture: Picture, { roll, blur }: Condition): Promise<Uint8Array> {
  let image = sharp(picture.rgb, { raw: { ...FRAME, channels: 3 } });
  if (roll) {
    const rolled = await image.rotate(roll, { background: '#777' }).png().toBuffer();
    image = sharp(rolled).resize(FRAME.width, FRAME.height, { fit: 'cover' });
  }
  if (blur) image = image.blur(blur);
  return image.jpeg({ quality: 85 }).toBuffer();
}

/** Clothes, limbs, furniture: harder than an empty room, easier to mistake for a face. */
async function* emptyPictures(): AsyncGenerator<ConditionPicture> {
  const random = seededRandom(5);
  for (let made = 0; made < EMPTY_PICTURES; ) {
    const photograph = random.integer(1, 6);
    const image = sharp(
      fileURLToPath(import.meta.resolve(`@vladmandic/face-api/demo/sample${photograph}.jpg`)),
    );
    const { width: fullWidth, height: fullHeight } = await image.metadata();
    const width = random.integer(160, 640);
    const height = Math.round(width * 0.75);
    const left = random.integer(0, fullWidth - width);
    const top = random.integer(0, fullHeight - height);
    const hitsFace = FACES.some(
      ([p, x, y, size]) =>
        p === photograph &&
        left < x + size * 1.05 &&
        left + width > x - size * 0.05 &&
        top < y + size * 1.05 &&
        top + height > y - size * 0.2,
    );
    if (hitsFace) continue;
    made++;
    yield {
      condition: 'nobody',
      face: null,
      jpeg: await image
        .extract({ left, top, width, height })
        .resize(FRAME.width, FRAME.height)
        .jpeg({ quality: 85 })
        .toBuffer(),
    };
  }
}

function dim(rgb: Uint8Array, light = 1): void {
  if (light === 1) return;
  for (let i = 0; i < rgb.length; i++) rgb[i] = (rgb[i] ?? 0) * light;
}
