import type { EpisodeId, IncidentId } from '#shared/kernel/ids.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { Episode } from './episodes.ts';
import type { Incident } from './incident.ts';
import type { IncidentKind } from './kind.ts';
import type { Facts, Observation } from './observation.ts';

export type PerKind<T> = Partial<Readonly<Record<IncidentKind, T>>>;

/** Something that lasts. */
export interface Condition {
  readonly startedT: ExamTime;
  readonly facts: Facts;
  readonly warned: boolean;
  /** The incident that it became; null while it is too short for one. */
  readonly incident: { readonly id: IncidentId; readonly episodeId: EpisodeId } | null;
  /** Since when it is interrupted; the interruption may turn out to be too short to matter. */
  readonly breakT: ExamTime | null;
}

/** What the rules remember. Plain data of bounded size: it can be stored, compared and sent. */
export interface RulesState {
  /** The latest moment that the rules know of. */
  readonly t: ExamTime;
  /** When the exam last began to run: nothing is held against anybody from before. */
  readonly floorT: ExamTime;
  readonly conditions: PerKind<Condition>;
  /** The last single act of each kind, with its repetitions. */
  readonly acts: PerKind<{
    readonly startedT: ExamTime;
    readonly lastT: ExamTime;
    readonly episodeId: EpisodeId;
  }>;
  /** Latest `began` and `ended` of each kind: what is older comes late and says nothing new. */
  readonly seen: PerKind<{ readonly beganT: ExamTime; readonly endedT: ExamTime }>;
  /** Latest start of an incident of each kind, so that no id is given twice. */
  readonly lastStartT: PerKind<ExamTime>;
  readonly episodes: readonly Episode[];
  /** Episodes of what was still going on when the exam stopped: if it goes on afterwards, it is the same act. */
  readonly carried: PerKind<Episode>;
  /**
   * What the gate lets through of the kinds that it holds back: nothing, evidence for people, or everything. Always
   * `open` where the rules have no gate.
   */
  readonly gate: 'closed' | 'review' | 'open';
  /** When it last changed by itself (`gate`); what it holds back is not held against anybody from before. */
  readonly gateT: ExamTime;
}

export const INITIAL_RULES: RulesState = {
  t: 0,
  floorT: 0,
  conditions: {},
  acts: {},
  seen: {},
  lastStartT: {},
  episodes: [],
  carried: {},
  gate: 'open',
  gateT: 0,
};

/**
 * What the rules are told. All times are exam time.
 * - `observation`: a sensor's fact. Its `t` may lie before the latest input (found out late).
 * - `time`: nothing new, but it is `t` now.
 * - `stopped`: the exam's clock stands still from `t` (pause, closing): everything open ends there.
 * - `resumed`: the exam begins or goes on at `t` (start, resume, reopening). What lasts is stated again afterwards.
 * - `restarted`: the program came back at `t` after dying: what lasted then is unknown since.
 * - `gate`: from `t` on the gate lets so much through (`resumed` and `restarted` close it by themselves). What it
 *   holds back and lasts is stated again afterwards.
 */
export type RuleInput =
  | { readonly type: 'observation'; readonly observation: Observation }
  | { readonly type: 'time'; readonly t: ExamTime }
  | { readonly type: 'stopped'; readonly t: ExamTime }
  | { readonly type: 'resumed'; readonly t: ExamTime }
  | { readonly type: 'restarted'; readonly t: ExamTime }
  | { readonly type: 'gate'; readonly gate: RulesState['gate']; readonly t: ExamTime };

export type RuleEvent =
  | {
      readonly type: 'warning-began';
      readonly kind: IncidentKind;
      readonly startedT: ExamTime;
      /** When it becomes an incident unless it ends. */
      readonly incidentAtT: ExamTime;
      readonly counts: boolean;
    }
  /** It ended, or became the incident that it warned of. */
  | { readonly type: 'warning-ended'; readonly kind: IncidentKind; readonly startedT: ExamTime }
  | { readonly type: 'incident-opened'; readonly incident: Incident }
  | { readonly type: 'incident-closed'; readonly incidentId: IncidentId; readonly endedT: ExamTime }
  /** Art. 70: once per episode that counts. */
  | {
      readonly type: 'copy-attempt';
      readonly incidentId: IncidentId;
      readonly episodeId: EpisodeId;
    };
