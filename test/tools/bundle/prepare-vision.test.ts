import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ALL_MODELS,
  COMPRESSED,
  prepareVision as prepare,
  SIZES_FILE,
} from '#tools/bundle/prepare-vision.ts';

/** As the set-up does, but compressed in no time. */
const prepareVision = (folder: string, models?: typeof ALL_MODELS, extras?: string) =>
  prepare(folder, models, extras, 1);

describe('preparing the vision files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atalaya-vision-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('writes models and runtime once, and again only when something is damaged', async () => {
    const first = await prepareVision(folder);
    const plain = first.written.filter((name) => !name.endsWith(COMPRESSED)).sort();
    expect(plain).toEqual([
      'face-full-range.tflite',
      'face-short-range.tflite',
      'face_recognition_model-weights_manifest.json',
      'face_recognition_model.bin',
      SIZES_FILE,
      'tfjs-backend-wasm-simd.wasm',
      'vision_wasm_module_internal.js',
      'vision_wasm_module_internal.wasm',
    ]);
    expect((await readdir(folder)).sort()).toEqual([...first.written, 'prepared.json'].sort());
    expect((await prepareVision(folder)).written).toEqual([]);

    const sizes: unknown = JSON.parse(await readFile(join(folder, SIZES_FILE), 'utf8'));
    for (const name of plain.filter((file) => file !== SIZES_FILE)) {
      const bytes = await readFile(join(folder, name));
      expect(sizes).toHaveProperty([name], bytes.length);
      const small = await readFile(join(folder, name + COMPRESSED));
      expect(small.length).toBeLessThan(bytes.length);
      expect(brotliDecompressSync(small).equals(bytes)).toBe(true);
    }

    const model = join(folder, 'face-full-range.tflite');
    const size = (await stat(model)).size;
    await truncate(model, 1000);
    expect((await prepareVision(folder)).written).toContain('face-full-range.tflite');
    expect((await stat(model)).size).toBe(size);
  });

  it('takes the institution’s own object model along, and lets go of it again', async () => {
    const extras = await mkdtemp(join(tmpdir(), 'atalaya-extras-'));
    await writeFile(join(extras, 'objects.tflite'), 'a model');
    expect((await prepareVision(folder, undefined, extras)).written).toContain('objects.tflite');
    const listed: unknown = JSON.parse(await readFile(join(folder, SIZES_FILE), 'utf8'));
    expect(listed).toHaveProperty(['objects.tflite'], 7);
    await rm(extras, { recursive: true });
    expect((await prepareVision(folder, undefined, extras)).written).not.toContain(
      'objects.tflite',
    );
    expect(await readdir(folder)).not.toContain('objects.tflite');
  });

  it('adds the models asked for and removes what does not belong there', async () => {
    await writeFile(join(folder, 'old.tflite'), 'old');
    const all = await prepareVision(folder, ALL_MODELS);
    expect(all.written).toContain('face-full-range-sparse.tflite');
    expect(await readdir(folder)).not.toContain('old.tflite');
    await prepareVision(folder);
    expect(await readdir(folder)).not.toContain('face-full-range-sparse.tflite');
  });
});
