import type { Policy } from '#shared/incident/policy.ts';
import { isConnectionCause } from '#shared/kernel/connection-fault.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { AttemptCore } from '#shared/kiosk/attempt/attempt-core.ts';
import type { Reach } from '#shared/kiosk/courier/reach.ts';
import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import type { SensorCrew } from '#shared/kiosk/machine/sensor-crew.ts';
import type { Saved } from '#shared/kiosk/saved.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { cameraRequirement, checkDevice } from './requirements.ts';

/** The device check of one attempt (Art. 18, 23): what is needed, what is wrong, and its acceptance. */
export interface DeviceCheck {
  /** The lines as they stand; the camera's is live. Empty until the first check. */
  requirements(): readonly Requirement[];
  check(): Promise<Result<null, Problem>>;
  /** @returns `not-in-this-stage` while something that blocks has not passed. */
  accept(): Promise<Result<null, Problem>>;
}

export const createDeviceCheck = (options: {
  readonly core: AttemptCore;
  readonly crew: SensorCrew;
  readonly saved: Saved;
  readonly serverClock: ServerClock;
  readonly reach: Pick<Reach, 'state' | 'tell'>;
  readonly policy: Policy;
  readonly onChange: () => void;
}): DeviceCheck => {
  const { core, policy } = options;
  let checked: readonly Requirement[] = [];
  let checkedAtT = 0;

  /** A server that answers meanwhile is no longer away; another version stays what it is. */
  const withReach = (line: Requirement): Requirement =>
    line.id === 'server' && isConnectionCause(line.cause) && options.reach.state() === 'up'
      ? { id: 'server', outcome: 'ok', blocks: true }
      : line;

  const requirements = (): readonly Requirement[] => {
    const lines = checked.map(withReach);
    // A host that checks the camera itself knows better than the samples.
    const own = policy.cameraExempt || lines.some(({ id }) => id === 'camera');
    if (lines.length === 0 || own) return lines;
    const t = core.clock.now();
    const line = cameraRequirement(core.camera.picture(t), core.conditions.factsOf, t - checkedAtT);
    return [...lines, line];
  };

  return {
    requirements,
    check: async () => {
      if (core.state().phase !== 'device-check') return fail({ code: 'not-in-this-stage' });
      const results = await checkDevice(
        core.deps,
        options.crew,
        options.saved,
        options.serverClock,
        options.reach,
      );
      checked = policy.cameraExempt ? results.filter(({ id }) => id !== 'camera') : results;
      checkedAtT = core.clock.now();
      options.onChange();
      return ok(null);
    },
    accept: () =>
      core.turn(async () => {
        const lines = requirements();
        const blocked = lines.some(
          ({ outcome, blocks }) => blocks && (outcome === 'failed' || outcome === 'pending'),
        );
        if (core.state().phase !== 'device-check' || lines.length === 0 || blocked) {
          return fail({ code: 'not-in-this-stage' });
        }
        await core.writer.write('device-checked', {
          results: lines.map(({ id, outcome }) => ({
            requirement: id,
            outcome: outcome === 'pending' ? 'not-watched' : outcome,
          })),
        });
        return ok(null);
      }),
  };
};
