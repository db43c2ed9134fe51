import type { Picture } from '#tools/clip/cutout.ts';
import { drawRoom } from '#tools/clip/room.ts';
import { FRAME } from '#tools/clip/scenes.ts';
import { noiseTable, seededRandom } from '#tools/clip/seeded-random.ts';
import { type FrameSize, rgbToI420 } from '#tools/clip/y4m.ts';
import { type ActName, stageOf } from './acts.ts';
import { drawFigure } from './draw-figure.ts';
import { type Actor, loadActor, PERSON_NAMES, type PersonName } from './people.ts';
import type { Stage } from './stage.ts';

/** A stretch of a clip. */
export interface ActPart {
  readonly act: ActName;
  /** Length in milliseconds. */
  readonly ms: number;
  /** Who sits there from here on; `p01` until somebody is named. */
  readonly who?: PersonName;
}

export interface ActClip {
  readonly parts: readonly ActPart[];
  /** Equal seeds give equal bytes. */
  readonly seed: number;
}

/** Standard deviation of the sensor's noise in steps of luma, as of a cheap webcam indoors. */
const NOISE = 2.2;
const COVERED_NOISE = 0.4;
/** One draw of noise for a short run of pixels: as good for the detector, and much quicker. */
const RUN = 64;

/** Length of a clip in milliseconds. */
export const actClipMs = (clip: ActClip): number => clip.parts.reduce((sum, { ms }) => sum + ms, 0);

/**
 * Films acts. Each frame follows from the clip and its moment alone, so that frames may be asked for in any order
 * and only those that somebody looks at need to be drawn.
 */
export class ActCamera {
  readonly #clip: ActClip;
  readonly #room: Picture;
  readonly #actors: ReadonlyMap<PersonName, Actor>;
  readonly #noise: Int8Array;

  private constructor(clip: ActClip, room: Picture, actors: ReadonlyMap<PersonName, Actor>) {
    this.#clip = clip;
    this.#room = room;
    this.#actors = actors;
    this.#noise = noiseTable(seededRandom(clip.seed), NOISE);
  }

  static async open(clip: ActClip): Promise<ActCamera> {
    return new ActCamera(clip, await theRoom(), await theActors());
  }

  /**
   * The frame of a moment as I420 of 640x480; null where the camera is silent.
   * @param at whole ms since the clip's first frame; after its end the last act goes on.
   */
  film(at: number): Uint8Array | null {
    const stage = this.stageAt(at);
    if (stage.silent) return null;
    if (stage.frozenAt !== null) return this.film(Math.max(0, stage.frozenAt - 1));
    const frame = stage.covered ? coveredLens(FRAME) : this.#expose(stage);
    this.#addNoise(frame, at, stage.covered ? COVERED_NOISE / NOISE : 1);
    return frame;
  }

  /** What is in front of the camera at a moment. */
  stageAt(at: number): Stage {
    let began = 0;
    let who: PersonName = 'p01';
    let current: ActPart = { act: 'sitting', ms: 0 };
    for (const part of this.#clip.parts) {
      who = part.who ?? who;
      began += current.ms;
      current = part;
      if (at < began + part.ms) break;
    }
    const { act, ms } = current;
    const other = PERSON_NAMES[(PERSON_NAMES.indexOf(who) + 1) % PERSON_NAMES.length] ?? who;
    return stageOf(act, { at, inside: at - began, ms, who, other }, this.#clip.seed);
  }

  /** What a moment looks like without the sensor's noise, three bytes a pixel. */
  picture(at: number): Uint8Array {
    return this.#draw(this.stageAt(at));
  }

  #expose(stage: Stage): Uint8Array {
    return rgbToI420(this.#draw(stage), FRAME);
  }

  #draw(stage: Stage): Uint8Array {
    const picture: Picture = { ...this.#room, rgb: this.#room.rgb.slice() };
    for (const figure of stage.figures) {
      const actor = this.#actors.get(figure.who);
      if (actor) drawFigure(picture, actor, figure);
    }
    if (stage.light !== 1) {
      const { rgb } = picture;
      for (let i = 0; i < rgb.length; i++) rgb[i] = Math.min(255, (rgb[i] ?? 0) * stage.light);
    }
    return picture.rgb;
  }

  #addNoise(i420: Uint8Array, at: number, strength: number): void {
    const random = seededRandom(this.#clip.seed * 1_000_003 + at);
    const luma = FRAME.width * FRAME.height;
    const mask = this.#noise.length - 1;
    for (let i = 0; i < luma; ) {
      let from = Math.floor(random.next() * this.#noise.length);
      for (const end = Math.min(luma, i + RUN); i < end; i++, from++) {
        const value = (i420[i] ?? 0) + (this.#noise[from & mask] ?? 0) * strength;
        i420[i] = Math.max(16, Math.min(235, value));
      }
    }
  }
}

let room: Promise<Picture> | undefined;
const theRoom = (): Promise<Picture> => {
  room ??= drawRoom(FRAME);
  return room;
};

let actors: Promise<ReadonlyMap<PersonName, Actor>> | undefined;
const theActors = (): Promise<ReadonlyMap<PersonName, Actor>> => {
  actors ??= Promise.all(
    PERSON_NAMES.map(async (name) => [name, await loadActor(name)] as const),
  ).then((all) => new Map(all));
  return actors;
};

function coveredLens({ width, height }: FrameSize): Uint8Array {
  const frame = new Uint8Array((width * height * 3) / 2).fill(128);
  frame.fill(24, 0, width * height);
  return frame;
}
