import type { VisionLoading } from '#renderer/kiosk/camera-feed.ts';
import type { CaptureAdvice } from '#shared/identity/capture-quality.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import { CAPTURES } from '#shared/wire/enrolment.ts';
import { type CaptureHistory, chooseCapture, NO_CAPTURES, withTaken } from './capture-choice.ts';
import type { FaceFeed } from './face-feed.ts';
import { cutPortrait } from './picture-cut.ts';

/** Why there is nothing to look at: `lost` when the picture stopped, `vision` when the face finder does not load. */
export type FaceFault = 'insecure' | 'denied' | 'missing' | 'in-use' | 'failed' | 'lost' | 'vision';

/** What was taken: the frames' measurements, and the picture of the sharpest of them. */
export interface TakenFaces {
  readonly captures: readonly FaceCapture[];
  readonly portrait: Uint8Array;
}

export type FaceRunState =
  /** @param progress of what has to be loaded, 0..1; null while that is not known. */
  | { readonly phase: 'starting'; readonly progress: number | null }
  | { readonly phase: 'fault'; readonly fault: FaceFault }
  | { readonly phase: 'looking'; readonly advice: CaptureAdvice | null; readonly count: number };

export interface FaceRun {
  stop(): void;
}

/** Between two looks, ms: each costs a descriptor, and the person's browser has more to do. */
const LOOK_EVERY_MS = 200;
/** So long a camera may give nothing before it counts as lost, ms. */
const LOST_MS = 3_000;

/**
 * Opens the camera and takes good frames by itself until there are enough. Frames with two people in them are
 * never taken, nor any right after.

 */
export const startFaceRun = ({
  feed,
  onState,
  onTaken,
  now = () => performance.now(),
  secure = isSecureContext,
}: {
  feed: FaceFeed;
  onState: (state: FaceRunState) => void;
  /** Each time enough were taken: from the least number on, up to the most. */
  onTaken: (taken: TakenFaces, complete: boolean) => void;
  now?: () => number;
  secure?: boolean;
}): FaceRun => {
  let stopped = false;
  let cameraFault: FaceFault | null = null;
  let modelFault: FaceFault | null = null;
  let goodSampleAt = now();
  /** Without the identity model every frame would seem blurred. */
  let modelReady = false;
  let history: CaptureHistory = NO_CAPTURES;
  let best: { readonly portrait: Uint8Array; readonly sharpness: number } | null = null;

  const say = (state: FaceRunState): void => {
    if (!stopped) onState(state);
  };
  const fault = (): FaceFault | null => cameraFault ?? modelFault;
  const sayFault = (): void => {
    const now = fault();
    if (now !== null) say({ phase: 'fault', fault: now });
  };
  const heard = ({ status }: CameraSample): void => {
    if (status === 'ok') {
      goodSampleAt = now();
      cameraFault = null;
    } else if (status === 'vision-failed') cameraFault = 'vision';
    else if (now() - goodSampleAt > LOST_MS) cameraFault = 'lost';
    sayFault();
  };
  const loaded = ({ progress, identity }: VisionLoading): void => {
    modelReady = identity === 'ready';
    modelFault = identity === 'failed' ? 'vision' : null;
    if (modelFault === null && !modelReady) say({ phase: 'starting', progress });
    sayFault();
  };
  const pause = (): Promise<void> => new Promise((done) => setTimeout(done, LOOK_EVERY_MS));

  /** Takes the picture between two good frames: whoever is in it was alone before and after. */
  const take = async (first: FaceCapture): Promise<void> => {
    const whole = await feed.portrait();
    const after = await feed.capture();
    if (stopped || whole === null || after === null) return;
    const confirmed = chooseCapture(history, after, now());
    history = confirmed.history;
    if (!confirmed.take) {
      say({ phase: 'looking', advice: confirmed.advice, count: history.taken.length });
      return;
    }
    const portrait = after.face === null ? null : await cutPortrait(whole, after.face);
    if (stopped || portrait === null) return;
    history = withTaken(history, after, now());
    const sharpness = Math.min(first.sharpness, after.sharpness);
    if (best === null || sharpness > best.sharpness) best = { portrait, sharpness };
    const count = history.taken.length;
    say({ phase: 'looking', advice: null, count });
    if (count < CAPTURES.least) return;
    const complete = count === CAPTURES.most;
    if (complete) stopped = true;
    onTaken({ captures: history.taken, portrait: best.portrait }, complete);
  };

  const run = async (): Promise<void> => {
    // Browsers give no camera to a page that came without encryption, and do not say why.
    if (!secure) return say({ phase: 'fault', fault: 'insecure' });
    say({ phase: 'starting', progress: null });
    feed.prepareIdentity();
    const opened = await feed.start().catch(() => ({ ok: false, error: 'failed' }) as const);
    if (stopped) return feed.stop();
    if (!opened.ok) return say({ phase: 'fault', fault: opened.error });
    goodSampleAt = now();
    const listeners = [feed.onSample(heard), feed.onLoading(loaded)];
    while (!stopped) {
      const capture = await feed.capture().catch(() => null);
      if (stopped) break;
      if (capture !== null && fault() === null && modelReady) {
        const choice = chooseCapture(history, capture, now());
        history = choice.history;
        if (choice.take) await take(capture);
        else say({ phase: 'looking', advice: choice.advice, count: history.taken.length });
      }
      await pause();
    }
    for (const end of listeners) end();
    feed.stop();
  };
  void run();
  return {
    stop: () => {
      stopped = true;
      feed.stop();
    },
  };
};
