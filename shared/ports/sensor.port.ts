import type { CoverageReason } from '#shared/incident/coverage.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Facts } from '#shared/incident/observation.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';

/** What a sensor states; the engine adds the exam time. */
export interface Signal {
  readonly kind: IncidentKind;
  readonly phase: 'began' | 'ended' | 'happened';
  /** How long ago it was, ms; 0 or absent for now. */
  readonly ageMs?: number;
  readonly facts: Facts;
  /** What it is that lasts or happened, in a name that sensors of one kind share (a program's id); absent for a state. */
  readonly thing?: string;
}

/** Kinds that a sensor cannot watch here, or only in part, each with why. */
export type Limits = Readonly<Partial<Record<IncidentKind, Limit>>>;
export interface Limit {
  readonly reason: CoverageReason;
  /** It still sees some of it. */
  readonly partly: boolean;
}

/** What a sensor says about itself. */
export interface SensorTells {
  /** Replaces what it said before; `{}` when it watches all of its kinds. */
  limited(limits: Limits): void;
  /** It works. Sensors with `beatMs` call it at least that often. */
  alive(): void;
}

/** Watches one side of the machine. States facts, judges nothing, counts nothing. */
export interface Sensor {
  readonly id: string;
  /** Kinds that this sensor feeds on this host. */
  readonly watches: readonly IncidentKind[];
  /** Set by sensors that look by themselves: silence for three times this long, ms, is a hang. */
  readonly beatMs?: number;
  /**
   * Begins watching; what is already so (a second display) is stated at once. Idempotent. What it
   * cannot watch here it says by `tell.limited`; a machine that refuses is no exception.
   */
  start(emit: (signal: Signal) => void, tell: SensorTells): void;
  /** Ends watching. Safe to call twice; a started-again sensor states what is so anew. */
  stop(): void;
  /**
   * The exam is about to stand still or to close: says now what it has held back to see whether anything explains it, with
   * its age. What comes of it is said before this returns.
   */
  lastWord?(): void;
  /** What it finds before the exam, as one line of the device check. */
  check?(): Promise<Requirement>;
}
