import { FaceDetector, FilesetResolver } from '@mediapipe/tasks-vision';

/** The baseline of the bench: the detector's own call and nothing else, as its makers document it. */
let detector: FaceDetector | undefined;

self.onmessage = async ({ data }: MessageEvent<{ base: string } | { frame: VideoFrame }>) => {
  if ('base' in data) {
    const fileset = await FilesetResolver.forVisionTasks(data.base.replace(/\/$/, ''), true);
    detector = await FaceDetector.createFromOptions(fileset, {
      baseOptions: { modelAssetPath: `${data.base}face-full-range.tflite`, delegate: 'CPU' },
      runningMode: 'VIDEO',
    });
    self.postMessage({ ready: true });
    return;
  }
  const started = performance.now();
  detector?.detectForVideo(data.frame, started);
  const callMs = performance.now() - started;
  data.frame.close();
  self.postMessage({ callMs });
};
