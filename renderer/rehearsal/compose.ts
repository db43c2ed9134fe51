import { createWebHost } from '#renderer/adapters/kiosk-host.web.ts';
import type { CameraFeed } from '#renderer/kiosk/camera-feed.ts';
import { createKiosk } from '#renderer/kiosk/kiosk.ts';
import type { Kiosk } from '#renderer/kiosk/kiosk-context.tsx';
import { createVisionCameraFeed } from '#renderer/kiosk/vision-camera-feed.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import { lookAtPictures } from './look-at-pictures.ts';
import type { Rehearsal } from './rehearsal.ts';

declare global {
  var rehearsal: Rehearsal | undefined;
}

/** How often the page looks whether something has come, ms. */
const LOOK_MS = 5;

const until = (there: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!there()) return;
      clearInterval(timer);
      resolve();
    }, LOOK_MS);
  });

/**
 * The kiosk with its camera held back until the script says so and the device's checks left out:
 * a clip is judged from its first frame on, and nothing before the exam may use up its time.
 */
export const composeRehearsal = async (): Promise<{ kiosk: Kiosk; rehearsal: Rehearsal }> => {
  const host = await createWebHost(__ATALAYA_VERSION__, async () => [
    { id: 'camera', outcome: 'not-watched', blocks: false },
  ]);
  const real = createVisionCameraFeed('../vision/');
  const gate = Promise.withResolvers<void>();
  const firstFrame = Promise.withResolvers<void>();
  /** Captures that the check of the face gets before the camera is open. */
  const prepared: FaceCapture[] = [];
  const feed: CameraFeed = {
    start: async () => {
      await gate.promise;
      return real.start();
    },
    stop: () => real.stop(),
    onSample: (listener) => real.onSample(listener),
    show: (video) => real.show(video),
    still: () => real.still(),
    portrait: () => real.portrait(),
    capture: async () => {
      const next = prepared.shift();
      if (next === undefined) return real.capture();
      if (prepared.length === 0) await firstFrame.promise;
      return next;
    },
    prepareIdentity: () => real.prepareIdentity(),
    onLoading: (listener) => real.onLoading(listener),
    onCameras: (listener) => real.onCameras(listener),
    chooseCamera: (id) => real.chooseCamera(id),
  };
  return {
    kiosk: createKiosk(host, feed),
    rehearsal: {
      perform: async (action) => {
        const outcome = await host.perform(action);
        if (!outcome.ok) throw new Error(`${action.type}: ${outcome.error.code}`);
      },
      prepareVision: async () => {
        real.watch.preload();
        await until(() => real.visionReady());
      },
      lookAt: (pictures, scale) => lookAtPictures(pictures, scale, '../vision/'),
      checkIdentityWith: (captures) => {
        prepared.push(...captures);
      },
      openCamera: async () => {
        gate.resolve();
        await until(() => real.watch.firstFrameAt !== null);
        firstFrame.resolve();
        return performance.timeOrigin + (real.watch.firstFrameAt ?? 0);
      },
    },
  };
};
