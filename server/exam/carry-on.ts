import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import { serverTimeOf } from '#server/record/attempt-fold.ts';
import { asStored, decidedOf, mayBeCarriedOn, timeToGoOn } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { RecordStore } from '#server/record/ports.ts';
import type { RecordFacts } from '#server/record/record-facts.ts';
import type { Registration, RegistryStore } from '#server/record/registry-ports.ts';
import { highestCopyAttempt } from '#shared/attempt/attempt-state.ts';
import { carriedStanding, numberOverall } from '#shared/attempt/copy-count.ts';
import type { Carried, CarriedAttempt } from '#shared/incident/carried.ts';
import { isIncidentKind } from '#shared/incident/kind.ts';
import type { AttemptId, IncidentId } from '#shared/kernel/ids.ts';

export interface CarryOnDeps {
  readonly store: UnitOfWork<{
    readonly registry: Pick<RegistryStore, 'carryOn'>;
    readonly records: Pick<RecordStore, 'commandsOf'>;
    readonly trail: AuditTrail;
  }>;
  readonly attempts: LiveAttempts;
  readonly changed: RecordFacts['changed'];
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

/** What counts on: what stood there of its own, and what it had carried itself; each named anew. */
const carriedFrom = (attempt: LiveAttempt): Carried => {
  const state = decidedOf(attempt);
  const { attemptId } = attempt.registration;
  const own = state.incidents
    .filter((i) => i.copyAttempt !== null && i.dismissed === null && isIncidentKind(i.kind))
    .map(({ id, kind, startedT }) => {
      return { attemptId, incidentId: id, kind, at: serverTimeOf(attempt, startedT) };
    });
  return {
    highest: numberOverall(highestCopyAttempt(state.incidents), state),
    attempts: [...carriedStanding(state), ...own].map(
      ({ attemptId: of, incidentId, kind, at }, index): CarriedAttempt => ({
        id: `carried-${index + 1}` as IncidentId,
        attemptId: of,
        incidentId,
        kind,
        at,
      }),
    ),
  };
};

const carriesOf = (attempt: LiveAttempt): NonNullable<Registration['carries']> => {
  const { attemptId: from, carries } = attempt.registration;
  const carried = carriedFrom(attempt);
  // A server of before kept how many it had carried, and not which.
  const unnamed = carries !== null && carries.carried === null ? carries.copyAttempts : 0;
  const left = timeToGoOn(attempt);
  return {
    from,
    // A ledger has at least a moment of time: who had none left is told so by the shift's or the exam's own end.
    durationMs: left === null ? (carries?.durationMs ?? null) : Math.max(1_000, left),
    copyAttempts: carried.attempts.length + unnamed,
    carried,
  };
};

/**
 * The attempt by which the examinee goes on with one that staff let go: a ledger of its own, since each has one writer and
 * the first kiosk may still have things to say; the same seat, questions, rest of time and count of copy attempts.
 * @returns the attempt to go on with; null when this one may not be carried on (any more).
 */
export const carryOn = async (
  deps: CarryOnDeps,
  before: LiveAttempt,
): Promise<LiveAttempt | null> => {
  if (!mayBeCarriedOn(before)) return null;
  const { attemptId: from } = before.registration;
  const next = `attempt-${deps.random.uuid()}` as AttemptId;
  await deps.store.transaction(async ({ registry, records, trail }) => {
    // Whoever decided something in this moment did it before or after, as the store has it.
    const now = asStored(before, await records.commandsOf(from));
    if (!mayBeCarriedOn(now)) return;
    const carries = carriesOf(now);
    // Another machine that asked at the same moment came first.
    if (!(await registry.carryOn(carries, next))) return;
    const { durationMs, copyAttempts } = carries;
    await trail.audit({
      at: deps.clock.now(),
      actor: 'server',
      action: 'attempt-carried-on',
      subject: from,
      detail: { by: next, durationMs, copyAttempts },
    });
  });
  await deps.attempts.refresh(from);
  deps.changed(before, {});
  const { carriedOnBy } = before.registration;
  return carriedOnBy === null ? null : deps.attempts.load(carriedOnBy);
};
