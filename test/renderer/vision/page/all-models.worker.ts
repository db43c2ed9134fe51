import { FaceDetector, FilesetResolver } from '@mediapipe/tasks-vision';
import { FramePainter } from '#renderer/vision/worker/frame-painter.ts';

/** Each model's raw findings, in pixels of the small picture that the product looks at. */
export interface ModelFindings {
  readonly model: string;
  readonly findings: readonly {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly score: number;
    /** In BlazeFace's order. */
    readonly points: readonly { readonly x: number; readonly y: number }[];
  }[];
}

const painter = new FramePainter();
const detectors = new Map<string, FaceDetector>();

self.onmessage = async ({
  data,
}: MessageEvent<{ base: string; models: string[]; minScore: number } | { picture: Blob }>) => {
  if ('base' in data) {
    const fileset = await FilesetResolver.forVisionTasks(data.base.replace(/\/$/, ''), true);
    const runtime: unknown = await import(/* @vite-ignore */ String(fileset.wasmLoaderPath));
    for (const model of data.models) {
      Object.assign(globalThis, { ModuleFactory: Reflect.get(Object(runtime), 'default') });
      const detector = await FaceDetector.createFromOptions(fileset, {
        baseOptions: { modelAssetPath: `${data.base}${model}.tflite`, delegate: 'CPU' },
        runningMode: 'IMAGE',
        minDetectionConfidence: data.minScore,
      });
      detectors.set(model, detector);
    }
    self.postMessage('ready');
    return;
  }
  const bitmap = await createImageBitmap(data.picture);
  const frame = new VideoFrame(bitmap, { timestamp: 0 });
  const picture = painter.pixels(frame);
  frame.close();
  bitmap.close();
  const all: ModelFindings[] = [...detectors].map(([model, detector]) => ({
    model,
    findings: detector.detect(picture).detections.flatMap((found) => {
      const box = found.boundingBox;
      if (!box) return [];
      return [
        {
          x: box.originX,
          y: box.originY,
          width: box.width,
          height: box.height,
          score: found.categories[0]?.score ?? 0,
          points: found.keypoints.map((p) => ({ x: p.x * picture.width, y: p.y * picture.height })),
        },
      ];
    }),
  }));
  self.postMessage(all);
};
