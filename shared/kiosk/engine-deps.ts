import type { Problem } from '#shared/kernel/problem.ts';
import type { Clock, Random, Scheduler } from '#shared/ports/clock.port.ts';
import type { DeviceKey, Digest, Stretch } from '#shared/ports/digest.port.ts';
import type { DeviceStore, LedgerStore } from '#shared/ports/ledger-store.port.ts';
import type { Lockdown } from '#shared/ports/lockdown.port.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';
import type { LiveLink, ServerApi } from '#shared/ports/transport.port.ts';
import type { HostCapabilities, Requirement } from '#shared/wire/kiosk-view.ts';

/** What the host tells about its power supply; null where it does not tell. */
export interface PowerInfo {
  /** 0..1 */
  readonly battery: number | null;
  readonly charging: boolean | null;
}

/** A line for the developers' log, in English, without personal data or secrets. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  facts?: Readonly<Record<string, string | number | boolean | null>>,
) => void;

/** Everything that the engine needs of the machine it runs on. Chosen by each host's `compose.ts`. */
export interface EngineDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly digest: Digest & Stretch;
  readonly key: DeviceKey;
  readonly ledger: LedgerStore;
  readonly store: DeviceStore;
  readonly api: ServerApi;
  readonly live: LiveLink;
  readonly sensors: readonly Sensor[];
  readonly lockdown: Lockdown;
  /** The host as it is built, while all its sensors work (`builtCoverage`). */
  readonly capabilities: HostCapabilities;
  /** What only the host can check (displays, fullscreen, kind of machine); the engine adds server, clock, storage and camera. */
  readonly checks: () => Promise<readonly Requirement[]>;
  readonly power: () => PowerInfo;
  /** The device's own name, 1..80 characters, as enrolment proposes it; the platform's name when absent. */
  readonly deviceName?: string;
  /** What the host found wrong with the device's identity when it started, until the device is enrolled anew. */
  readonly identityProblem?: Problem | null;
  readonly log: Log;
}
