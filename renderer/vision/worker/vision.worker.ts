import { lumaOf, lumaStatistics } from '#renderer/vision/picture-quality.ts';
import type { VisionReply, VisionRequest } from '#renderer/vision/vision-messages.ts';
import { FaceFinder } from '#renderer/vision/worker/face-finder.ts';
import { FramePainter } from '#renderer/vision/worker/frame-painter.ts';
import type { Face } from '#shared/incident/camera-sample.ts';

declare const self: DedicatedWorkerGlobalScope;

const painter = new FramePainter();
let finder: FaceFinder | undefined;
let previousLuma: Uint8Array | null = null;

self.onmessage = ({ data }: MessageEvent<VisionRequest>) => {
  switch (data.type) {
    case 'load':
      FaceFinder.load(data.base).then((loaded) => {
        finder = loaded;
        reply({ type: 'ready' });
      }, fail);
      break;
    case 'look':
      try {
        look(data.id, data.frame);
      } catch (error) {
        fail(error);
      }
      break;
    case 'still':
      void still(data.id, data.frame);
      break;
  }
};

function look(id: number, frame: VideoFrame): void {
  const started = performance.now();
  try {
    if (!finder) throw new Error('asked to look before the models were there');
    const picture = painter.pixels(frame);
    const luma = lumaOf(picture);
    const faces = finder.find(picture);
    const statistics = lumaStatistics(luma, previousLuma, largest(faces));
    previousLuma = luma;
    const lookMs = performance.now() - started;
    reply({ type: 'looked', id, faces, luma: statistics, lookMs });
  } finally {
    frame.close();
  }
}

async function still(id: number, frame: VideoFrame): Promise<void> {
  try {
    const jpeg = await painter.jpeg(frame);
    reply({ type: 'still', id, jpeg }, [jpeg.buffer]);
  } catch {
    // No picture is a fact of its own; it does not stop the watch.
    reply({ type: 'still', id, jpeg: null });
  } finally {
    frame.close();
  }
}

function largest(faces: readonly Face[]): Face | null {
  let found: Face | null = null;
  for (const face of faces) {
    if (!found || face.width * face.height > found.width * found.height) found = face;
  }
  return found;
}

function fail(error: unknown): void {
  reply({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
}

function reply(message: VisionReply, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}
