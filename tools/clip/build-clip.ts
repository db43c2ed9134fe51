import { open, writeFile } from 'node:fs/promises';
import { SceneCamera } from './scene-camera.ts';
import { FRAME, type SceneName } from './scenes.ts';
import { y4mFrame, y4mHeader } from './y4m.ts';

const FPS = 10;
const SEED = 20;

/**
 * Frames in a scene file. Seven, because the camera watch looks every 2, 5 or 10 frames give or
 * take 15 %: no look meets the frame that the look before it met, which would seem frozen.
 */
const SCENE_FRAMES = 7;

export interface ClipScene {
  readonly scene: SceneName;
  /** Length in milliseconds, at least one frame. */
  readonly ms: number;
}

export interface ClipOptions {
  readonly scenes: readonly ClipScene[];
  /** Frames per second, whole; 10 when left out. */
  readonly fps?: number;
  /** The y4m file to write. */
  readonly out: string;
}

export interface BuiltClip {
  readonly frames: number;
  readonly durationMs: number;
}

/** Writes a clip for the browser's fake camera. The same scenes give the same bytes. */
export async function buildClip(options: ClipOptions): Promise<BuiltClip> {
  const fps = options.fps ?? FPS;
  const file = await open(options.out, 'w');
  let frames = 0;
  try {
    await file.write(y4mHeader(FRAME, fps));
    for await (const frame of filmed(options.scenes, fps)) {
      await file.write(frame);
      frames++;
    }
  } finally {
    await file.close();
  }
  return { frames, durationMs: (frames * 1000) / fps };
}

async function* filmed(scenes: readonly ClipScene[], fps: number): AsyncGenerator<Uint8Array> {
  const camera = await SceneCamera.open(SEED);
  let frames = 0;
  let endMs = 0;
  for (const { scene, ms } of scenes) {
    endMs += ms;
    for (const end = Math.round((endMs * fps) / 1000); frames < end; frames++) {
      yield y4mFrame(await camera.film(scene));
    }
  }
}

/** Files of scenes that were drawn already: a test shows the same few again and again. */
const drawn = new Map<SceneName, Promise<Uint8Array>>();

const drawScene = async (scene: SceneName): Promise<Uint8Array> => {
  const parts = [y4mHeader(FRAME, FPS)];
  for await (const frame of filmed([{ scene, ms: (SCENE_FRAMES * 1000) / FPS }], FPS)) {
    parts.push(frame);
  }
  return Buffer.concat(parts);
};

/**
 * Writes a short looping file of one scene. All such files have the same header and length, so that
 * `showScene` can write one over another under a running camera.
 */
export async function buildSceneFile(scene: SceneName, out: string): Promise<void> {
  const file = drawn.get(scene) ?? drawScene(scene);
  drawn.set(scene, file);
  await writeFile(out, await file);
}

/**
 * Writes a scene's file over the one that the camera plays, in place: not truncated and not renamed,
 * since the browser keeps the file open. The picture changes within about 0.1 s.
 */
export async function showScene(sceneFile: string, playing: string): Promise<void> {
  const source = await open(sceneFile, 'r');
  const target = await open(playing, 'r+');
  try {
    const bytes = await source.readFile();
    const { size } = await target.stat();
    if (size !== bytes.length) {
      throw new Error(`${playing} has ${size} bytes, ${sceneFile} has ${bytes.length}`);
    }
    await target.write(bytes, 0, bytes.length, 0);
  } finally {
    await source.close();
    await target.close();
  }
}
