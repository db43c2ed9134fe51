import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

/** A face in a photograph that comes with a dependency: its middle and the side of its square, pixels. */
interface Sitter {
  readonly photograph: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}
const SITTERS: readonly Sitter[] = [
  { photograph: 3, x: 1166, y: 379, size: 254 },
  { photograph: 4, x: 737, y: 203, size: 184 },
  { photograph: 2, x: 420, y: 275, size: 190 },
];
/** One of the people in them. */
export const sitterOf = (index: number): Sitter => SITTERS[index % SITTERS.length] as Sitter;

const portraits = new Map<string, Promise<string>>();
const cut = async (who: Sitter, side: number, up: number, down: number): Promise<string> => {
  const path = fileURLToPath(
    import.meta.resolve(`@vladmandic/face-api/demo/sample${who.photograph}.jpg`),
  );
  const photograph = sharp(path);
  const { width, height } = await photograph.metadata();
  const left = Math.max(0, Math.round(who.x - side * who.size));
  const top = Math.max(0, Math.round(who.y - up * who.size));
  const right = Math.min(width, Math.round(who.x + side * who.size));
  const bottom = Math.min(height, Math.round(who.y + down * who.size));
  // What the photograph does not show is filled with what stands at its side, so that the face stays where it is meant.
  const jpeg = await photograph
    .extract({ left, top, width: right - left, height: bottom - top })
    .extend({
      left: left - Math.round(who.x - side * who.size),
      top: top - Math.round(who.y - up * who.size),
      right: Math.round(who.x + side * who.size) - right,
      bottom: Math.round(who.y + down * who.size) - bottom,
      extendWith: 'copy',
    })
    .resize(420)
    .jpeg()
    .toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
};

/** A photograph cut around the face, in its sizes: to either side, above and below its middle. @returns a data address. */
export const portrait = (...what: Parameters<typeof cut>): Promise<string> => {
  const key = JSON.stringify(what);
  const made = portraits.get(key) ?? cut(...what);
  portraits.set(key, made);
  return made;
};
