import type { Coverage } from '#shared/incident/coverage.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import type { Lockdown } from '#shared/ports/lockdown.port.ts';
import type { Sensor, Signal } from '#shared/ports/sensor.port.ts';
import type { HostCapabilities } from '#shared/wire/kiosk-view.ts';

/** A sensor that states what the test tells it. */
export class FakeSensor implements Sensor {
  readonly id = 'fake';
  readonly watches: readonly IncidentKind[] = INCIDENT_KINDS;
  /** What lasts at the machine: stated again whenever the sensor starts. */
  readonly lasting = new Map<IncidentKind, Signal>();
  /** What it holds back until it is asked for its last word. */
  heldBack: Signal | null = null;
  #emit: ((signal: Signal) => void) | null = null;

  get running(): boolean {
    return this.#emit !== null;
  }

  start(emit: (signal: Signal) => void): void {
    this.#emit = emit;
    for (const signal of this.lasting.values()) emit(signal);
  }

  stop(): void {
    this.#emit = null;
  }

  lastWord(): void {
    const { heldBack } = this;
    this.heldBack = null;
    if (heldBack !== null) this.#emit?.(heldBack);
  }

  begin(kind: IncidentKind): void {
    const signal: Signal = { kind, phase: 'began', facts: {} };
    this.lasting.set(kind, signal);
    this.#emit?.(signal);
  }

  end(kind: IncidentKind): void {
    this.lasting.delete(kind);
    this.#emit?.({ kind, phase: 'ended', facts: {} });
  }

  happen(kind: IncidentKind): void {
    this.#emit?.({ kind, phase: 'happened', facts: { shortcut: 'ctrl+v' } });
  }
}

/** Keeps count of who holds the machine. */
export class FakeLockdown implements Lockdown {
  locked = false;
  entered = 0;
  async enter(): Promise<void> {
    this.locked = true;
    this.entered += 1;
  }
  async leave(): Promise<void> {
    this.locked = false;
  }
}

const UNWATCHED: ReadonlySet<string> = new Set(['remote-session', 'virtual-machine']);

export const FAKE_CAPABILITIES: HostCapabilities = {
  kind: 'fake',
  version: '0.0.0',
  build: null,
  platform: 'fake machine',
  coverage: Object.fromEntries(
    INCIDENT_KINDS.map((kind): [string, Coverage] => [
      kind,
      UNWATCHED.has(kind) ? { level: 'not-watched', reason: 'not-built' } : { level: 'detected' },
    ]),
  ),
};
