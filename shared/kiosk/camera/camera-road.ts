import {
  type FaceCapture,
  FaceCaptureSchema,
  type Template,
} from '#shared/identity/face-capture.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { Observation } from '#shared/incident/observation.ts';
import { check } from '#shared/kernel/schema.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { AttemptCore } from '#shared/kiosk/attempt/attempt-core.ts';
import { createRoomScan, type RoomScan } from '#shared/kiosk/attempt/room-scan.ts';
import {
  CHECK_EVERY_MS,
  createIdentityCheck,
  type IdentityCheck,
} from '#shared/kiosk/door/identity-check.ts';
import type { Saved, SavedAnchor } from '#shared/kiosk/saved.ts';
import type { CameraSight } from './camera-coverage.ts';
import { createCameraSight } from './camera-sight.ts';
import { createIdentityWatch } from './watch-person.ts';

/** How often somebody is looked at during the exam, ms. */
const WATCH_EVERY_MS = 10_000;

/** Where everything goes that the page's camera sends: samples, stills and frames looked at for identity. */
export interface CameraRoad {
  readonly identityCheck: IdentityCheck;
  readonly roomScan: RoomScan;
  /** How often a frame is wanted for identity, ms; null when none is. */
  captureEveryMs(): number | null;
  sample(sample: CameraSample): void;
  still(jpeg: Uint8Array): void;
  capture(capture: FaceCapture): void;
  /** To be called some times a second. */
  tick(t: ExamTime): void;
  /** What the camera is good for right now. */
  sight(t: ExamTime): CameraSight;
}

export const createCameraRoad = (options: {
  readonly core: AttemptCore;
  readonly template: Template | null;
  readonly saved: Saved;
  /** Whom a person let in, as it was kept before a restart. */
  readonly anchor: SavedAnchor | null;
  readonly cameraExempt: boolean;
  readonly onChange: () => void;
}): CameraRoad => {
  const { core, template, saved, anchor, onChange } = options;
  const { attemptId } = core.ticket;
  const sight = createCameraSight(
    core.state().seq === 0 ? core.ticket.identity : core.state().identity.settings,
  );
  const identityCheck = createIdentityCheck(core, template, onChange);
  const roomScan = createRoomScan(core, onChange);
  const watch = createIdentityWatch({ attemptId, state: core.state, template, saved, anchor });

  const isWatched = (): boolean => !options.cameraExempt && core.state().phase !== 'closed';
  const runs = (): boolean => core.state().phase === 'in-progress';
  const observeAll = (observations: readonly Observation[]): void => {
    for (const observation of observations) core.observe(observation);
  };
  /** When a frame was taken, in exam time. */
  const takenT = (t: ExamTime, ageMs: number): ExamTime => Math.max(0, Math.round(t - ageMs));

  const captureEveryMs = (): number | null => {
    const { phase, identity } = core.state();
    if (!isWatched() || identity.settings.check !== 'face') return null;
    if (phase === 'identity') return identityCheck.running() ? CHECK_EVERY_MS : null;
    return phase === 'in-progress' ? WATCH_EVERY_MS : null;
  };

  return {
    identityCheck,
    roomScan,
    captureEveryMs,
    sample: (sample) => {
      // What was seen right after a stall would be judged beside what was seen before it.
      if (!isWatched() || !core.alive()) return;
      const t = core.clock.now();
      sight.sample(sample, t);
      observeAll(core.camera.sample(sample, t));
      if (runs()) observeAll(watch.sample(sample, takenT(t, sample.ageMs)));
    },
    still: (jpeg) => {
      if (!isWatched()) return;
      const t = core.clock.now();
      core.stills.offer(jpeg, t, core.camera.others());
      const [still] = core.stills.latest(1);
      if (still?.t === t) roomScan.still(still);
    },
    capture: (capture) => {
      // A page that measures nonsense must not come near a comparison.
      if (captureEveryMs() === null || !check(FaceCaptureSchema, capture).ok) return;
      sight.capture(capture);
      const t = takenT(core.clock.now(), capture.ageMs);
      if (runs()) observeAll(watch.capture(capture, t));
      else identityCheck.capture(capture, t);
    },
    tick: (t) => {
      if (isWatched()) observeAll(core.camera.tick(t));
      identityCheck.tick(t);
      roomScan.tick(t);
    },
    sight: sight.sight,
  };
};
