import Type from 'typebox';
import type { Facts } from '#shared/incident/observation.ts';
import { MOST } from '#shared/kernel/bounds.ts';
import { connectionFault, MAX_FAULT_DETAIL } from '#shared/kernel/connection-fault.ts';
import { check } from '#shared/kernel/schema.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { Reach } from '#shared/kiosk/courier/reach.ts';
import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import type { SensorCrew } from '#shared/kiosk/machine/sensor-crew.ts';
import type { Saved } from '#shared/kiosk/saved.ts';
import { HealthSchema } from '#shared/wire/http.ts';
import { PROTOCOL } from '#shared/wire/kiosk-socket.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';

/** What every version of our server says of itself. */
const SpokenSchema = Type.Object({ protocol: Type.Number({ minimum: -MOST, maximum: MOST }) });
/** How long a camera may take to give its first picture (a person has to allow it), ms. */
const CAMERA_PATIENCE_MS = 15_000;
/** A device clock that is further off than this is told, ms. The exam goes by the server's clock all the same. */
const CLOCK_TOLERANCE_MS = 5 * MINUTE;

/**
 * Asks the server for its health: whether it answers, speaks this protocol, and what time it has.
 * @param reach told when who answers is not the server at all.
 */
export const askServer = async (
  deps: Pick<EngineDeps, 'api' | 'clock'>,
  serverClock: ServerClock,
  reach: Pick<Reach, 'tell'>,
): Promise<Requirement> => {
  const failed = (cause: string, detail = ''): Requirement => ({
    id: 'server',
    outcome: 'failed',
    cause,
    blocks: true,
    ...(detail === '' ? {} : { detail: detail.slice(0, MAX_FAULT_DETAIL) }),
  });
  const askedAt = deps.clock.monotonicMs();
  const answer = await deps.api.request('GET', '/api/health', {});
  if (!answer.ok) {
    const { code, cause, detail } = answer.error;
    return failed(cause ?? (code === 'offline' ? 'unknown' : 'server'), detail);
  }
  const health = check(HealthSchema, answer.value);
  if (!health.ok || health.value.protocol !== PROTOCOL) {
    if (check(SpokenSchema, answer.value).ok) return failed('protocol-version');
    const stranger = connectionFault('stranger', 'an answer that is not of this server');
    reach.tell(stranger);
    return failed(stranger.cause, stranger.detail);
  }
  serverClock.hear(health.value.serverTime, deps.clock.monotonicMs() - askedAt);
  return { id: 'server', outcome: 'ok', blocks: true };
};

const clock = (serverClock: ServerClock): Requirement => {
  const offset = serverClock.offsetMs();
  const off = offset !== null && Math.abs(offset) > CLOCK_TOLERANCE_MS;
  // Not blocking: exam time is monotonic and wall times are the server's, so nobody loses by it.
  return off
    ? { id: 'clock', outcome: 'failed', cause: 'clock-skewed', blocks: false }
    : { id: 'clock', outcome: offset === null ? 'not-watched' : 'ok', blocks: false };
};

const storage = async (saved: Saved): Promise<Requirement> => {
  try {
    await saved.probe();
    return { id: 'storage', outcome: 'ok', blocks: true };
  } catch {
    return { id: 'storage', outcome: 'failed', cause: 'storage-failed', blocks: true };
  }
};

const ofHost = async (deps: EngineDeps): Promise<readonly Requirement[]> => {
  try {
    return await deps.checks();
  } catch (failure) {
    deps.log('error', 'host checks failed', { detail: String(failure) });
    return [];
  }
};

/**
 * Checks everything about this device but the camera, which is judged live (`cameraRequirement`).
 * Never throws: what cannot be checked has failed.
 */
export const checkDevice = async (
  deps: EngineDeps,
  crew: SensorCrew,
  saved: Saved,
  serverClock: ServerClock,
  reach: Pick<Reach, 'tell'>,
): Promise<readonly Requirement[]> => {
  const reached = await askServer(deps, serverClock, reach);
  const [stored, hosts, sensed] = await Promise.all([storage(saved), ofHost(deps), crew.checks()]);
  return [reached, clock(serverClock), stored, ...hosts, ...sensed];
};

/**
 * The camera's line of the device check, from the samples that come or do not come.
 * @param lasts what is known of a camera condition that lasts now; null when it does not.
 * @param waitedMs since when samples could have come, ms: a moment is given to open the camera.
 */
export const cameraRequirement = (
  picture: 'ok' | 'none' | 'failed',
  lasts: (kind: 'camera-covered' | 'camera-frozen' | 'virtual-camera') => Facts | null,
  waitedMs: number,
): Requirement => {
  const failed = (cause: string): Requirement => ({
    id: 'camera',
    outcome: 'failed',
    cause,
    blocks: true,
  });
  if (picture === 'failed') return failed('no-picture');
  if (picture === 'none') {
    return waitedMs < CAMERA_PATIENCE_MS
      ? { id: 'camera', outcome: 'pending', blocks: true }
      : failed('no-picture');
  }
  const virtual = lasts('virtual-camera');
  if (virtual !== null) {
    const { device } = virtual;
    return { ...failed('virtual'), ...(typeof device === 'string' ? { names: [device] } : {}) };
  }
  if (lasts('camera-covered') !== null) return failed('covered');
  if (lasts('camera-frozen') !== null) return failed('frozen');
  return { id: 'camera', outcome: 'ok', blocks: true };
};
