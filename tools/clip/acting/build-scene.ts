import { writeFile } from 'node:fs/promises';
import { FRAME } from '#tools/clip/scenes.ts';
import { y4mFrame, y4mHeader } from '#tools/clip/y4m.ts';
import { ActCamera } from './act-camera.ts';
import type { ActName } from './acts.ts';
import type { PersonName } from './people.ts';

const FPS = 10;
/** As many as a scene file has, so that each can be written over any other (see `buildSceneFile`). */
const FRAMES = 7;
/** Long enough that every act is in its middle then, ms. */
const ACT_MS = 8_000;
const MIDDLE_MS = 4_000;

/** Writes the middle of an act as a short loop: somebody who keeps doing it. All such files have one length. */
export async function buildActScene(act: ActName, who: PersonName, out: string): Promise<void> {
  const camera = await ActCamera.open({ parts: [{ act, ms: ACT_MS, who }], seed: 11 });
  const parts: Uint8Array[] = [y4mHeader(FRAME, FPS)];
  for (let i = 0; i < FRAMES; i++) {
    const frame = camera.film(MIDDLE_MS + (i * 1_000) / FPS);
    if (frame === null) throw new Error('a scene needs frames');
    parts.push(y4mFrame(frame));
  }
  await writeFile(out, Buffer.concat(parts));
}
