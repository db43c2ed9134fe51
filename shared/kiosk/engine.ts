import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { CoverageByKind } from '#shared/incident/coverage.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';
import { TamperedStorageError } from '#shared/ports/ledger-store.port.ts';
import type { Signal } from '#shared/ports/sensor.port.ts';
import type { EnrolResponse } from '#shared/wire/http.ts';
import { type KioskAction, KioskActionSchema, type Requirement } from '#shared/wire/kiosk-view.ts';
import { type AttemptSession, openSession } from './attempt/attempt-session.ts';
import { readLedger } from './attempt/read-ledger.ts';
import { createDrain } from './courier/drain.ts';
import { createLifetime, StoppedError, untilDone } from './courier/retry.ts';
import { createServerClock } from './courier/server-clock.ts';
import { enrol, signIn } from './door/door.ts';
import { createDoorWatch } from './door/door-watch.ts';
import { checkDevice } from './door/requirements.ts';
import type { EngineDeps } from './engine-deps.ts';
import { createSensorCrew } from './machine/sensor-crew.ts';
import { createSaved, type SavedSession } from './saved.ts';
import { buildView, sameView } from './view.ts';

export type { EngineDeps } from './engine-deps.ts';

/** The kiosk's engine: the same in Electron's main process and in the web page. */
export interface KioskEngine extends KioskHost {
  /** Reads what the device remembers and goes on with an attempt that was open. Resolves when it does. */
  start(): Promise<void>;
  /** Ends timers and connections after the turn under way. What is stored stays; `start` a new engine to go on. */
  stop(): Promise<void>;
  /** A fact that the host itself noticed, besides its sensors. Ignored without an attempt. */
  signal(signal: Signal): void;
  /**
   * What can be watched on this machine and what a device check would find, without an attempt; the engine
   * need not be started. The camera is not among it.
   * @param ms how long the sensors may run to say what they cannot do.
   * @returns null while there is an attempt.
   */
  survey(ms: number): Promise<Survey | null>;
}

export interface Survey {
  readonly coverage: CoverageByKind;
  readonly requirements: readonly Requirement[];
}

type Outcome = Result<null, Problem>;
type ProblemSource = 'storage' | 'courier' | 'fork' | 'identity';
/** The clock's offset is remembered when it changed by more than this, ms. */
const OFFSET_STEP_MS = 500;
/** How often a view that changes with time alone is looked at, ms. */
const REFRESH_MS = 500;

/** A storage that fails may work again; one that was changed by hand will not. */
const storageProblem = (failure: unknown): Problem => ({
  code: failure instanceof TamperedStorageError ? 'chain-broken' : 'storage-failed',
});

/**
 * Puts the kiosk together. Nothing runs before `start`.
 *
 * Everything that matters is a ledger entry, written by one hand in turns: durable first, then shown,
 * then sent. `perform` resolves when the action is stored; while the storage fails it waits, and the
 * view says `storage-failed`.
 * @param deps the machine's adapters.
 */
