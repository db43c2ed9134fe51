import type { Family } from './catalogue-entry.ts';
import type { IncidentKind, KindName } from './kind.ts';
import type { Facts } from './observation.ts';
import type { Policy } from './policy.ts';

/**
 * What one version of the rules decides by, besides the policy that travels with each attempt. A later version is these
 * parts with some of them replaced (`rule-sets.ts`); where it needs another step to be different, that step becomes a
 * part, and the versions before keep theirs.
 */
export interface RuleParts {
  /** `Policy.version` of the attempts that it judges. */
  readonly version: number;
  /**
   * How long after a pause or a restart a condition that was an incident before is taken as never having
   * stopped, ms. After a restart the camera needs some seconds until it can say so.
   */
  readonly carryMs: number;
  /**
   * How many episodes are remembered. An incident opens up to its minimum duration after it started, and
   * meanwhile other acts may have happened: the last few are enough, and the state stays small.
   */
  readonly rememberedEpisodes: number;
  /** Storing an entry takes its time on a slow disk; the exam must be closed this soon after the last copy attempt, ms. */
  readonly closingMs: number;
  /** In this order, so that what falls on one moment always comes out alike. */
  readonly kinds: readonly IncidentKind[];
  familyOf(kind: IncidentKind): Family;
  /** Whether what is stated of this kind is judged at all. Never for a kind that this build does not know. */
  judges(kind: KindName, policy: Policy): kind is IncidentKind;
  /** Whether a fact is on record only: what an accommodation allows, sentence by sentence. */
  excused(kind: IncidentKind, facts: Facts, policy: Policy): boolean;
  /** Whether whoever begins or comes back says first who is there, before the camera is judged (`shared/attempt/gate.ts`). */
  gate(policy: Policy): boolean;
  /** Whether a kind waits for the gate: none where there is none. */
  heldBack(kind: KindName): boolean;
  /**
   * The number of the next copy attempt, from 1.
   * @param standing copy attempts that count now. @param highest number that any had so far, dismissed ones too; 0: none.
   */
  numberAfter(standing: number, highest: number): number;
  /** Whether an incident of this kind counts towards a copy attempt. */
  counts(kind: IncidentKind, policy: Policy): boolean;
}
