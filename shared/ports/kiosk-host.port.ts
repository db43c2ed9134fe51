import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import type { Form, Ticket } from '#shared/exam/ticket.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { HostCapabilities, KioskAction, Requirement } from '#shared/wire/kiosk-view.ts';

/** What the screens show: one snapshot, replaced as a whole at every change. Plain data, so that it crosses IPC. */
export interface KioskView {
  /** `not-enrolled` and `signed-out` come before there is an attempt; then the attempt's phase decides. */
  readonly stage: 'starting' | 'not-enrolled' | 'signed-out' | 'attempt';
  readonly device: { readonly id: string; readonly name: string } | null;
  readonly connection: {
    readonly online: boolean;
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
  /** The last failure of something that the person did not start (storage, chain). */
  readonly problem: Problem | null;
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
}
