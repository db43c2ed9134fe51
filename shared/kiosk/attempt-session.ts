import {
  type AttemptState,
  applyEntry,
  deadlineT,
  EMPTY_ATTEMPT,
} from '#shared/attempt/attempt-state.ts';
import type { Form } from '#shared/exam/ticket.ts';
import { type FaceCapture, FaceCaptureSchema } from '#shared/identity/face-capture.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { CoverageByKind } from '#shared/incident/coverage.ts';
import type { Observation } from '#shared/incident/observation.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { Signal } from '#shared/ports/sensor.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { type AttemptAction, performInAttempt } from './attempt-actions.ts';
import { applyCommand, receiveCommand } from './attempt-commands.ts';
import { type AttemptCore, createAttemptCore } from './attempt-core.ts';
import { createFormKeeper } from './attempt-form.ts';
import { openAttempt } from './attempt-resume.ts';
import { startExam } from './attempt-start.ts';
import { withCamera } from './camera-coverage.ts';
import { createCameraSight } from './camera-sight.ts';
import { cleanFacts } from './clean-facts.ts';
import { createCommandInbox } from './command-inbox.ts';
import { type CourierStatus, createCourier } from './courier.ts';
import { coverageChange } from './coverage.ts';
import { createDeviceCheck } from './device-check.ts';
import type { EngineDeps } from './engine-deps.ts';
import { CHECK_EVERY_MS, createIdentityCheck, type IdentityCheck } from './identity-check.ts';
import { createIdentityWatch } from './identity-watch.ts';
import { readLedger } from './read-ledger.ts';
import { createLifetime, StoppedError } from './retry.ts';
import { createRoomScan, owedRefusal, type RoomScan, stateRefusal } from './room-scan.ts';
import type { Saved, SavedSession } from './saved.ts';
import type { SensorCrew } from './sensor-crew.ts';
import type { ServerClock } from './server-clock.ts';
import { createSleepWatch } from './sleep-watch.ts';
import { createStaffCode } from './staff-code.ts';
import { staffExit } from './staff-exit.ts';
import { type StaffIdentityAction, staffIdentity } from './staff-identity.ts';
import { startThumbnails } from './thumbnails.ts';

/** One attempt on the screens of this device, from its opening to the sign-out. */
export interface AttemptSession {
  readonly core: AttemptCore;
  readonly saved: SavedSession;
  state(): AttemptState;
  form(): Form | null;
  courier(): CourierStatus;
  requirements(): readonly Requirement[];
  checkDevice(): Promise<Result<null, Problem>>;
  acceptDevice(): Promise<Result<null, Problem>>;
  startExam(): Promise<Result<null, Problem>>;
  staffExit(code: string, reason: string): Promise<Result<null, Problem>>;
  staffIdentity(action: StaffIdentityAction): Promise<Result<null, Problem>>;
  readonly identityCheck: IdentityCheck;
  readonly roomScan: RoomScan;
  /** How often a frame is wanted for identity, ms; null when none is. */
  captureEveryMs(): number | null;
  identity(capture: FaceCapture): void;
  act(action: AttemptAction): Promise<Result<null, Problem>>;
  /** Puts on record what the host's coverage is now, if it changed. */
  noteCoverage(): void;
  signal(signal: Signal): void;
  camera(sample: CameraSample): void;
  still(jpeg: Uint8Array): void;
  /** Ends timers, sensors and connection. What is stored stays. */
  stop(): Promise<void>;
}

export interface SessionOptions {
  readonly deps: EngineDeps;
  readonly crew: SensorCrew;
  readonly saved: Saved;
  readonly serverClock: ServerClock;
  readonly deviceId: string;
  readonly session: SavedSession;
  /** What the server said at the sign-in that it has; 0 when not known. */
  readonly ackedSeq: number;
  readonly onChange: () => void;
  readonly onProblem: (source: 'storage' | 'courier' | 'fork', problem: Problem | null) => void;
}

/** The rules' clock, ms. */
const TICK_MS = 100;
/** How often somebody is looked at during the exam, ms. */
const WATCH_EVERY_MS = 10_000;
/** A kiosk that has not reached the server by then is off line, ms. */
const OFFLINE_AFTER_MS = 5_000;

