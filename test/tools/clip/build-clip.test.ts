import { hash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClip, buildSceneFile, showScene } from '#tools/clip/build-clip.ts';
import { SCENES } from '#tools/clip/scenes.ts';

const HEADER = 'YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n';
const FRAME_BYTES = 'FRAME\n'.length + (640 * 480 * 3) / 2;

/** Millions of bytes are compared by their hash: number by number takes seconds. */
const digest = (bytes: Uint8Array): string => hash('sha256', bytes);

describe('clips for the browser camera', () => {
  let folder = '';
  const file = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atalaya-clip-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** The frames of a file, each as its own bytes. */
  async function frames(name: string, header = HEADER): Promise<Buffer[]> {
    const bytes = await readFile(file(name));
    expect(bytes.subarray(0, header.length).toString('latin1')).toBe(header);
    const count = (bytes.length - header.length) / FRAME_BYTES;
    expect(Number.isInteger(count)).toBe(true);
    return Array.from({ length: count }, (_, i) => {
      const start = header.length + i * FRAME_BYTES;
      const frame = bytes.subarray(start, start + FRAME_BYTES);
      expect(frame.subarray(0, 6).toString('latin1')).toBe('FRAME\n');
      return frame;
    });
  }

  it.each(SCENES)('%s: no two frames are the same, unless frozen', async (scene) => {
    await buildSceneFile(scene, file(scene));
    const all = await frames(scene);
    expect(all).toHaveLength(7);
    const different = new Set(all.map(digest)).size;
    expect(different).toBe(scene === 'frozen' ? 1 : 7);
  });

  it('puts scenes one after the other and gives the same bytes each time', async () => {
    const scenes = [
      { scene: 'person', ms: 300 },
      { scene: 'frozen', ms: 250 },
      { scene: 'nobody', ms: 250 },
    ] as const;
    expect(await buildClip({ scenes, out: file('a.y4m') })).toEqual({ frames: 8, durationMs: 800 });
    await buildClip({ scenes, out: file('b.y4m') });
    const all = (await frames('a.y4m')).map(digest);
    expect((await frames('b.y4m')).map(digest)).toEqual(all);
    expect(all[3]).toBe(all[2]);
    expect(all[5]).toBe(all[2]);
    expect(all[6]).not.toBe(all[5]);
  });

  it('takes another frame rate', async () => {
    const built = await buildClip({
      scenes: [{ scene: 'person', ms: 1_000 }],
      fps: 5,
      out: file('slow.y4m'),
    });
    expect(built).toEqual({ frames: 5, durationMs: 1_000 });
    expect(await frames('slow.y4m', HEADER.replace('F10:1', 'F5:1'))).toHaveLength(5);
  });

  it('writes one scene over another in place, and refuses a file of another length', async () => {
    await copyFile(file('person'), file('playing'));
    await showScene(file('nobody'), file('playing'));
    expect(digest(await readFile(file('playing')))).toBe(digest(await readFile(file('nobody'))));
    await writeFile(file('playing'), 'short');
    await expect(showScene(file('nobody'), file('playing'))).rejects.toThrow('bytes');
  });
});
