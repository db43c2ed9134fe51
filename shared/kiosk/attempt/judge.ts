import { highestCopyAttempt } from '#shared/attempt/attempt-state.ts';
import { INITIAL_REPLAY, replayEntry } from '#shared/attempt/replay.ts';
import { evaluate, nextDeadline, nextSeenCount } from '#shared/incident/evaluate.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Policy } from '#shared/incident/policy.ts';
import { rulesOf } from '#shared/incident/rule-sets.ts';
import type { RuleEvent, RuleInput } from '#shared/incident/rules-state.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { Stills } from '#shared/kiosk/camera/stills.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { Writer } from './writer.ts';

/** Something that lasts and will be an incident unless it stops. */
export interface Warning {
  readonly kind: IncidentKind;
  readonly startedT: ExamTime;
  readonly incidentAtT: ExamTime;
  readonly counts: boolean;
}

/** Runs the rules over one attempt and writes down what follows. Only called inside turns. */
export interface Judge {
  /** Feeds one input to the rules and writes every event that it causes. */
  feed(input: RuleInput): Promise<void>;
  /** Writes what the rules had decided when the last process died in the middle of a turn. */
  finishInterrupted(): Promise<void>;
  /** When the rules next have something to decide by themselves; null when nothing is pending. */
  nextDeadlineT(): ExamTime | null;
  /** When what the camera shows next becomes an incident that counts, unless it ends; null when nothing does. */
  nextSeenCountT(): ExamTime | null;
  warnings(): readonly Warning[];
}

export interface JudgeOptions {
  readonly writer: Writer;
  readonly policy: Policy;
  readonly stills: Stills;
  /** What the ledger has already: the rules go on from there. */
  readonly entries: readonly LedgerEntry[];
  readonly onWarnings: () => void;
}

export const createJudge = (options: JudgeOptions): Judge => {
  const { writer, policy, stills } = options;
  const replayed = options.entries.reduce(replayEntry, INITIAL_REPLAY);
  // A ledger that this program would have written otherwise gives no ground to add strikes to it.
  const missing = replayed.fault === null ? replayed.owed : [];
  let { rules } = replayed;
  const warnings = new Map<string, Warning>();
  const keyOf = (event: { readonly kind: IncidentKind; readonly startedT: ExamTime }) =>
    `${event.kind}@${event.startedT}`;

  const record = async (event: RuleEvent): Promise<void> => {
    switch (event.type) {
      case 'warning-began': {
        const { kind, startedT, incidentAtT, counts } = event;
        warnings.set(keyOf(event), { kind, startedT, incidentAtT, counts });
        await writer.write('warning-shown', { kind, startedT });
        options.onWarnings();
        return;
      }
      case 'warning-ended':
        if (warnings.delete(keyOf(event))) options.onWarnings();
        return;
      case 'incident-opened': {
        const evidence = await stills.keep();
        await writer.write('incident-opened', {
          incident: event.incident,
          evidence: [...evidence],
        });
        return;
      }
      case 'incident-closed':
        await writer.write('incident-closed', {
          incidentId: event.incidentId,
          endedT: event.endedT,
        });
        return;
      case 'copy-attempt': {
        const { incidentId, episodeId } = event;
        const { copyAttempts, incidents } = writer.state();
        const highest = highestCopyAttempt(incidents);
        const number = rulesOf(policy)?.parts.numberAfter(copyAttempts, highest) ?? highest + 1;
        await writer.write('copy-attempt', { incidentId, episodeId, number });
        return;
      }
    }
  };

  return {
    feed: async (input) => {
      const outcome = evaluate(rules, input, policy);
      rules = outcome.state;
      for (const event of outcome.events) await record(event);
    },
    finishInterrupted: async () => {
      for (const event of missing) await record(event);
    },
    nextDeadlineT: () => nextDeadline(rules, policy),
    nextSeenCountT: () => nextSeenCount(rules, policy),
    warnings: () => [...warnings.values()],
  };
};
