import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { type AttemptState, deadlineT, EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import type { Form } from '#shared/exam/ticket.ts';
import type { CoverageByKind } from '#shared/incident/coverage.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import { withCamera } from '#shared/kiosk/camera/camera-coverage.ts';
import { type CameraRoad, createCameraRoad } from '#shared/kiosk/camera/camera-road.ts';
import { startThumbnails } from '#shared/kiosk/camera/thumbnail-pace.ts';
import { type CourierStatus, createCourier } from '#shared/kiosk/courier/courier.ts';
import type { Reach } from '#shared/kiosk/courier/reach.ts';
import { createLifetime, StoppedError } from '#shared/kiosk/courier/retry.ts';
import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import { createDeviceCheck } from '#shared/kiosk/door/device-check.ts';
import { createStaffCode } from '#shared/kiosk/door/staff-code.ts';
import { staffExit } from '#shared/kiosk/door/staff-exit.ts';
import { type StaffIdentityAction, staffIdentity } from '#shared/kiosk/door/staff-identity.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import { coverageChange } from '#shared/kiosk/machine/machine-coverage.ts';
import type { SensorCrew } from '#shared/kiosk/machine/sensor-crew.ts';
import { createSleepWatch } from '#shared/kiosk/machine/sleep-watch.ts';
import type { Saved, SavedSession } from '#shared/kiosk/saved.ts';
import type { SteadyStorage } from '#shared/kiosk/storage/steady-storage.ts';
import { createStorageWatch } from '#shared/kiosk/storage/storage-watch.ts';
import type { Signal } from '#shared/ports/sensor.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { type AttemptAction, performInAttempt } from './attempt-actions.ts';
import { applyCommand, receiveCommand } from './attempt-commands.ts';
import { type AttemptCore, createAttemptCore } from './attempt-core.ts';
import { createFormKeeper } from './attempt-form.ts';
import { openAttempt } from './attempt-resume.ts';
import { startExam } from './attempt-start.ts';
import { createCommandInbox } from './command-inbox.ts';
import { createGateKeeper, type GateKeeper } from './gate-keeper.ts';
import { readLedger } from './read-ledger.ts';
import { owedRefusal, stateRefusal } from './room-scan.ts';
import { createSensorWords } from './sensor-words.ts';

/** One attempt on the screens of this device, from its opening to the sign-out. */
export interface AttemptSession {
  readonly core: AttemptCore;
  readonly saved: SavedSession;
  state(): AttemptState;
  form(): Form | null;
  courier(): CourierStatus;
  /** The last entry that is on this device's disk. */
  storedSeq(): number;
  /** The device's storage fails, or works again. */
  storageChanged(): void;
  networkChanged(here: boolean): void;
  requirements(): readonly Requirement[];
  checkDevice(): Promise<Result<null, Problem>>;
  acceptDevice(): Promise<Result<null, Problem>>;
  startExam(): Promise<Result<null, Problem>>;
  staffExit(code: string, reason: string): Promise<Result<null, Problem>>;
  staffIdentity(action: StaffIdentityAction): Promise<Result<null, Problem>>;
  readonly camera: CameraRoad;
  readonly gate: GateKeeper;
  act(action: AttemptAction): Promise<Result<null, Problem>>;
  /** Puts on record what the host's coverage is now, if it changed. */
  noteCoverage(): void;
  signal(signal: Signal): void;
  /** Ends timers, sensors and connection. What is stored stays. */
  stop(): Promise<void>;
}

export interface SessionOptions {
  readonly deps: EngineDeps;
  readonly crew: SensorCrew;
  readonly saved: Saved;
  readonly storage: SteadyStorage;
  readonly serverClock: ServerClock;
  readonly reach: Pick<Reach, 'state' | 'tell'>;
  readonly deviceId: string;
  readonly session: SavedSession;
  /** What the server said at the sign-in that it has; 0 when not known. */
  readonly ackedSeq: number;
  readonly onChange: () => void;
  readonly onProblem: (source: 'courier' | 'fork', problem: Problem | null) => void;
}

/** The rules' clock, ms. */
const TICK_MS = 100;
/** A kiosk that has not reached the server by then is off line, ms. */
const OFFLINE_AFTER_MS = 5_000;

/**
 * Opens the attempt of `options.session` on this device: a new one gets its first entry; one that has
 * entries goes on with the same question, answers, count and time.
 */
export const openSession = async (options: SessionOptions): Promise<AttemptSession> => {
  const { deps, crew, saved, storage, serverClock, session, onChange } = options;
  const { ticket, token } = session;
  const { attemptId } = ticket;
  const entries = await readLedger(deps.ledger, attemptId);
  const before = entries.reduce(applyEntry, EMPTY_ATTEMPT);
  const policy = before.policy ?? ticket.policy;

  const lifetime = createLifetime(deps.scheduler);
  const words = createSensorWords(crew, () => core);
  const core = createAttemptCore({
    deps,
    lastWords: words.last,
    lifetime,
    ticket,
    policy,
    serverClock,
    entries,
    onFork: () => options.onProblem('fork', { code: 'already-open-elsewhere' }),
    onWritten: (entry) => {
      courier.written(entry);
      storageWatch.changed();
      onChange();
    },
    onChange,
  });
  const form = createFormKeeper(deps, saved, session, await saved.form(attemptId));
  const deviceCheck = createDeviceCheck({ ...options, core, policy });
  const inbox = createCommandInbox({
    saved,
    attemptId,
    waiting: (await saved.commands(attemptId)).filter(
      ({ id }) => !before.appliedCommands.includes(id),
    ),
  });
  const staffCode = createStaffCode(deps, ticket);
  const cameraRoad = createCameraRoad({
    core,
    template: session.template,
    saved,
    anchor: await saved.anchor(),
    cameraExempt: policy.cameraExempt,
    onChange,
  });
  const gate = createGateKeeper(core, policy);
  const sleep = createSleepWatch(deps.clock);

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
    unsaved: () => storageWatch.unsaved(),
    onStatus: () => {
      const { online } = courier.status();
      storageWatch.changed();
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

  const storageWatch = createStorageWatch(
    core,
    attemptId,
    storage,
    () => courier.status().ackedSeq,
  );

  /** Nothing is said about the camera of who is exempt from it: nobody looks through it. */
  const coverageNow = (): CoverageByKind =>
    policy.cameraExempt
      ? crew.coverage()
      : withCamera(crew.coverage(), cameraRoad.sight(core.clock.now()));
  let notedSight = '';
  const noteCoverage = (): void =>
    core.spawn(async () => {
      if (core.state().phase === 'closed') return;
      const coverage = coverageChange(core.state().coverage, coverageNow());
      if (coverage !== null) await core.writer.write('coverage-changed', { coverage });
    });
  const noteSight = (t: number): void => {
    const sight = JSON.stringify(cameraRoad.sight(t));
    if (sight !== notedSight && notedSight !== '') noteCoverage();
    notedSight = sight;
  };

  let ticking = false;
  const tick = (): void => {
    if (!core.alive()) return;
    const t = core.clock.now();
    cameraRoad.tick(t);
    gate.tick(t);
    if (!policy.cameraExempt) noteSight(t);
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

  await openAttempt(core, options.deviceId, coverageNow());
  const owed = owedRefusal(entries);
  if (owed !== null) core.spawn(() => stateRefusal(core, owed));
  for (const issued of inbox.waiting()) applyCommand(core, inbox, issued);
  crew.start(words.hear);
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
    storedSeq: () => storage.storedSeq(attemptId),
    storageChanged: storageWatch.changed,
    networkChanged: courier.networkChanged,
    requirements: deviceCheck.requirements,
    checkDevice: deviceCheck.check,
    acceptDevice: deviceCheck.accept,
    startExam: () => startExam(core, form, serverClock),
    staffExit: (code, reason) => staffExit(core, staffCode, { code, reason }),
    staffIdentity: (action) => staffIdentity(core, staffCode, action),
    camera: cameraRoad,
    gate,
    act: async (action) => {
      const outcome = await performInAttempt(core, action, form.current);
      // Outside of the turn: the exam goes on, and the screen says "saving" until it is true.
      if (outcome.ok) await storageWatch.untilKept(core.state().seq);
      return outcome;
    },
    noteCoverage,
    signal: words.hear,
    stop: async () => {
      stopTicks();
      stopThumbnails();
      cancelOffline();
      crew.stop();
      courier.stop();
      storageWatch.stop();
      await core.stop();
    },
  };
};
