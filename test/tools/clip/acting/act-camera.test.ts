import { hash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActCamera } from '#tools/clip/acting/act-camera.ts';
import { ACT_NAMES, FULL_TURN, kindOf } from '#tools/clip/acting/acts.ts';
import { buildActClip } from '#tools/clip/acting/build-act-clip.ts';

const SITTING = { act: 'sitting', ms: 2_000 } as const;

/** Half a million bytes are compared by their hash: number by number takes a tenth of a second. */
const digest = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : hash('sha256', bytes);

/** Mean change of luma between two frames. */
const difference = (a: Uint8Array | null, b: Uint8Array | null): number => {
  const pixels = 640 * 480;
  let sum = 0;
  for (let i = 0; i < pixels; i++) sum += Math.abs((a?.[i] ?? 0) - (b?.[i] ?? 0));
  return sum / pixels;
};

describe('acts in front of the camera', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atalaya-acts-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(ACT_NAMES)('%s: the same frame whatever was asked before, and alive', async (act) => {
    const clip = { parts: [SITTING, { act, ms: 3_400 }, SITTING], seed: 5 };
    const one = await ActCamera.open(clip);
    const other = await ActCamera.open(clip);
    other.film(900);
    const frame = one.film(3_600);
    expect(digest(frame)).toBe(digest(other.film(3_600)));
    if (act === 'silent') expect(frame).toBeNull();
    else if (act === 'frozen') expect(digest(one.film(3_900))).toBe(digest(frame));
    else expect(difference(one.film(3_900), frame)).toBeGreaterThan(0.1);
    // The act shows: what it leads to, or what it might be mistaken for, is to be seen.
    const still = await ActCamera.open({ parts: [{ act: 'sitting', ms: 8_000 }], seed: 5 });
    if (act !== 'sitting') expect(digest(frame)).not.toBe(digest(still.film(3_600)));
  });

  it('turns the head smoothly to a side and back', async () => {
    const camera = await ActCamera.open({
      parts: [SITTING, { act: 'glance-right', ms: 1_500 }, SITTING],
      seed: 5,
    });
    const turns = Array.from(
      { length: 40 },
      (_, i) => camera.stageAt(1_900 + i * 50).figures[0]?.turn ?? 0,
    );
    const steps = turns.slice(1).map((turn, i) => Math.abs(turn - (turns[i] ?? 0)));
    expect(Math.max(...turns)).toBeGreaterThan(FULL_TURN - 0.15);
    expect(Math.max(...steps)).toBeLessThan(0.25 * FULL_TURN);
    expect(Math.abs(turns.at(-1) ?? 1)).toBeLessThan(0.15);
  });

  it('writes a file of the frames, the same each time, and refuses silence', async () => {
    const clip = { parts: [{ act: 'reading-aloud', ms: 600 }] as const, seed: 9 };
    const [a, b] = [join(folder, 'a.y4m'), join(folder, 'b.y4m')];
    expect(await buildActClip(clip, a)).toEqual({ frames: 6, durationMs: 600 });
    await buildActClip(clip, b);
    expect(digest(await readFile(a))).toBe(digest(await readFile(b)));
    await expect(buildActClip({ parts: [{ act: 'silent', ms: 200 }], seed: 1 }, a)).rejects.toThrow(
      'no frames',
    );
  });

  it('names a kind for each violation and none for normal behaviour', () => {
    expect(ACT_NAMES.filter((act) => kindOf(act) === null)).toContain('drinking');
    expect(kindOf('turned-left')).toBe('turned-away');
    expect(kindOf('silent')).toBe('device-failure');
  });
});
