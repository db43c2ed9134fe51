import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { buildModelMetadata, withModelMetadata } from './tflite-metadata.ts';

/** By the name of the written file, the package's file that it is made of. */
export type Models = Readonly<Record<string, string>>;

/** Face models that the vision worker loads. */
const PRODUCT_MODELS: Models = {
  'face-full-range.tflite': 'face_detection_full_range.tflite',
  'face-short-range.tflite': 'face_detection_short_range.tflite',
};

/** Those, and the one that was tried and not chosen (docs/vision.md). */
export const ALL_MODELS: Models = {
  ...PRODUCT_MODELS,
  'face-full-range-sparse.tflite': 'face_detection_full_range_sparse.tflite',
};

/** Of the six files of the package, a module worker loads only these two. */
const WASM = ['vision_wasm_module_internal.js', 'vision_wasm_module_internal.wasm'] as const;

/**
 * The model of face descriptors with its list of weights, and its runtime. Of the runtime's three builds only the
 * one with SIMD and without threads: the face finder needs SIMD anyway, and threads break a strict page policy.
 */
const IDENTITY: Readonly<Record<string, string>> = {
  'face_recognition_model-weights_manifest.json':
    '@vladmandic/face-api/model/face_recognition_model-weights_manifest.json',
  'face_recognition_model.bin': '@vladmandic/face-api/model/face_recognition_model.bin',
  'tfjs-backend-wasm-simd.wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
};

/**
 * An object model of the institution's own choice (phone, book, headphones), with its own metadata. Not part of the
 * project: where there is none, objects are not looked for.
 */
const OBJECT_MODEL = 'objects.tflite';

/** What a page needs to say how much of them has come: bytes by name. Served, unlike `prepared.json`. */
export const SIZES_FILE = 'sizes.json';
/** Compressed beside the file itself, for servers that send it so. */
export const COMPRESSED = '.br';
/** A file that is hardly smaller is sent as it is. */
const WORTH_IT = 0.95;

/** Raise it when the written bytes change although their sources do not. */
const RECIPE = 2;

const ROOT = join(import.meta.dirname, '../..');

export interface PreparedVision {
  /** Absolute path of the folder to serve as the worker's asset base. */
  readonly folder: string;
  /** Names of the files written now; empty when all was up to date. */
  readonly written: readonly string[];
}

/**
 * Writes the face models (with the metadata that the runtime asks for), the model of descriptors and both WASM
 * runtimes to `assets/generated/vision/`, each also compressed where that helps. Quick when nothing changed: it
 * compares sizes and versions only.
 *
 * @param folder where to write; the project's own folder when left out. What else is in it goes.
 * @param quality of the compression, 1 to 11.
 * @param extras folder in which the institution may have put `objects.tflite`.
 * @throws Error when the packages are not installed or a model is not what it should be.
 */
export async function prepareVision(
  folder = join(ROOT, 'assets/generated/vision'),
  models = PRODUCT_MODELS,
  extras = join(ROOT, 'assets/models'),
  quality = QUALITY,
): Promise<PreparedVision> {
  const modules = join(ROOT, 'node_modules');
  const vendor = join(modules, '@mediapipe');
  const objectModel = await readFile(join(extras, OBJECT_MODEL)).catch(() => null);
  const stamp = await fingerprint(modules, models, objectModel);
  const stampFile = join(folder, 'prepared.json');
  if (await isUpToDate(folder, stampFile, stamp)) return { folder, written: [] };

  await mkdir(folder, { recursive: true });
  const sizes: Record<string, number> = {};
  const metadata = buildModelMetadata({ mean: 127.5, std: 127.5 });
  for (const [name, source] of Object.entries(models)) {
    const model = await readFile(join(vendor, 'face_detection', source));
    sizes[name] = await writeWhole(join(folder, name), withModelMetadata(model, metadata));
  }
  for (const name of WASM) {
    sizes[name] = await writeWhole(
      join(folder, name),
      await readFile(join(vendor, 'tasks-vision/wasm', name)),
    );
  }
  for (const [name, source] of Object.entries(IDENTITY)) {
    sizes[name] = await writeWhole(join(folder, name), await readFile(join(modules, source)));
  }
  if (objectModel !== null) {
    sizes[OBJECT_MODEL] = await writeWhole(join(folder, OBJECT_MODEL), objectModel);
  }
  const plain = new TextEncoder().encode(JSON.stringify(sizes));
  await Promise.all(
    Object.keys(sizes).map(async (name) => {
      const bytes = await readFile(join(folder, name));
      const small = await compress(bytes, quality);
      if (small.length > bytes.length * WORTH_IT) return;
      sizes[name + COMPRESSED] = await writeWhole(join(folder, name + COMPRESSED), small);
    }),
  );
  sizes[SIZES_FILE] = await writeWhole(join(folder, SIZES_FILE), plain);
  for (const name of await readdir(folder)) {
    if (!(name in sizes)) await rm(join(folder, name), { force: true });
  }
  // Last, so that an interrupted run is repeated.
  await writeWhole(stampFile, new TextEncoder().encode(JSON.stringify({ stamp, sizes }, null, 2)));
  return { folder, written: Object.keys(sizes) };
}

/** What the output depends on: the packages' versions and this recipe. */
async function fingerprint(
  modules: string,
  models: Models,
  objectModel: Uint8Array | null,
): Promise<string> {
  const packages = [
    '@mediapipe/face_detection',
    '@mediapipe/tasks-vision',
    '@vladmandic/face-api',
    '@tensorflow/tfjs-backend-wasm',
  ];
  const versions = await Promise.all(
    packages.map((name) => readFile(join(modules, name, 'package.json'))),
  );
  const hash = createHash('sha256').update(`${RECIPE}`).update(JSON.stringify(models));
  for (const version of versions) hash.update(version);
  if (objectModel !== null) hash.update(objectModel);
  return hash.digest('hex');
}

async function isUpToDate(folder: string, stampFile: string, stamp: string): Promise<boolean> {
  try {
    const known: unknown = JSON.parse(await readFile(stampFile, 'utf8'));
    if (typeof known !== 'object' || known === null) return false;
    if (!('stamp' in known) || known.stamp !== stamp) return false;
    if (!('sizes' in known) || typeof known.sizes !== 'object' || known.sizes === null)
      return false;
    for (const [name, size] of Object.entries(known.sizes)) {
      if ((await stat(join(folder, name))).size !== size) return false;
    }
    return true;
  } catch {
    return false; // missing or unreadable: write it anew
  }
}

const brotli = promisify(brotliCompress);

/** It takes two seconds for all; the best (11) makes an eighth less of it and takes twenty. */
const QUALITY = 9;
const compress = (bytes: Uint8Array, quality: number): Promise<Uint8Array> =>
  brotli(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

/** A reader never sees half a file: two set-ups may run side by side. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<number> {
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, bytes);
  await rename(part, path);
  return bytes.length;
}

if (import.meta.main) {
  const { written } = await prepareVision();
  console.log(written.length === 0 ? 'vision: up to date' : `vision: wrote ${written.join(', ')}`);
}
