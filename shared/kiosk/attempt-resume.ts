import { INCIDENT_KINDS, type IncidentKind } from '#shared/incident/kind.ts';
import type { DeviceId } from '#shared/kernel/ids.ts';
import type { HostCapabilities } from '#shared/wire/kiosk-view.ts';
import type { AttemptCore } from './attempt-core.ts';

/** Kinds that are found out elsewhere (server, people, the program itself), not watched by a host. */
const NOT_THE_HOSTS: ReadonlySet<IncidentKind> = new Set([
  'second-session',
  'second-ip',
  'room-scan-refused',
  'manual',
  'connectivity-lost',
  'device-failure',
  'power',
  'platform',
]);

/** What nobody watches on this host: a kind that it says nothing about is not watched. */
export const notWatchedOn = (capabilities: HostCapabilities): IncidentKind[] =>
  INCIDENT_KINDS.filter(
    (kind) =>
      (capabilities.coverage[kind] ?? 'not-watched') === 'not-watched' && !NOT_THE_HOSTS.has(kind),
  );

/** Enters the lockdown; what it cannot do must never keep an examinee from the exam. */
export const enterLockdown = async (core: AttemptCore): Promise<void> => {
  try {
    await core.deps.lockdown.enter(core.state().policy ?? core.ticket.policy);
  } catch (failure) {
    core.deps.log('error', 'lockdown could not be entered', { detail: String(failure) });
  }
};

/** First turn of an attempt without entries. */
const begin = async (core: AttemptCore, deviceId: string): Promise<void> => {
  const { deps, ticket } = core;
  const publicKey = await deps.key.publicKey();
  await core.writer.write('attempt-opened', {
    deviceId: deviceId as DeviceId,
    sessionId: ticket.sessionId,
    publicKey,
    host: { kind: deps.capabilities.kind, version: deps.capabilities.version },
    notWatched: notWatchedOn(deps.capabilities),
    policy: ticket.policy,
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
  await core.enforceLimit();
  const { phase, closeReason } = core.state();
  // A proctor's order to close was on record and its closing was not.
  if (phase !== 'closed' && closeReason !== null) await core.close('proctor');
  if (core.state().phase === 'in-progress') {
    const entry = await writer.write('host-restarted', { downMs });
    await enterLockdown(core);
    await core.run(entry.t, 'restarted');
  } else if (core.state().phase === 'paused') {
    await enterLockdown(core);
  }
  await core.settle();
};

/** Writes the first entry of a new attempt, or takes an attempt up again. */
export const openAttempt = (core: AttemptCore, deviceId: string): Promise<void> =>
  core.turn(() => (core.state().seq === 0 ? begin(core, deviceId) : goOn(core)));
