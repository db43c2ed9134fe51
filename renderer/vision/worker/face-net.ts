import { env, FaceRecognitionNet, tf } from '@vladmandic/face-api';
import { ALIGNED_SIDE } from '#renderer/vision/measure/face-alignment.ts';
import type { FaceDescriber } from '#renderer/vision/worker/capture-face.ts';
import { DESCRIPTOR_LENGTH } from '#shared/identity/face-capture.ts';

/** Both come with the vision files (`tools/bundle/prepare-vision.ts`). */
const MANIFEST = 'face_recognition_model-weights_manifest.json';
const WEIGHTS = 'face_recognition_model.bin';
/**
 * SHA-256 of the weights. Spoilt ones would still give numbers, and these would fit nobody's template;
 * other ones would need another name than `TEMPLATE_MODEL`.
 */
const WEIGHTS_HASH = 'b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589';

/** What of the runtime is in the package's code and not in its types. */
interface Runtime {
  env(): { set(flag: string, value: boolean): void };
  setWasmPaths(folder: string): void;
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
}

/**
 * The one place that knows the library: its recognition net alone, on WASM, fed with pictures that are
 * aligned already (its own detector would cost seven times as much). A part of the bundle that nobody
 * loads before it is wanted.
 *
 * @param base absolute address of the vision files, ending in a slash.
 * @throws Error when a file is missing or broken, or the runtime does not start.
 */
export async function startFaceNet(base: string): Promise<FaceDescriber> {
  setEnvironment();
  const runtime = tf as unknown as Runtime;
  runtime.setWasmPaths(base);
  // Threads would be a worker made of a blob: address, which the page's policy forbids.
  runtime.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await runtime.setBackend('wasm'))) throw new Error('the WASM backend did not start');
  await runtime.ready();

  const [manifest, weights] = await Promise.all([
    fetched(base + MANIFEST),
    fetched(base + WEIGHTS),
  ]);
  const groups = (await manifest.json()) as { weights: tf.io.WeightsManifestEntry[] }[];
  const bytes = await weights.arrayBuffer();
  if ((await hashOf(bytes)) !== WEIGHTS_HASH) throw new Error(`${WEIGHTS}: not as it was made`);
  const net = new FaceRecognitionNet();
  net.loadFromWeightMap(
    tf.io.decodeWeights(
      bytes,
      groups.flatMap((group) => group.weights),
    ),
  );

  const describe: FaceDescriber = async (picture) => {
    const rgb = rgbOf(picture);
    const input = tf.tensor3d(rgb, [ALIGNED_SIDE, ALIGNED_SIDE, 3]);
    try {
      const found = await net.computeFaceDescriptor(input);
      if (
        !(found instanceof Float32Array) ||
        found.length !== DESCRIPTOR_LENGTH ||
        !found.every(Number.isFinite)
      )
        throw new Error('the model gave no descriptor');
      return Array.from(found);
    } finally {
      input.dispose();
    }
  };
  // The first run prepares the kernels: somebody waits for the second one.
  await describe(new ImageData(ALIGNED_SIDE, ALIGNED_SIDE));
  return describe;
}

/** The library asks for a page's environment; a worker has the same under other names. */
function setEnvironment(): void {
  class None {}
  const nothing = () => {
    throw new Error('not in a worker');
  };
  const worker = {
    Canvas: OffscreenCanvas,
    CanvasRenderingContext2D: OffscreenCanvasRenderingContext2D,
    Image: None,
    ImageData,
    Video: None,
    createCanvasElement: () => new OffscreenCanvas(1, 1),
    createImageElement: nothing,
    createVideoElement: nothing,
    fetch: (url: string, init?: RequestInit) => fetch(url, init),
    readFile: nothing,
  };
  env.setEnv(worker as unknown as Parameters<typeof env.setEnv>[0]);
}

async function fetched(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

async function hashOf(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function rgbOf({ data }: ImageData): Float32Array {
  const rgb = new Float32Array(ALIGNED_SIDE * ALIGNED_SIDE * 3);
  for (let i = 0, p = 0; i < rgb.length; i += 3, p += 4) {
    rgb[i] = data[p] ?? 0;
    rgb[i + 1] = data[p + 1] ?? 0;
    rgb[i + 2] = data[p + 2] ?? 0;
  }
  return rgb;
}
