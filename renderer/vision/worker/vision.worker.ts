import { lumaOf, lumaStatistics } from '#renderer/vision/measure/picture-quality.ts';
import { createStructureMemory } from '#renderer/vision/measure/structure.ts';
import { captureFace, type FaceDescriber } from '#renderer/vision/worker/capture-face.ts';
import { FaceFinder, type VisionParts } from '#renderer/vision/worker/face-finder.ts';
import { FramePainter } from '#renderer/vision/worker/frame-painter.ts';
import { largest } from '#renderer/vision/worker/largest.ts';
import { ObjectFinder } from '#renderer/vision/worker/object-finder.ts';
import type { FoundObject } from '#shared/incident/camera-sample.ts';
import type { VisionReply, VisionRequest } from './vision-messages.ts';

declare const self: DedicatedWorkerGlobalScope;

const painter = new FramePainter();
let base = '';
let finder: FaceFinder | undefined;
let describer: FaceDescriber | null = null;
let objects: ObjectFinder | null = null;
/** What was looked at last, with its place in the camera's own count of time. */
let previous: { readonly luma: Uint8Array; readonly timestamp: number } | null = null;
const structures = createStructureMemory();

type Looking = Extract<VisionRequest, { type: 'look' | 'capture' | 'still' }>;

self.onmessage = ({ data }: MessageEvent<VisionRequest>) => {
  switch (data.type) {
    case 'load':
      base = data.base;
      FaceFinder.load(base, (fraction) => reply({ type: 'progress', fraction })).then((loaded) => {
        finder = loaded.finder;
        reply({ type: 'ready' });
        void loadObjects(loaded);
      }, fail);
      break;
    case 'load-identity':
      loadDescriber().then(
        (loaded) => {
          describer = loaded;
          reply({ type: 'identity-ready' });
        },
        // Who cannot be told apart can still be seen: the watch goes on.
        (error: unknown) => reply({ type: 'identity-failed', reason: reasonOf(error) }),
      );
      break;
    default:
      void serve(data).catch(fail);
  }
};

/** After all else, and optional: faces are watched whether or not there is a model for objects, or a good one. */
async function loadObjects({ files, runtime }: VisionParts): Promise<void> {
  try {
    objects = await ObjectFinder.load(files, runtime);
  } catch (error) {
    reply({ type: 'objects-failed', reason: reasonOf(error) });
  }
}

async function loadDescriber(): Promise<FaceDescriber> {
  const { startFaceNet } = await import('#renderer/vision/worker/face-net.ts');
  return startFaceNet(base);
}

/** Does what is asked with the frame, and closes it whatever happens. */
async function serve(request: Looking): Promise<void> {
  try {
    if (request.type === 'still') await still(request);
    else if (!finder) throw new Error('asked to look before the models were there');
    else if (request.type === 'look') look(request, finder);
    else await capture(request, finder);
  } finally {
    request.frame.close();
  }
}

function look({ id, frame }: Looking, eyes: FaceFinder): void {
  const started = performance.now();
  const picture = painter.pixels(frame);
  const luma = lumaOf(picture);
  const faces = eyes.find(picture).map(({ face }) => face);
  const statistics = lumaStatistics(
    luma,
    // The same frame once more is no picture that stands still.
    previous?.timestamp === frame.timestamp ? null : (previous?.luma ?? null),
    largest(faces, (face) => face),
  );
  previous = { luma, timestamp: frame.timestamp };
  const seen = { ...statistics, likeness: structures.look(luma, statistics) };
  const lookMs = performance.now() - started;
  const found = findObjects(picture);
  reply({ type: 'looked', id, faces, objects: found, luma: seen, lookMs });
}

function findObjects(picture: ImageData): FoundObject[] | undefined {
  try {
    return objects?.find(picture);
  } catch (error) {
    objects = null;
    reply({ type: 'objects-failed', reason: reasonOf(error) });
    return undefined;
  }
}

async function capture({ id, frame }: Looking, eyes: FaceFinder): Promise<void> {
  const started = performance.now();
  const found = await captureFace(frame, painter, eyes, describer);
  if (found.problem !== null) {
    describer = null;
    reply({ type: 'identity-failed', reason: reasonOf(found.problem) });
  }
  const captureMs = performance.now() - started;
  reply({
    type: 'captured',
    id,
    capture: found.capture,
    captureMs,
    descriptorMs: found.descriptorMs,
  });
}

async function still({ id, frame, size }: Extract<Looking, { type: 'still' }>): Promise<void> {
  try {
    const jpeg = await painter.jpeg(frame, size);
    reply({ type: 'still', id, jpeg }, [jpeg.buffer]);
  } catch {
    // No picture is a fact of its own; it does not stop the watch.
    reply({ type: 'still', id, jpeg: null });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fail(error: unknown): void {
  reply({ type: 'failed', reason: reasonOf(error) });
}

function reply(message: VisionReply, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}
