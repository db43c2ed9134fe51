import type { CameraStatus } from '#shared/incident/camera-sample.ts';
import { CameraSilence } from './camera-silence.ts';

/** What is asked of a camera's track. */
export type CameraTrack = Pick<MediaStreamTrack, 'readyState' | 'muted' | 'getSettings'>;

/** Silence of a camera of 10 frames a second from which on it counts as having no frames, ms. */
const SILENCE_MS = 700;
/** A camera without frames is looked for among the devices so often, ms. */
const SEEK_MS = 2_000;

/** Lists the machine's devices as the browser does. */
export type ListDevices = () => Promise<readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId'>[]>;

/**
 * Why a camera gives no picture, as far as a page can tell: its track ended, or its device is no longer there; it was muted while
 * its frames came; its frames stopped, which browsers call muted too after some more; or the page itself hardly runs. All times
 * are of one monotonic clock, ms.
 */
export class TrackWatch {
  readonly #track: CameraTrack;
  readonly #devices: ListDevices;
  readonly #silence: CameraSilence;
  /** What its muting came after; null while it is not muted. */
  #mutedBy: 'switch' | 'silence' | null = null;
  #gone = false;
  #soughtMs = Number.NEGATIVE_INFINITY;

  /** @param nowMs when it was opened. */
  constructor(track: CameraTrack, devices: ListDevices, nowMs: number) {
    this.#track = track;
    this.#devices = devices;
    this.#silence = new CameraSilence(nowMs);
  }

  /** A frame came. */
  frame(nowMs: number): void {
    this.#silence.frame(nowMs);
    this.#gone = false;
  }

  /** To be called ten times a second. */
  check(nowMs: number): void {
    this.#silence.check(nowMs);
    if (!this.#track.muted) this.#mutedBy = null;
    else this.#mutedBy ??= this.#silence.sinceFrame(nowMs) > SILENCE_MS ? 'silence' : 'switch';
    if (this.status(nowMs) === 'no-frames' && nowMs - this.#soughtMs >= SEEK_MS) {
      this.#soughtMs = nowMs;
      void this.#seek();
    }
  }

  /** For how long the page listened and heard nothing, ms. */
  get silentMs(): number {
    return this.#silence.ms;
  }

  status(nowMs: number): Exclude<CameraStatus, 'vision-failed'> {
    if (this.#track.readyState === 'ended' || this.#gone) return 'ended';
    if (this.#mutedBy === 'switch') return 'muted';
    if (this.#silence.unheard(nowMs)) return 'unheard';
    return this.#mutedBy === 'silence' || this.#silence.ms > SILENCE_MS ? 'no-frames' : 'ok';
  }

  /** A device that is not among the others is gone, whatever its track says; an empty list, or one without names, says nothing. */
  async #seek(): Promise<void> {
    const { deviceId } = this.#track.getSettings();
    const listed = await this.#devices().catch(() => []);
    const cameras = listed.filter(({ kind }) => kind === 'videoinput');
    const isTold = deviceId !== undefined && cameras.length > 0;
    this.#gone = isTold && cameras.every((one) => one.deviceId !== '' && one.deviceId !== deviceId);
  }
}
