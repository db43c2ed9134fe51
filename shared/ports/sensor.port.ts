import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Facts } from '#shared/incident/observation.ts';

/** What a sensor states; the engine adds the exam time. */
export interface Signal {
  readonly kind: IncidentKind;
  readonly phase: 'began' | 'ended' | 'happened';
  /** How long ago it was, ms; 0 or absent for now. */
  readonly ageMs?: number;
  readonly facts: Facts;
}

/** Watches one side of the machine. States facts, judges nothing, counts nothing. */
export interface Sensor {
  readonly id: string;
  /** Kinds that this sensor feeds on this host. */
  readonly watches: readonly IncidentKind[];
  /** Begins watching; what is already so (a second display) is stated at once. Idempotent. */
  start(emit: (signal: Signal) => void): void;
  stop(): void;
}
