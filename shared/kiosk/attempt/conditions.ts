import type { KindName } from '#shared/incident/kind.ts';
import type { Facts, Observation } from '#shared/incident/observation.ts';
import type { ExamTime } from '#shared/kernel/time.ts';

/**
 * What lasts right now, as the sensors state it, whether an exam runs or not: so that a condition
 * that began before the start, or during a pause, is stated again when the exam runs.
 */
export interface Conditions {
  /**
   * @returns whether the observation says something new: a stray `ended` does not, nor a `began` that is repeated as it
   * was. Another witness of what lasts already is on record with what it saw.
   */
  take(observation: Observation): boolean;
  /** Every lasting condition as a new `began` at `t`. */
  restated(t: ExamTime): readonly Observation[];
  has(kind: KindName): boolean;
  /** What was said of it when it began; null when it does not last. */
  factsOf(kind: KindName): Facts | null;
  /** Forgets the kinds that `which` names: their sensor stopped or starts anew. */
  forget(which: (kind: KindName) => boolean): void;
}

export const createConditions = (): Conditions => {
  const lasting = new Map<KindName, Facts>();
  return {
    take: ({ kind, phase, facts }) => {
      if (phase === 'happened') return true;
      if (phase === 'ended') return lasting.delete(kind);
      const known = lasting.get(kind);
      lasting.set(kind, facts);
      return known === undefined || JSON.stringify(known) !== JSON.stringify(facts);
    },
    restated: (t) =>
      [...lasting].map(([kind, facts]) => ({ kind, phase: 'began' as const, t, facts })),
    has: (kind) => lasting.has(kind),
    factsOf: (kind) => lasting.get(kind) ?? null,
    forget: (which) => {
      for (const kind of [...lasting.keys()]) if (which(kind)) lasting.delete(kind);
    },
  };
};
