import { type Picture, renderSvg } from './cutout.ts';
import { seededRandom } from './seeded-random.ts';
import type { FrameSize } from './y4m.ts';

/**
 * A study with a door, a window with blinds, a bookshelf and a chair, drawn: the place that is left
 * when the person is gone. Full of edges, so that a covered camera can be told from an empty room.
 */
export async function drawRoom(size: FrameSize): Promise<Picture> {
  const random = seededRandom(7);
  const books = [92, 158, 224].flatMap((shelf) => {
    const row: string[] = [];
    for (let x = 452; x < 606; ) {
      const width = random.integer(8, 16);
      const height = random.integer(34, 52);
      const hue = random.integer(0, 359);
      row.push(
        `<rect x="${x}" y="${shelf - height}" width="${width - 1}" height="${height}" fill="hsl(${hue} 28% ${random.integer(24, 58)}%)"/>`,
      );
      x += width;
    }
    return row;
  });
  const blinds = Array.from(
    { length: 17 },
    (_, i) => `<rect x="36" y="${52 + i * 10}" width="128" height="7" fill="#c9cfd3"/>`,
  );
  const planks = Array.from(
    { length: 9 },
    (_, i) =>
      `<path d="M${i * 90 - 60} 480 L${i * 62 + 50} 372" stroke="#6d5440" stroke-width="2"/>`,
  );
  const plaster = Array.from({ length: 900 }, () => {
    const shade = random.integer(150, 190);
    return `<circle cx="${random.integer(0, 640)}" cy="${random.integer(0, 372)}" r="${random.integer(2, 7)}" fill="rgb(${shade},${shade - 4},${shade - 14})" opacity="0.35"/>`;
  });
  return renderSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480" width="640" height="480">
      <defs><linearGradient id="wall" x1="0" x2="1"><stop offset="0" stop-color="#c4c0b4"/><stop offset="1" stop-color="#8f8b82"/></linearGradient></defs>
      <rect width="640" height="480" fill="url(#wall)"/>
      ${plaster.join('')}
      <rect y="372" width="640" height="108" fill="#8a6b52"/>
      ${planks.join('')}
      <rect y="362" width="640" height="10" fill="#e3e0d6"/>
      <rect x="28" y="42" width="144" height="186" fill="#f1f3f4" stroke="#6f6a60" stroke-width="5"/>
      ${blinds.join('')}
      <rect x="222" y="70" width="120" height="292" fill="#77624c" stroke="#4c3e2f" stroke-width="6"/>
      <rect x="238" y="92" width="88" height="100" fill="none" stroke="#4c3e2f" stroke-width="4"/>
      <rect x="238" y="214" width="88" height="124" fill="none" stroke="#4c3e2f" stroke-width="4"/>
      <circle cx="330" cy="226" r="5" fill="#d7c07a"/>
      <rect x="444" y="34" width="170" height="328" fill="#5a4636"/>
      <rect x="452" y="42" width="154" height="50" fill="#3a2d23"/>
      <rect x="452" y="100" width="154" height="58" fill="#3a2d23"/>
      <rect x="452" y="166" width="154" height="58" fill="#3a2d23"/>
      <rect x="452" y="232" width="154" height="122" fill="#4a392c" stroke="#2d231b" stroke-width="3"/>
      <path d="M529 232 V354" stroke="#2d231b" stroke-width="3"/>
      ${books.join('')}
      <path d="M120 480 V330 q0 -24 24 -24 h78 q24 0 24 24 v150 z" fill="#2f3b46"/>
      <path d="M134 470 V338 h98 v132 z" fill="#3d4b58"/>
      <path d="M134 372 h98 M134 406 h98 M134 440 h98" stroke="#2f3b46" stroke-width="4"/>
    </svg>`,
    size,
  );
}
