import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { type FramingAdvice, framingAdvice } from '#shared/incident/framing-advice.ts';
import type { KioskHost } from '#shared/ports/kiosk-host.port.ts';
import type { CameraFeed } from './camera-feed.ts';
import { cameraWanted, identityModelWanted, policyOf } from './selectors.ts';
import type { KioskStore } from './store.ts';

/** How often a still is offered as possible evidence, ms. */
const STILL_EVERY_MS = 1_000;
/** How often a camera that cannot be used is reported and, less often, tried again, ms. */
const FAULT_EVERY_MS = 1_000;
const RETRY_EVERY_MS = 5_000;
/** Drivers that hang come back when the camera is opened anew: after so long without frames, ms. */
const FRAMELESS_MS = 8_000;

/** What the host is told while the camera cannot be used at all: the rules then know that it is off. */
const NO_CAMERA: CameraSample = { ageMs: 0, status: 'ended', faces: [], luma: null };

export interface CameraDuty {
  /** Tries the camera again now, because the person asked for it. */
  retry(): void;
  stop(): void;
}

/**
 * Runs the camera whenever the attempt asks for it: samples, stills and captures go to the host, the screens
 * learn the state, a camera that failed is tried again by itself. No screen decides about it, so that
 * none can forget it.
 * @param now a monotonic clock, ms.
 */
export const startCameraDuty = (
  host: KioskHost,
  feed: CameraFeed,
  store: KioskStore,
  now: () => number = () => performance.now(),
): CameraDuty => {
  let wanted = false;
  let starting = false;
  let lastSample: CameraSample | null = null;
  let okSince: number | null = null;
  let framelessSince: number | null = null;
  let lastTry = 0;
  let lastSampleAt = Number.NEGATIVE_INFINITY;
  /** Whether the camera has given a picture since it was wanted: one that never did is not one that was switched off. */
  let worked = false;

  /** @param beside a camera that is open gives no frames: opening it anew may help, and a failure says nothing new of it. */
  const begin = async (beside = false): Promise<void> => {
    if (starting) return;
    starting = true;
    lastTry = now();
    if (store.getState().camera.status === 'off') store.setCamera({ status: 'starting' });
    const result = await feed.start().catch(() => ({ ok: false, error: 'failed' }) as const);
    starting = false;
    if (!wanted) {
      feed.stop();
      return;
    }
    if (beside && !result.ok && (result.error === 'in-use' || result.error === 'failed')) return;
    store.setCamera(
      result.ok
        ? { status: 'on', advice: null, okForMs: 0 }
        : { status: 'fault', fault: result.error },
    );
  };

  const end = (): void => {
    feed.stop();
    lastSample = null;
    okSince = null;
    framelessSince = null;
    worked = false;
    store.setCamera({ status: 'off' });
  };

  const captures = captureClock(async () => {
    const capture = await feed.capture();
    if (capture !== null && wanted) host.reportIdentity(capture);
  });
  const offLoading = feed.onLoading((loading) => store.setVision(loading));

  const offSample = feed.onSample((sample) => {
    if (!wanted) return;
    lastSample = sample;
    lastSampleAt = now();
    if (sample.status === 'ok') worked = true;
    framelessSince = sample.status === 'no-frames' ? (framelessSince ?? now()) : null;
    host.reportCamera(sample);
    // Why the camera cannot be opened says more than that it is gone.
    if (sample.status === 'ended' && store.getState().camera.status === 'fault') return;
    const advice: FramingAdvice = framingAdvice(sample, policyOf(store.getState().view));
    okSince = advice === 'ok' ? (okSince ?? now()) : null;
    store.setCamera({
      status: 'on',
      advice,
      okForMs: okSince === null ? 0 : now() - okSince,
    });
  });

  const stills = setInterval(() => {
    // Forgotten when the camera is given back, so there are no stills without a picture to judge.
    if (lastSample?.status !== 'ok') return;
    void feed.still().then((jpeg) => {
      if (jpeg !== null && wanted) host.offerStill(jpeg);
    });
  }, STILL_EVERY_MS);

  const faults = setInterval(() => {
    if (wanted && framelessSince !== null && now() - framelessSince >= FRAMELESS_MS) {
      framelessSince = now();
      void begin(true);
    }
    const faulty = store.getState().camera.status === 'fault';
    if (!wanted || !(faulty || lastSample?.status === 'ended')) return;
    if (now() - lastSampleAt >= FAULT_EVERY_MS) host.reportCamera({ ...NO_CAMERA, worked });
    if (now() - lastTry >= RETRY_EVERY_MS) void begin();
  }, FAULT_EVERY_MS);

  const follow = (): void => {
    const { view } = store.getState();
    const next = cameraWanted(view);
    if (next !== wanted) {
      wanted = next;
      if (wanted) void begin();
      else end();
    }
    if (identityModelWanted(view)) feed.prepareIdentity();
    captures.every(wanted ? (view?.captureEveryMs ?? null) : null);
  };
  const offStore = store.subscribe(follow);
  follow();

  return {
    retry: () => {
      if (wanted) void begin();
    },
    stop: () => {
      wanted = false;
      offStore();
      offSample();
      clearInterval(stills);
      clearInterval(faults);
      captures.every(null);
      offLoading();
      feed.stop();
    },
  };
};

/** Calls `take` again and again, never while the call before is still under way. */
const captureClock = (take: () => Promise<void>) => {
  let everyMs: number | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  let busy = false;
  const tick = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    // One that failed is one less; the next is due soon.
    await take().catch(() => undefined);
    busy = false;
  };
  return {
    /** @param ms from now on, the first one at once; null for none. */
    every: (ms: number | null): void => {
      if (ms === everyMs) return;
      everyMs = ms;
      clearInterval(timer);
      if (ms === null) return;
      void tick();
      timer = setInterval(() => void tick(), ms);
    },
  };
};