/**
 * Opens the attempt of `options.session` on this device: a new one gets its first entry; one that has
 * entries goes on with the same question, answers, count and time.
 */
export const openSession = async (options: SessionOptions): Promise<AttemptSession> => {
  const { deps, crew, saved, serverClock, session, onChange } = options;
  const { ticket, token } = session;
  const { attemptId } = ticket;
  const entries = await readLedger(deps.ledger, attemptId);
  const before = entries.reduce(applyEntry, EMPTY_ATTEMPT);
  const policy = before.policy ?? ticket.policy;
  const onStorage = (failed: boolean) =>
    options.onProblem('storage', failed ? { code: 'storage-failed' } : null);

  const lifetime = createLifetime(deps.scheduler);
  const core = createAttemptCore({
    deps,
    lifetime,
    ticket,
    policy,
    serverClock,
    entries,
    onStorage,
    onFork: () => options.onProblem('fork', { code: 'already-open-elsewhere' }),
    onWritten: (entry) => {
      courier.written(entry);
      onChange();
    },
    onChange,
  });
  const form = createFormKeeper(deps, saved, session, await saved.form(attemptId));
  const deviceCheck = createDeviceCheck({ core, crew, saved, serverClock, policy, onChange });
  const inbox = createCommandInbox({
    saved,
    attemptId,
    waiting: (await saved.commands(attemptId)).filter(
      ({ id }) => !before.appliedCommands.includes(id),
    ),
    lifetime,
    onStorage,
  });
  const staffCode = createStaffCode(deps, ticket);
  const identityCheck = createIdentityCheck(core, session.template, onChange);
  const identityWatch = createIdentityWatch({
    attemptId,
    state: core.state,
    template: session.template,
    saved,
    anchor: await saved.anchor(),
  });
  const roomScan = createRoomScan(core, onChange);
  const sleep = createSleepWatch(deps.clock);

  const observeAll = (observations: readonly Observation[]): void => {
    for (const observation of observations) core.observe(observation);
  };

  let wasOnline: boolean | null = null;
  /** Being off line is a fact like any other; it never counts (Art. 19). */
  const noteConnection = (online: boolean): void => {
    if (online === wasOnline || lifetime.over()) return;
    const first = wasOnline === null;
    wasOnline = online;
    if (first && online) return;
    const t = core.clock.now();
    core.observe({ kind: 'connectivity-lost', phase: online ? 'ended' : 'began', t, facts: {} });
  };

  const refetchForm = (): void => {
    const { phase } = core.state();
    if (form.current() !== null || (phase !== 'in-progress' && phase !== 'paused')) return;
    form.obtain().then(onChange, () => undefined);
  };

  const afterSleep = (sleptMs: number): void =>
    core.spawn(async () => {
      core.clock.skip(sleptMs);
      await core.missed(sleptMs);
      await core.settle();
    });

  const courier = createCourier({
    deps,
    attemptId,
    token,
    serverClock,
    entries,
    ackedSeq: options.ackedSeq,
    onStatus: () => {
      const { online } = courier.status();
      noteConnection(online);
      if (online) refetchForm();
      onChange();
    },
    onCommand: (issued) => {
      receiveCommand(core, inbox, issued, () => courier.confirmReceived(issued.id)).catch(
        (failure: unknown) => {
          if (failure instanceof StoppedError) return;
          deps.log('error', 'command not kept', { detail: String(failure) });
        },
      );
    },
    onTime: (movedMs, roundTripMs) => {
      const sleptMs = sleep.heard(movedMs, roundTripMs);
      if (sleptMs > 0) afterSleep(sleptMs);
      onChange();
    },
    onProblem: (problem) => options.onProblem('courier', problem),
  });

  const cameraSight = createCameraSight(
    before.seq === 0 ? ticket.identity : before.identity.settings,
  );
  /** Nothing is said about the camera of who is exempt from it: nobody looks through it. */
  const coverageNow = (): CoverageByKind =>
    policy.cameraExempt
      ? crew.coverage()
      : withCamera(crew.coverage(), cameraSight.sight(core.clock.now()));
  let notedSight = '';
  const noteCoverage = (): void =>
    core.spawn(async () => {
      if (core.state().phase === 'closed') return;
      const coverage = coverageChange(core.state().coverage, coverageNow());
      if (coverage !== null) await core.writer.write('coverage-changed', { coverage });
    });
  const noteSight = (t: number): void => {
    const sight = JSON.stringify(cameraSight.sight(t));
    if (sight !== notedSight && notedSight !== '') noteCoverage();
    notedSight = sight;
  };

  const watchesCamera = (): boolean => !policy.cameraExempt && core.state().phase !== 'closed';
  const captureEveryMs = (): number | null => {
    const { phase, identity } = core.state();
    if (!watchesCamera() || identity.settings.check !== 'face') return null;
    if (phase === 'identity') return identityCheck.running() ? CHECK_EVERY_MS : null;
    return phase === 'in-progress' ? WATCH_EVERY_MS : null;
  };
  const runs = (): boolean => core.state().phase === 'in-progress';
  let ticking = false;
  const tick = (): void => {
    if (!core.alive()) return;
    const t = core.clock.now();
    if (watchesCamera()) {
      observeAll(core.camera.tick(t));
      noteSight(t);
    }
    identityCheck.tick(t);
    roomScan.tick(t);
    if (ticking) return;
    const state = core.state();
    if (state.phase !== 'in-progress' && state.phase !== 'paused') return;
    const end = deadlineT(state, t);
    const rulesDue = core.judge.nextDeadlineT();
    const isDue = (due: number | null) => due !== null && t >= due;
    if (!isDue(end) && !(state.phase === 'in-progress' && isDue(rulesDue))) return;
    ticking = true;
    core.spawn(async () => {
      try {
        await core.settle();
      } finally {
        ticking = false;
      }
    });
  };

  const signal = ({ kind, phase, ageMs, facts }: Signal): void => {
    const t = Math.max(0, Math.round(core.clock.now() - (ageMs ?? 0)));
    core.observe({ kind, phase, t, facts: cleanFacts(facts) });
  };

  await openAttempt(core, options.deviceId, coverageNow());
  const owed = owedRefusal(entries);
  if (owed !== null) core.spawn(() => stateRefusal(core, owed));
  for (const issued of inbox.waiting()) applyCommand(core, inbox, issued);
  crew.start(signal);
  const stopTicks = deps.scheduler.every(TICK_MS, tick);
  const cancelOffline = deps.scheduler.after(OFFLINE_AFTER_MS, () => {
    if (!courier.status().online) noteConnection(false);
  });
  courier.start();
  const stopThumbnails = startThumbnails(core, token, () => courier.status().online);
  refetchForm();

  return {
    core,
    saved: session,
    state: core.state,
    form: form.current,
    courier: courier.status,
    requirements: deviceCheck.requirements,
    checkDevice: deviceCheck.check,
    acceptDevice: deviceCheck.accept,
    startExam: () => startExam(core, form, serverClock),
    staffExit: (code, reason) => staffExit(core, staffCode, { code, reason }),
    staffIdentity: (action) => staffIdentity(core, staffCode, action),
    identityCheck,
    roomScan,
    captureEveryMs,
    identity: (capture) => {
      // A page that measures nonsense must not come near a comparison.
      if (captureEveryMs() === null || !check(FaceCaptureSchema, capture).ok) return;
      cameraSight.capture(capture);
      const t = Math.max(0, Math.round(core.clock.now() - capture.ageMs));
      if (runs()) observeAll(identityWatch.capture(capture, t));
      else identityCheck.capture(capture, t);
    },
    act: (action) => performInAttempt(core, action, form.current),
    noteCoverage,
    signal,
    camera: (sample) => {
      if (!watchesCamera()) return;
      const t = core.clock.now();
      cameraSight.sample(sample, t);
      observeAll(core.camera.sample(sample, t));
      if (runs())
        observeAll(identityWatch.sample(sample, Math.max(0, Math.round(t - sample.ageMs))));
    },
    still: (jpeg) => {
      if (!watchesCamera()) return;
      const t = core.clock.now();
      core.stills.offer(jpeg, t, core.camera.others());
      const [still] = core.stills.latest(1);
      if (still?.t === t) roomScan.still(still);
    },
    stop: async () => {
      stopTicks();
      stopThumbnails();
      cancelOffline();
      crew.stop();
      courier.stop();
      await core.stop();
    },
  };
};
