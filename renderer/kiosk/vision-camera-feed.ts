import { CameraWatch } from '#renderer/vision/camera.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { fail, ok } from '#shared/kernel/result.ts';
import {
  type CameraChoice,
  camerasOfMachine,
  rememberCamera,
  rememberedCamera,
} from './camera-choice.ts';
import type { CameraFeed, VisionLoading } from './camera-feed.ts';

/** The feed, and the watch behind it for whoever measures. */
export interface VisionCameraFeed extends CameraFeed {
  readonly watch: CameraWatch;
  /** Whether the face models are loaded. */
  visionReady(): boolean;
}

/**
 * The real camera behind the screens' interface.
 * @param assetBase address of the folder with the vision files, relative to the page.
 */
export const createVisionCameraFeed = (assetBase: string): VisionCameraFeed => {
  const listeners = new Set<(sample: CameraSample) => void>();
  const videos = new Set<HTMLVideoElement>();
  const loadingListeners = new Set<(loading: VisionLoading) => void>();
  let ready = false;
  let loading: VisionLoading = { progress: null, identity: 'off' };
  let toldIdentityFailure = false;

  const setLoading = (change: Partial<VisionLoading>): void => {
    loading = { ...loading, ...change };
    for (const listener of loadingListeners) listener(loading);
  };
  const watch = new CameraWatch({
    assetBase,
    onSample: (sample) => {
      for (const listener of listeners) listener(sample);
    },
    onVisionState: (state, reason) => {
      ready = state === 'ready';
      if (state === 'failed') console.error('vision failed', reason);
      setLoading({ progress: ready ? 1 : null });
    },
    onVisionProgress: (progress) => {
      if (!ready) setLoading({ progress });
    },
    onIdentityState: (identity, reason) => {
      // It is tried again now and then; once is enough for the log.
      if (identity === 'failed' && !toldIdentityFailure) {
        toldIdentityFailure = true;
        console.error('identity model failed', reason);
      }
      setLoading({ identity });
    },
  });

  const connect = (video: HTMLVideoElement): void => {
    video.srcObject = watch.stream;
    // Rejected when the element leaves the page before it plays; nothing is lost then.
    if (watch.stream !== null) void video.play().catch(() => undefined);
  };

  const usedCamera = (): string | null =>
    watch.stream?.getVideoTracks()[0]?.getSettings().deviceId ?? null;
  const cameraListeners = new Set<(choice: CameraChoice) => void>();
  const tellCameras = async (): Promise<void> => {
    const all = await camerasOfMachine();
    for (const listener of cameraListeners) listener({ all, usedId: usedCamera() });
  };
  navigator.mediaDevices?.addEventListener('devicechange', () => void tellCameras());

  const open = async (id: string | undefined): ReturnType<CameraFeed['start']> => {
    const result = await watch.start(id);
    if (!result.ok) return result;
    for (const video of videos) connect(video);
    void tellCameras();
    return ok(null);
  };

  return {
    watch,
    visionReady: () => ready,
    start: () => open(rememberedCamera()),
    onCameras: (listener) => {
      cameraListeners.add(listener);
      void tellCameras();
      return () => cameraListeners.delete(listener);
    },
    chooseCamera: async (id) => {
      const result = await open(id);
      if (!result.ok) return result;
      // Unplugged a moment ago: another one was opened instead.
      if (usedCamera() !== id) return fail('missing');
      rememberCamera(id);
      return result;
    },
    stop: () => {
      watch.stop();
      for (const video of videos) video.srcObject = null;
    },
    onSample: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show: (video) => {
      videos.add(video);
      connect(video);
      return () => {
        videos.delete(video);
        video.srcObject = null;
      };
    },
    still: () => watch.still(),
    portrait: () => watch.still('whole'),
    capture: () => watch.capture(),
    prepareIdentity: () => watch.prepareIdentity(),
    onLoading: (listener) => {
      loadingListeners.add(listener);
      listener(loading);
      return () => loadingListeners.delete(listener);
    },
  };
};
