import { drawOver, type Picture } from './cutout.ts';
import { drawRoom } from './room.ts';
import { FRAME, loadScene, type Scene, type SceneName } from './scenes.ts';
import { noiseTable, type SeededRandom, seededRandom } from './seeded-random.ts';
import { rgbToI420 } from './y4m.ts';

/** Standard deviation of the sensor's noise in steps of luma, as of a cheap webcam indoors. */
const NOISE = 2.2;
/** How far a person's head wanders from its place, in pixels. */
const SWAY = 3;

/** Films scenes: the room stands still, people sway a little, and each frame has fresh noise. */
export class SceneCamera {
  readonly #room: Picture;
  readonly #random: SeededRandom;
  readonly #noise: Int8Array;
  readonly #scenes = new Map<SceneName, Scene>();
  readonly #sway = { x: 0, y: 0 };
  #last: Uint8Array | undefined;

  private constructor(room: Picture, seed: number) {
    this.#room = room;
    this.#random = seededRandom(seed);
    this.#noise = noiseTable(this.#random, NOISE);
  }

  static async open(seed: number): Promise<SceneCamera> {
    return new SceneCamera(await drawRoom(FRAME), seed);
  }

  /** The next frame as I420. A frozen scene gives the last frame again. */
  async film(name: SceneName): Promise<Uint8Array> {
    const scene = this.#scenes.get(name) ?? (await loadScene(name));
    this.#scenes.set(name, scene);
    if (scene.frozen && this.#last) return this.#last;
    const frame = scene.covered ? coveredLens() : this.#expose(scene);
    this.#addNoise(frame, scene.covered ? 0.4 : 1);
    this.#last = frame;
    return frame;
  }

  #expose(scene: Scene): Uint8Array {
    this.#sway.x = wander(this.#random, this.#sway.x);
    this.#sway.y = wander(this.#random, this.#sway.y);
    const picture: Picture = { ...this.#room, rgb: this.#room.rgb.slice() };
    for (const { cutout, x, y } of scene.people) {
      drawOver(picture, cutout, x + this.#sway.x, y + this.#sway.y);
    }
    if (scene.light !== 1) {
      for (let i = 0; i < picture.rgb.length; i++) {
        picture.rgb[i] = (picture.rgb[i] ?? 0) * scene.light;
      }
    }
    return rgbToI420(picture.rgb, FRAME);
  }

  #addNoise(i420: Uint8Array, strength: number): void {
    const luma = FRAME.width * FRAME.height;
    const mask = this.#noise.length - 1;
    for (let i = 0; i < luma; ) {
      // One draw for a short run of pixels: as good for the eye and the detector, and much quicker.
      let from = Math.floor(this.#random.next() * this.#noise.length);
      for (const end = Math.min(luma, i + 64); i < end; i++, from++) {
        const value = (i420[i] ?? 0) + (this.#noise[from & mask] ?? 0) * strength;
        i420[i] = Math.max(16, Math.min(235, value));
      }
    }
  }
}

function wander(random: SeededRandom, at: number): number {
  const to = at + random.integer(-1, 1);
  return Math.max(-SWAY, Math.min(SWAY, to));
}

function coveredLens(): Uint8Array {
  const pixels = FRAME.width * FRAME.height;
  const frame = new Uint8Array((pixels * 3) / 2).fill(128);
  frame.fill(24, 0, pixels);
  return frame;
}
