import type { AuditTrail, ServerClock, ServerRandom } from '#server/platform/ports.ts';
import type { UnitOfWork } from '#server/platform/unit-of-work.ts';
import { mayBeCarriedOn } from '#server/record/ending.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import type { LiveAttempts } from '#server/record/live-attempts.ts';
import type { RecordFacts } from '#server/record/record-facts.ts';
import type { RegistryStore } from '#server/record/registry-ports.ts';
import { remainingMs } from '#shared/attempt/attempt-state.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { toExamTime } from '#shared/kernel/time.ts';

export interface CarryOnDeps {
  readonly store: UnitOfWork<{
    readonly registry: Pick<RegistryStore, 'carryOn'>;
    readonly trail: AuditTrail;
  }>;
  readonly attempts: LiveAttempts;
  readonly changed: RecordFacts['changed'];
  readonly clock: ServerClock;
  readonly random: ServerRandom;
}

/**
 * What was left of the examinee's time when the kiosk was last heard: what it was gone for is given back, as far as the
 * shift goes. null while the exam had not begun, ms.
 */
const timeLeft = ({ state, presence, wallOffset }: LiveAttempt): number | null => {
  const heard =
    presence.heardAt === null || wallOffset === null
      ? 0
      : toExamTime(presence.heardAt - wallOffset);
  const left = remainingMs(state, Math.max(state.t, heard));
  // A ledger has at least a moment of time: who had none left is told so by the shift's or the exam's own end.
  return left === null ? null : Math.max(1_000, left);
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
  const { attemptId: from, carries } = before.registration;
  const next = `attempt-${deps.random.uuid()}` as AttemptId;
  const copyAttempts = before.state.copyAttempts + (carries?.copyAttempts ?? 0);
  const durationMs = timeLeft(before) ?? carries?.durationMs ?? null;
  await deps.store.transaction(async ({ registry, trail }) => {
    // Another machine that asked at the same moment came first.
    if (!(await registry.carryOn({ from, durationMs, copyAttempts }, next))) return;
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
