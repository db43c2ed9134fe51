import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';

/** What the demo's script may do in this page. */
export interface Rehearsal {
  /** As if a person had asked for it. @throws with the problem's code when it is refused. */
  perform(action: KioskAction): Promise<void>;
  /** Loads the face models, so that the camera's first frames are looked at without delay. */
  prepareVision(): Promise<void>;
  /**
   * Looks at pictures as the enrolment does, each on its own.
   * @param pictures files as base64. @param scale part of its size at which each is looked at, 0..1.
   */
  lookAt(pictures: readonly string[], scale: number): Promise<readonly FaceCapture[]>;
  /**
   * Passes the check of the face with captures of the enrolment instead of the clip's time: all but the last
   * are given at once, the last one when the camera's first frame is there.
   */
  checkIdentityWith(captures: readonly FaceCapture[]): void;
  /** Lets the screens open the camera. @returns when its first frame came, ms since 1970. */
  openCamera(): Promise<number>;
}
