import type { HeadPose } from './head-turn.ts';
import type { PersonName } from './people.ts';

/** Somebody in the picture. */
export interface Figure extends HeadPose {
  readonly who: PersonName;
  /** The face's middle and size in pixels of the 640x480 frame; may be outside it. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** Tilt in the plane, radians, clockwise. */
  readonly roll: number;
  /** A cup: 0 below the picture, 1 in front of the mouth. */
  readonly cup: number;
  /** Shown as a print on white paper: nothing in it moves by itself. */
  readonly printed: boolean;
}

/** One moment in front of the camera. */
export interface Stage {
  /** The one behind first. */
  readonly figures: readonly Figure[];
  /** 1 is the light of the photographs. */
  readonly light: number;
  readonly covered: boolean;
  /** The picture of this moment, ms of the clip, is shown again bit for bit; null for a live one. */
  readonly frozenAt: number | null;
  /** The camera gives no frames at all. */
  readonly silent: boolean;
}
