import { deadlineT, remainingMs } from '#shared/attempt/attempt-state.ts';
import { asksWho } from '#shared/attempt/gate.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { IdentityView, KioskView, RoomScanView } from '#shared/ports/kiosk-host.port.ts';
import type { EnrolResponse } from '#shared/wire/http.ts';
import type { AttemptSession } from './attempt/attempt-session.ts';
import type { ExamClock } from './attempt/exam-clock.ts';
import type { RoomScanStanding } from './attempt/room-scan.ts';
import type { ReachState } from './courier/reach.ts';
import type { ServerClock } from './courier/server-clock.ts';
import type { IdentityStanding } from './door/identity-check.ts';

export interface ViewSources {
  readonly started: boolean;
  readonly device: EnrolResponse | null;
  readonly institution: string | null;
  readonly session: AttemptSession | null;
  readonly serverClock: ServerClock;
  /** Whether the server answers, as far as the requests tell. */
  readonly reach: ReachState;
  readonly problem: Problem | null;
}

/** Countdowns on screens must not tremble: both clocks are read in whole ms, one after the other. */
const STEADY_MS = 250;
const steady = (next: EpochMs, before: EpochMs | null | undefined): EpochMs =>
  before != null && Math.abs(before - next) < STEADY_MS ? before : next;

const offsetOf = (serverClock: ServerClock, before: KioskView | null): number | null => {
  const offset = serverClock.offsetMs();
  return offset === null ? null : steady(offset, before?.clockOffsetMs);
};

const connectionOf = (reach: ReachState): KioskView['connection'] => ({
  online: reach === 'up',
  looking: reach === 'unknown',
  fault: typeof reach === 'string' ? null : reach,
  pending: 0,
  latencyMs: null,
});

/** What a kiosk shows of which nothing is known but what is wrong. */
export const bareView = (problem: Problem | null): KioskView => ({
  stage: 'starting',
  device: null,
  institution: null,
  connection: connectionOf('unknown'),
  clockOffsetMs: null,
  ticket: null,
  form: null,
  requirements: [],
  attempt: null,
  savedSeq: 0,
  sentSeq: 0,
  endsAt: null,
  frozenRemainingMs: null,
  warnings: [],
  identity: null,
  roomScan: null,
  captureEveryMs: null,
  cameraCountsAt: null,
  problem,
});

const withoutAttempt = (
  { started, device, institution, serverClock, reach, problem }: ViewSources,
  before: KioskView | null,
): KioskView => ({
  ...bareView(problem),
  stage: !started ? 'starting' : device === null ? 'not-enrolled' : 'signed-out',
  device: device === null ? null : { id: device.deviceId, name: device.deviceName },
  institution,
  connection: connectionOf(reach),
  clockOffsetMs: offsetOf(serverClock, before),
});

const timedIdentity = (
  { endsT, ...standing }: IdentityStanding,
  clock: ExamClock,
  before: KioskView | null,
): IdentityView => ({
  ...standing,
  endsAt: endsT === null ? null : steady(clock.deviceWallAt(endsT), before?.identity?.endsAt),
});

const timedRoomScan = (
  { endsT, ...standing }: RoomScanStanding,
  clock: ExamClock,
  before: KioskView | null,
): RoomScanView => ({
  ...standing,
  endsAt: steady(clock.deviceWallAt(endsT), before?.roomScan?.endsAt),
});

/** @param before the last view, so that what has not changed keeps its value. */
export const buildView = (sources: ViewSources, before: KioskView | null): KioskView => {
  const base = withoutAttempt(sources, before);
  const { session } = sources;
  if (session === null || !sources.started) return base;
  const attempt = session.state();
  const { clock, judge } = session.core;
  const t = clock.now();
  const courier = session.courier();
  const fault = courier.online ? null : base.connection.fault;
  const end = deadlineT(attempt, t);
  const stands = attempt.stoppedSinceT !== null;
  // The paper form leaves the screen with the exam: nobody reads it in clear afterwards.
  const showsForm = attempt.phase === 'in-progress' || attempt.phase === 'paused';
  const runs = attempt.phase === 'in-progress';
  const identity = session.camera.identityCheck.standing();
  const roomScan = session.camera.roomScan.standing();
  const countsT = session.gate.countsAtT();
  return {
    ...base,
    stage: 'attempt',
    connection: {
      online: courier.online,
      looking: courier.looking && fault === null,
      fault,
      pending: Math.max(0, attempt.seq - courier.ackedSeq),
      latencyMs: courier.latencyMs,
    },
    ticket: session.saved.ticket,
    form: showsForm && !asksWho(attempt.gate) ? session.form() : null,
    requirements: attempt.phase === 'device-check' ? session.requirements() : [],
    attempt,
    savedSeq: session.storedSeq(),
    sentSeq: courier.ackedSeq,
    endsAt: end === null || stands ? null : steady(clock.deviceWallAt(end), before?.endsAt),
    // Until the shift's end nothing is lost while the clock stands; then the time left shrinks.
    frozenRemainingMs: stands ? remainingMs(attempt, t) : null,
    warnings: runs
      ? judge.warnings().map(({ kind, incidentAtT, counts }) => ({
          kind,
          counts,
          countsAt: steady(
            clock.deviceWallAt(incidentAtT),
            before?.warnings.find((warning) => warning.kind === kind)?.countsAt,
          ),
        }))
      : [],
    identity: identity === null ? null : timedIdentity(identity, clock, before),
    roomScan: roomScan === null ? null : timedRoomScan(roomScan, clock, before),
    captureEveryMs: session.camera.captureEveryMs(),
    cameraCountsAt:
      countsT === null ? null : steady(clock.deviceWallAt(countsT), before?.cameraCountsAt),
  };
};

/** Whether two views say the same; big parts are replaced as a whole when they change. */
export const sameView = (a: KioskView, b: KioskView): boolean => {
  const big = ['ticket', 'form', 'attempt'] as const;
  if (big.some((key) => a[key] !== b[key])) return false;
  const small = ({ ticket: _t, form: _f, attempt: _a, ...rest }: KioskView) => JSON.stringify(rest);
  return small(a) === small(b);
};
