import type { KioskAction } from '#shared/wire/kiosk-view.ts';

/** What the demo's script may do in this page. */
export interface Rehearsal {
  /** As if a person had asked for it. @throws with the problem's code when it is refused. */
  perform(action: KioskAction): Promise<void>;
  /** Loads the face models, so that the camera's first frames are looked at without delay. */
  prepareVision(): Promise<void>;
  /** Lets the screens open the camera. @returns when its first frame came, ms since 1970. */
  openCamera(): Promise<number>;
}
