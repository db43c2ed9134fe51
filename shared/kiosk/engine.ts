import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { CoverageByKind } from '#shared/incident/coverage.ts';
import { rulesOf } from '#shared/incident/rule-sets.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { KioskHost } from '#shared/ports/kiosk-host.port.ts';
import { TamperedStorageError } from '#shared/ports/ledger-store.port.ts';
import type { Signal } from '#shared/ports/sensor.port.ts';
import { type KioskAction, KioskActionSchema, type Requirement } from '#shared/wire/kiosk-view.ts';
import { openSession } from './attempt/attempt-session.ts';
import { createDrain } from './courier/drain.ts';
import { createReach } from './courier/reach.ts';
import { createLifetime, StoppedError, untilDone } from './courier/retry.ts';
import { createServerClock } from './courier/server-clock.ts';
import { createDoorWatch } from './door/door-watch.ts';
import { checkDevice } from './door/requirements.ts';
import { createVisits } from './door/visits.ts';
import type { EngineDeps } from './engine-deps.ts';
import { createSensorCrew } from './machine/sensor-crew.ts';
import { createSaved, type SavedSession } from './saved.ts';
import type { Standing } from './standing.ts';
import { catchUp } from './storage/catch-up.ts';
import { createSteadyStorage } from './storage/steady-storage.ts';
import { createViewFeed } from './view-feed.ts';

