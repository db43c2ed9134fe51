import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import type { Form, Ticket } from '#shared/exam/ticket.ts';
import type { CaptureAdvice } from '#shared/identity/capture-quality.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { CheckOutcome } from '#shared/identity/identity-facts.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { ConnectionFault } from '#shared/kernel/connection-fault.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { HostCapabilities, KioskAction, Requirement } from '#shared/wire/kiosk-view.ts';

/** What the screens show: one snapshot, replaced as a whole at every change. Plain data, so that it crosses IPC. */
export interface KioskView {
  /** `not-enrolled` and `signed-out` come before there is an attempt; then the attempt's phase decides. */
  readonly stage: 'starting' | 'not-enrolled' | 'signed-out' | 'attempt';
  readonly device: { readonly id: string; readonly name: string } | null;
  /** Whose examinations these are; null before the server was heard, or where nobody has named it. */
  readonly institution: string | null;
  readonly connection: {
    readonly online: boolean;
    /** Not known yet: nobody has answered and nothing has failed since this began. */
    readonly looking: boolean;
    /** Why the server does not answer, where it is known; null while it does. */
    readonly fault: ConnectionFault | null;
    /** Entries stored on the device that the server has not acknowledged. */
    readonly pending: number;
    readonly latencyMs: number | null;
  };
  /** Server time minus the device's wall clock, ms; null until the server was heard. */
  readonly clockOffsetMs: number | null;
  readonly ticket: Ticket | null;
  /** The questions; null until the start. */
  readonly form: Form | null;
  readonly requirements: readonly Requirement[];
  readonly attempt: AttemptState | null;
  /** Highest sequence stored durably on the device, and acknowledged by the server. */
  readonly savedSeq: number;
  readonly sentSeq: number;
  /** Device wall time at which the examinee's time ends; null while it stands still or before the start. */
  readonly endsAt: EpochMs | null;
  /** Time left while the clock stands still (paused, closed), ms; null while it runs. */
  readonly frozenRemainingMs: number | null;
  /** Things that will become incidents unless they stop, with when (device wall time). */
  readonly warnings: readonly {
    readonly kind: IncidentKind;
    readonly countsAt: EpochMs;
    readonly counts: boolean;
  }[];
  /** The identity check, from the framing's end to the waiting room; null in every other phase. */
  readonly identity: IdentityView | null;
  /** A view of the room that was asked for; null when none is open. */
  readonly roomScan: RoomScanView | null;
  /** How often the page should send a `FaceCapture`, ms; null when none is wanted. */
  readonly captureEveryMs: number | null;
  /** Device wall time at which the camera begins to count, once the gate is passed and it gave a good picture; else null. */
  readonly cameraCountsAt: EpochMs | null;
  /** The last failure of something that the person did not start (storage, chain). */
  readonly problem: Problem | null;
}

/** Where the identity check stands. What was decided is in the attempt (`attempt.identity`). */
export interface IdentityView {
  readonly stage: /** Nothing runs: press the button (or read what the last check found). */
    | 'ready'
    /** Looking for good pictures, face forward; `advice` says what to mend. */
    | 'looking'
    /** Turn the head to `turn`, which is the examinee's own left or right. */
    | 'turn'
    /** Look at the camera again. */
    | 'back'
    /** A last look, then the answer. */
    | 'ending';
  readonly turn: 'left' | 'right' | null;
  /** How many turns are done, and how many are asked for in all; 0 of 0 without a challenge. */
  readonly turnsDone: number;
  readonly turnsAsked: number;
  readonly advice: CaptureAdvice | null;
  /** Device wall time at which this stage gives up; null when nothing runs. */
  readonly endsAt: EpochMs | null;
  /** What the last finished check found; null before the first. */
  readonly lastOutcome: CheckOutcome | null;
  /** Checks that the examinee may still begin without a person. */
  readonly triesLeft: number;
}

export interface RoomScanView {
  readonly stage: 'asked' | 'running';
  /** Why the proctor asked, in the proctor's words. */
  readonly reason: string;
  readonly from: string;
  /** Pictures taken, and how many there will be. */
  readonly taken: number;
  readonly wanted: number;
  /** Device wall time at which it counts as not shown (`asked`) or is done (`running`). */
  readonly endsAt: EpochMs;
}

/**
 * The one port between the kiosk's screens and the machine. Adapters: the Electron preload bridge and
 * the plain web page; both run the same engine (`shared/kiosk/`), in the main process and in the page.
 * What a host cannot do is in its capabilities; nothing here throws "not implemented".
 */
export interface KioskHost {
  capabilities(): Promise<HostCapabilities>;
  /** Calls `listener` with the current view at once and with every later one. Returns how to stop. */
  subscribe(listener: (view: KioskView) => void): () => void;
  /** Does what a person asked for. Resolves when it is stored (answers: durable on the device). */
  perform(action: KioskAction): Promise<Result<null, Problem>>;
  /** What the camera saw, 1-5 times a second, while there is an attempt that uses the camera. */
  reportCamera(sample: CameraSample): void;
  /** The latest picture as JPEG, about once a second: kept in memory, stored only as evidence of an incident. */
  offerStill(jpeg: Uint8Array): void;
  /** A frame looked at for identity, as often as `captureEveryMs` of the view says. Kept in memory only. */
  reportIdentity(capture: FaceCapture): void;
}
