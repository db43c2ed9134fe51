import type { CoverageByKind } from '#shared/incident/coverage.ts';
import type { DeviceId } from '#shared/kernel/ids.ts';
import { enterLockdown } from '#shared/kiosk/machine/lockdown.ts';
import type { AttemptCore } from './attempt-core.ts';

/** First turn of an attempt without entries. */
const begin = async (
  core: AttemptCore,
  deviceId: string,
  coverage: CoverageByKind,
): Promise<void> => {
  const { deps, ticket } = core;
  const { kind, version, build } = deps.capabilities;
  const publicKey = await deps.key.publicKey();
  await core.writer.write('attempt-opened', {
    deviceId: deviceId as DeviceId,
    sessionId: ticket.sessionId,
    publicKey,
    host: { kind, version, build },
    coverage,
    policy: ticket.policy,
    identity: ticket.identity,
  });
};

/**
 * First turn of an attempt that has entries: finishes what the last process was doing when it died,
 * states the restart, and lets the exam run on where it stood.
 */
const goOn = async (core: AttemptCore): Promise<void> => {
  const { writer, judge, clock } = core;
  const downMs = Math.max(0, clock.now() - core.state().t);
  await judge.finishInterrupted();
  if (core.state().phase === 'in-progress') {
    const entry = await writer.write('host-restarted', { downMs });
    await core.run(entry.t, 'restarted');
  }
  await core.enforceLimit();
  // A proctor's order to close was on record and its closing was not.
  if (core.state().phase !== 'closed' && core.state().closeReason !== null) {
    await core.close('proctor');
  }
  const { phase, released } = core.state();
  if (phase === 'in-progress' || (phase === 'paused' && !released)) await enterLockdown(core);
  await core.settle();
};

/** Writes the first entry of a new attempt, or takes an attempt up again. */
export const openAttempt = (
  core: AttemptCore,
  deviceId: string,
  coverage: CoverageByKind,
): Promise<void> =>
  core.turn(() => (core.state().seq === 0 ? begin(core, deviceId, coverage) : goOn(core)));