export const createKioskEngine = (deps: EngineDeps): KioskEngine => {
  const lifetime = createLifetime(deps.scheduler);
  const saved = createSaved(deps.store, deps.log);
  const serverClock = createServerClock(deps.clock);
  const drain = createDrain(deps, saved);
  const crew = createSensorCrew(deps, () => session?.noteCoverage());
  const listeners = new Set<(view: KioskView) => void>();
  const problems = new Map<ProblemSource, Problem>();
  const { identityProblem = null } = deps;
  if (identityProblem !== null) problems.set('identity', identityProblem);
  let device: EnrolResponse | null = null;
  let session: AttemptSession | null = null;
  let started = false;
  let stopped = false;
  /** One person at one door: enrolment, sign-in and sign-out run one at a time. */
  let atDoor = false;
  let savedOffset: number | null = null;
  let stopRefresh = (): void => undefined;

  const problem = (): Problem | null =>
    problems.get('fork') ??
    problems.get('storage') ??
    problems.get('courier') ??
    problems.get('identity') ??
    null;
  const currentView = (before: KioskView | null): KioskView =>
    buildView(
      {
        started,
        device,
        session,
        serverClock,
        reachable: doorWatch.reachable(),
        problem: problem(),
      },
      before,
    );
  const doorWatch = createDoorWatch(
    deps,
    serverClock,
    () => session === null,
    () => publish(),
  );
  let view = currentView(null);

  const publish = (): void => {
    if (stopped) return;
    const next = currentView(view);
    if (sameView(next, view)) return;
    view = next;
    for (const listener of [...listeners]) listener(view);
  };

  const rememberOffset = (): void => {
    const offset = serverClock.offsetMs();
    if (offset === null) return;
    if (savedOffset !== null && Math.abs(offset - savedOffset) < OFFSET_STEP_MS) return;
    savedOffset = offset;
    saved.saveClock(offset).catch(() => undefined);
  };

  const refresh = (): void => {
    rememberOffset();
    publish();
  };

  const tell = (source: ProblemSource, value: Problem | null): void => {
    if (value === null) problems.delete(source);
    else problems.set(source, value);
    publish();
  };

  const open = async (opening: SavedSession, ackedSeq: number): Promise<void> => {
    if (device === null || stopped) return;
    problems.clear();
    const opened = await openSession({
      deps,
      crew,
      saved,
      serverClock,
      deviceId: device.deviceId,
      session: opening,
      ackedSeq,
      onChange: publish,
      onProblem: tell,
    });
    if (stopped) return opened.stop();
    session = opened;
    opened.noteCoverage();
    publish();
  };

  /** Goes on where the last process was. */
  const goOn = async (): Promise<void> => {
    device = await saved.device();
    const offset = await saved.clock();
    if (offset !== null) serverClock.restore(offset.offsetMs);
    const remembered = device === null ? null : await saved.session();
    if (remembered !== null && session === null) await open(remembered, 0);
  };

  const doEnrol = async (code: string): Promise<Outcome> => {
    if (device !== null) return fail({ code: 'not-in-this-stage' });
    const enrolled = await enrol(deps, code);
    if (!enrolled.ok) return enrolled;
    await saved.saveDevice(enrolled.value);
    device = enrolled.value;
    tell('identity', null);
    return ok(null);
  };

  const doSignIn = async (document: string, secret: string): Promise<Outcome> => {
    if (device === null) return fail({ code: 'device-not-enrolled' });
    if (session !== null) return fail({ code: 'not-in-this-stage' });
    const signedIn = await signIn(
      deps,
      serverClock,
      device.deviceToken,
      { document, secret },
      async (attemptId) => (await readLedger(deps.ledger, attemptId)).length,
    );
    if (!signedIn.ok) {
      // Revoked. Only in memory: a wrong server must not make a device forget the right one's token.
      if (signedIn.error.code === 'device-not-enrolled') {
        device = null;
        tell('identity', signedIn.error);
      }
      return signedIn;
    }
    if (stopped) return fail({ code: 'not-in-this-stage' });
    const { token, ticket, template, lastSeq } = signedIn.value;
    await drain.remove(ticket.attemptId);
    await saved.saveSession({ token, ticket, template });
    await open({ token, ticket, template }, lastSeq);
    return ok(null);
  };

  const doSignOut = async (leaving: AttemptSession): Promise<Outcome> => {
    const { phase } = leaving.state();
    if (phase === 'in-progress' || phase === 'paused') return fail({ code: 'not-in-this-stage' });
    const { token, ticket } = leaving.saved;
    const { ackedSeq } = leaving.courier();
    // In this order, so that a crash in between loses neither the entries nor the way back.
    await drain.add({ attemptId: ticket.attemptId, token, ackedSeq });
    await saved.forgetSession();
    if (phase === 'closed') await saved.forgetForm(ticket.attemptId);
    session = null;
    problems.clear();
    await leaving.stop();
    drain.start();
    try {
      await deps.lockdown.leave();
    } catch (failure) {
      deps.log('error', 'lockdown could not be left', { detail: String(failure) });
    }
    return ok(null);
  };

  const throughDoor = async (task: () => Promise<Outcome>): Promise<Outcome> => {
    if (atDoor) return fail({ code: 'conflict' });
    atDoor = true;
    try {
      return await task();
    } finally {
      atDoor = false;
    }
  };

  const dispatch = (action: KioskAction): Promise<Outcome> => {
    if (action.type === 'enrol') return throughDoor(() => doEnrol(action.code));
    if (action.type === 'sign-in') {
      return throughDoor(() => doSignIn(action.document, action.secret));
    }
    const here = session;
    if (here === null) return Promise.resolve(fail({ code: 'not-in-this-stage' }));
    switch (action.type) {
      case 'sign-out':
        return throughDoor(() => doSignOut(here));
      case 'check-device':
        return here.checkDevice();
      case 'accept-device':
        return here.acceptDevice();
      case 'start-exam':
        return here.startExam();
      case 'staff-exit':
        return here.staffExit(action.code, action.reason);
      case 'staff-identity':
        return here.staffIdentity(action);
      case 'begin-identity':
        return here.camera.identityCheck.begin();
      case 'report-missing-document':
        return here.camera.identityCheck.reportMissingDocument();
      case 'begin-room-scan':
        return here.camera.roomScan.begin();
      case 'refuse-room-scan':
        return here.camera.roomScan.refuse();
      default:
        return here.act(action);
    }
  };

  return {
    capabilities: async () => ({ ...deps.capabilities, coverage: crew.coverage() }),
    subscribe: (listener) => {
      listeners.add(listener);
      listener(view);
      return () => listeners.delete(listener);
    },
    perform: async (action) => {
      if (!started || stopped) return fail({ code: 'not-in-this-stage' });
      if (!check(KioskActionSchema, action).ok) return fail({ code: 'bad-request' });
      try {
        return await dispatch(action);
      } catch (failure) {
        if (failure instanceof StoppedError) return fail({ code: 'not-in-this-stage' });
        deps.log('error', 'action failed', { action: action.type, detail: String(failure) });
        return fail(storageProblem(failure));
      } finally {
        publish();
      }
    },
    reportCamera: (sample: CameraSample) => session?.camera.sample(sample),
    offerStill: (jpeg) => session?.camera.still(jpeg),
    reportIdentity: (capture) => session?.camera.capture(capture),
    signal: (signal) => session?.signal(signal),
    survey: async (ms) => {
      if (session !== null) return null;
      const [requirements] = await Promise.all([
        checkDevice(deps, crew, saved, serverClock),
        crew.rehearse(ms),
      ]);
      return session === null ? { coverage: crew.coverage(), requirements } : null;
    },
    start: async () => {
      if (started || stopped) return;
      stopRefresh = deps.scheduler.every(REFRESH_MS, refresh);
      await untilDone(lifetime, goOn, (failure) => {
        if (failure !== null)
          deps.log('error', 'device memory not read', { detail: String(failure) });
        tell('storage', failure === null ? null : storageProblem(failure));
      });
      started = true;
      drain.start();
      doorWatch.start();
      publish();
    },
    stop: async () => {
      stopped = true;
      lifetime.end();
      stopRefresh();
      drain.stop();
      doorWatch.stop();
      listeners.clear();
      await session?.stop();
      crew.stop();
    },
  };
};
