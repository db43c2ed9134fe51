import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { ActCamera, actClipMs } from '#tools/clip/acting/act-camera.ts';
import { FRAME } from '#tools/clip/scenes.ts';
import type { SetClip } from './vision-set.ts';

/** Where a clip's frames come from. */
export interface ClipSource {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly durationMs: number;
  /** The frame's I420 planes; null where the camera gives none. @param index from 0. */
  frame(index: number): Uint8Array | null;
  close(): void;
}

/** Frames a second of clips that are drawn. */
const ACT_FPS = 10;
const HEADER_BYTES = 4_096;

/** Opens a clip. @throws Error with a sentence when a file is no y4m clip that can be played. */
export const openClip = async (clip: SetClip): Promise<ClipSource> => {
  if ('file' in clip.source) return openY4m(clip.source.file);
  const { acts, seed } = clip.source;
  const camera = await ActCamera.open({ parts: acts, seed });
  return {
    ...FRAME,
    fps: ACT_FPS,
    durationMs: actClipMs({ parts: acts, seed }),
    frame: (index) => camera.film(Math.round((index * 1_000) / ACT_FPS)),
    close: () => {},
  };
};

/** A y4m file of 8 bits, 4:2:0, whose frames have headers of one length. */
const openY4m = (file: string): ClipSource => {
  const handle = openSync(file, 'r');
  const start = Buffer.alloc(HEADER_BYTES);
  const header = start.subarray(0, readSync(handle, start, 0, HEADER_BYTES, 0));
  const end = header.indexOf(0x0a);
  const [magic, ...fields] = header.subarray(0, Math.max(0, end)).toString('latin1').split(' ');
  const field = (letter: string): string | undefined =>
    fields.find((part) => part.startsWith(letter))?.slice(1);
  const width = Number(field('W'));
  const height = Number(field('H'));
  const [numerator = 0, denominator = 1] = (field('F') ?? '').split(':').map(Number);
  const fps = numerator / denominator;
  const format = field('C') ?? '420';
  const planes = (width * height * 3) / 2;
  const mark = header.indexOf(0x0a, end + 1) - end;
  const frames = Math.floor((statSync(file).size - end - 1) / (mark + planes));
  const playable =
    magic === 'YUV4MPEG2' &&
    width % 2 === 0 &&
    height % 2 === 0 &&
    fps > 0 &&
    format.startsWith('420') &&
    !format.includes('p1');
  if (!playable || !(frames >= 1)) {
    closeSync(handle);
    throw new Error(`${file} is no y4m clip of 8 bits, 4:2:0 and even size with frames in it.`);
  }
  return {
    width,
    height,
    fps,
    durationMs: Math.round((frames * 1_000) / fps),
    frame: (index) => {
      const bytes = new Uint8Array(planes);
      const from = end + 1 + Math.min(index, frames - 1) * (mark + planes) + mark;
      readSync(handle, bytes, 0, planes, from);
      return bytes;
    },
    close: () => closeSync(handle),
  };
};