/** The kiosk's engine: the same in Electron's main process and in the web page. */
export interface KioskEngine extends KioskHost {
  /** Reads what the device remembers and goes on with an attempt that was open. Resolves when it does. */
  start(): Promise<void>;
  /** Ends timers and connections after the turn under way. What is stored stays; `start` a new engine to go on. */
  stop(): Promise<void>;
  /** A fact that the host itself noticed, besides its sensors. Ignored without an attempt. */
  signal(signal: Signal): void;
  /** The host saw that the machine came into a network, or into another one, or that it is in none (`here` false). */
  networkChanged(here: boolean): void;
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
/** The clock's offset is remembered when it changed by more than this, ms. */
const OFFSET_STEP_MS = 500;
/** How long an attempt that goes on waits for what the server has of it and the device lost, ms. */
const CATCH_UP_MS = 3_000;
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
 * then sent. `perform` resolves when the action is stored, here or at the server. While the storage fails the exam
 * goes on: entries are held and sent (`steady-storage.ts`), and the view says `storage-failed`.
 * @param given the machine's adapters.
 */
export const createKioskEngine = (given: EngineDeps): KioskEngine => {
  const standing: Standing = {
    device: null,
    institution: null,
    session: null,
    started: false,
    stopped: false,
  };
  const storage = createSteadyStorage({
    ledger: given.ledger,
    store: given.store,
    scheduler: given.scheduler,
    onChange: () => {
      const { failing } = storage.standing();
      feed.tell('storage', failing ? { code: 'storage-failed' } : null);
      standing.session?.storageChanged();
    },
    onFork: () => feed.tell('fork', { code: 'already-open-elsewhere' }),
  });
  const reach = createReach(given, () => feed.publish());
  const { api, live } = reach;
  const deps: EngineDeps = { ...given, api, live, ledger: storage.ledger, store: storage.store };
  const lifetime = createLifetime(deps.scheduler);
  const saved = createSaved(deps.store, deps.log, given.store);
  const serverClock = createServerClock(deps.clock);
  const drain = createDrain(deps, saved);
  const crew = createSensorCrew(deps, () => standing.session?.noteCoverage());
  let savedOffset: number | null = null;
  let stopRefresh = (): void => undefined;

  const doorWatch = createDoorWatch(
    deps,
    reach,
    serverClock,
    () => standing.session === null,
    (institution) => {
      standing.institution = institution;
      feed.publish();
    },
  );
  const feed = createViewFeed(standing, serverClock, reach.state);
  if (deps.identityProblem != null) feed.tell('identity', deps.identityProblem);

  const rememberOffset = (): void => {
    const offset = serverClock.offsetMs();
    if (offset === null) return;
    if (savedOffset !== null && Math.abs(offset - savedOffset) < OFFSET_STEP_MS) return;
    savedOffset = offset;
    saved.saveClock(offset).catch(() => undefined);
  };

  const refresh = (): void => {
    rememberOffset();
    feed.publish();
  };

  const open = async (opening: SavedSession, ackedSeq: number): Promise<void> => {
    if (standing.device === null || standing.stopped) return;
    feed.clearProblems();
    const opened = await openSession({
      deps,
      crew,
      saved,
      storage,
      serverClock,
      deviceId: standing.device.deviceId,
      session: opening,
      ackedSeq,
      reach,
      onChange: feed.publish,
      onProblem: feed.tell,
    });
    if (standing.stopped) return opened.stop();
    standing.session = opened;
    opened.noteCoverage();
    feed.publish();
  };

  /** Nobody waits long for a network: without it the attempt goes on with what the device has. */
  const catchUpSoon = async ({ token, ticket }: SavedSession): Promise<void> => {
    let over = false;
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = deps.scheduler.after(CATCH_UP_MS, resolve);
    });
    await Promise.race([catchUp(deps, ticket.attemptId, token, () => over), late]);
    over = true;
    cancel();
  };

  /** Goes on where the last process was. */
  const goOn = async (): Promise<void> => {
    standing.device = await saved.device();
    const offset = await saved.clock();
    if (offset !== null) serverClock.restore(offset.offsetMs);
    const remembered = standing.device === null ? null : await saved.session();
    if (remembered === null || standing.session !== null) return;
    if (rulesOf(remembered.ticket.policy) !== null) {
      await catchUpSoon(remembered);
      return open(remembered, 0);
    }
    // Begun by a later build than this one. What it wrote still goes to the server; who sits there waits for the update.
    const { token, ticket } = remembered;
    await drain.add({ attemptId: ticket.attemptId, token, ackedSeq: 0 });
    feed.tell('identity', { code: 'protocol-version' });
  };

  const onLeft = doorWatch.look;
  const visits = createVisits({ deps, standing, saved, serverClock, drain, feed, open, onLeft });

  const dispatch = (action: KioskAction): Promise<Outcome> => {
    if (action.type === 'enrol') return visits.enrol(action.code);
    if (action.type === 'sign-in') return visits.signIn(action.document, action.secret);
    const here = standing.session;
    if (here === null) return Promise.resolve(fail({ code: 'not-in-this-stage' }));
    switch (action.type) {
      case 'sign-out':
        return visits.signOut(here);
      case 'check-device':
        return here.checkDevice();
      case 'accept-device':
        return here.acceptDevice();
      case 'start-exam':
        return here.startExam();
      case 'pass-gate':
        return here.gate.press();
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
    subscribe: feed.subscribe,
    perform: async (action) => {
      if (!standing.started || standing.stopped) return fail({ code: 'not-in-this-stage' });
      if (!check(KioskActionSchema, action).ok) return fail({ code: 'bad-request' });
      try {
        return await dispatch(action);
      } catch (failure) {
        if (failure instanceof StoppedError) return fail({ code: 'not-in-this-stage' });
        deps.log('error', 'action failed', { action: action.type, detail: String(failure) });
        return fail(storageProblem(failure));
      } finally {
        feed.publish();
      }
    },
    reportCamera: (sample: CameraSample) => standing.session?.camera.sample(sample),
    offerStill: (jpeg) => standing.session?.camera.still(jpeg),
    reportIdentity: (capture) => standing.session?.camera.capture(capture),
    signal: (signal) => standing.session?.signal(signal),
    networkChanged: (here) => {
      standing.session?.networkChanged(here);
      if (standing.started && !standing.stopped) doorWatch.look();
    },
    survey: async (ms) => {
      if (standing.session !== null) return null;
      const [requirements] = await Promise.all([
        checkDevice(deps, crew, saved, serverClock, reach),
        crew.rehearse(ms),
      ]);
      return standing.session === null ? { coverage: crew.coverage(), requirements } : null;
    },
    start: async () => {
      if (standing.started || standing.stopped) return;
      stopRefresh = deps.scheduler.every(REFRESH_MS, refresh);
      await untilDone(lifetime, goOn, (failure) => {
        if (failure !== null)
          deps.log('error', 'device memory not read', { detail: String(failure) });
        feed.tell('storage', failure === null ? null : storageProblem(failure));
      });
      standing.started = true;
      drain.start();
      doorWatch.start();
      feed.publish();
    },
    stop: async () => {
      standing.stopped = true;
      lifetime.end();
      stopRefresh();
      drain.stop();
      doorWatch.stop();
      feed.end();
      await standing.session?.stop();
      storage.stop();
      crew.stop();
    },
  };
};
