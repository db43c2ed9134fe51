import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { FRAME } from '#tools/clip/scenes.ts';
import { type FrameSize, rgbToI420, y4mFrame, y4mHeader } from '#tools/clip/y4m.ts';
import { ActCamera, type ActClip, actClipMs } from './act-camera.ts';

export interface Shape extends FrameSize {
  readonly fps: number;
  /** 1 as drawn. */
  readonly light?: number;
}

/**
 * Writes acts as a camera of another shape, speed or light gives them: the middle of the picture that fills the
 * frame. Without the sensor's noise, so a person who sits still must move, as all do here.
 */
export async function buildShapedClip(clip: ActClip, shape: Shape, out: string): Promise<void> {
  const camera = await ActCamera.open(clip);
  const { width, height, fps, light = 1 } = shape;
  const parts: Uint8Array[] = [y4mHeader(shape, fps)];
  for (let i = 0; i < Math.round((actClipMs(clip) * fps) / 1_000); i++) {
    const rgb = await sharp(camera.picture(Math.round((i * 1_000) / fps)), {
      raw: { ...FRAME, channels: 3 },
    })
      .resize(width, height, { fit: 'cover' })
      .linear(light, 0)
      .raw()
      .toBuffer();
    parts.push(y4mFrame(rgbToI420(rgb, shape)));
  }
  await writeFile(out, Buffer.concat(parts));
}
