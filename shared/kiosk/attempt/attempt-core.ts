import { type AttemptState, deadlineT, remainingMs } from '#shared/attempt/attempt-state.ts';
import { atLimit } from '#shared/attempt/copy-count.ts';
import { gateLets } from '#shared/attempt/gate.ts';
import type { Ticket } from '#shared/exam/ticket.ts';
import { needsCamera } from '#shared/incident/catalogue.ts';
import type { KindName } from '#shared/incident/kind.ts';
import type { Observation } from '#shared/incident/observation.ts';
import type { Policy } from '#shared/incident/policy.ts';
import { rulesOf } from '#shared/incident/rule-sets.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import { type CameraWatch, createCameraWatch } from '#shared/kiosk/camera/camera-watch.ts';
import { createStills, type Stills } from '#shared/kiosk/camera/stills.ts';
import { type Lifetime, StoppedError } from '#shared/kiosk/courier/retry.ts';
import type { ServerClock } from '#shared/kiosk/courier/server-clock.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import { createTurnQueue } from '#shared/kiosk/turn-queue.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { ClosedBy, FactData } from '#shared/wire/facts.ts';
import { type Conditions, createConditions } from './conditions.ts';
import { createExamClock, type ExamClock } from './exam-clock.ts';
import { createJudge, type Judge } from './judge.ts';
import { createWriter, type Writer } from './writer.ts';

/**
 * One attempt on this device: its clock, ledger, rules and turns. Everything that writes runs in a
 * turn, one after the other, so that order in the ledger is order of decision.
 */
export interface AttemptCore {
  readonly deps: EngineDeps;
  readonly ticket: Ticket;
  readonly clock: ExamClock;
  readonly writer: Writer;
  readonly judge: Judge;
  readonly conditions: Conditions;
  readonly camera: CameraWatch;
  readonly stills: Stills;
  state(): AttemptState;
  /** Ends this attempt's life in the process; what is stored stays. Resolves when the last turn is over. */
  stop(): Promise<void>;
  /** Runs a turn. @throws {StoppedError} when the attempt was stopped before. */
  turn<T>(task: () => Promise<T>): Promise<T>;
  /** Like `turn` for something that nobody waits for. */
  spawn(task: () => Promise<void>): void;
  /** In a turn: lets the rules catch up with the time, and closes when the examinee's time is over. */
  settle(): Promise<void>;
  /** In a turn: closes the attempt; nothing when it is closed. */
  close(by: ClosedBy): Promise<void>;
  /**
   * In a turn: the exam runs from exam time `t` on; what lasts is stated anew.
   * @param how `restarted` when the program died and came back, else `resumed`.
   */
  run(t: ExamTime, how?: 'resumed' | 'restarted'): Promise<void>;
  /** In a turn, while the exam runs: the gate lets what the camera shows be judged from now on. */
  beginWatch(judged: FactData<'watch-began'>['judged']): Promise<void>;
  /** In a turn, while the exam runs: whoever sits there is asked anew since `t`; nothing without a gate. */
  closeGate(t: ExamTime): Promise<void>;
  /** In a turn: nobody watched for `downMs` (the machine slept): what lasted then is unknown. */
  missed(downMs: number): Promise<void>;
  /** Begins to look at the camera anew: what was seen before says nothing about now. */
  restartCamera(t: ExamTime): void;
  /**
   * Takes note that time is being watched. To be called at every tick and for every look at the camera.
   * @returns false right after a suspension: what the camera did meanwhile is nobody's silence.
   */
  alive(): boolean;
  /** In a turn, before the exam stands still or closes: hears what the sensors have held back until something explains it. */
  hearOut(): Promise<void>;
  /** In a turn: the exam stands still since `t` (it was running before). */
  halt(t: ExamTime): Promise<void>;
  /** In a turn: closes at the limit of copy attempts (Art. 70). */
  enforceLimit(): Promise<void>;
  /** In a turn, while the exam runs: records and judges a fact that the engine itself states. */
  judgeNow(observation: Observation): Promise<void>;
  /** A fact from a sensor or the camera; recorded and judged only while the exam runs. */
  observe(observation: Observation): void;
}

export interface CoreOptions {
  readonly deps: EngineDeps;
  readonly lifetime: Lifetime;
  readonly ticket: Ticket;
  readonly policy: Policy;
  readonly serverClock: ServerClock;
  readonly entries: readonly LedgerEntry[];
  /** What the sensors hold back, said now. */
  readonly lastWords: () => readonly Observation[];
  readonly onFork: () => void;
  readonly onWritten: (entry: LedgerEntry) => void;
  readonly onChange: () => void;
}

/** A process that did nothing for so long was suspended: nobody watched meanwhile, ms. */
const SUSPENDED_MS = 10_000;
/**
 * So it is with a shorter stall in which something of the camera's fell due: nobody saw it last. Timers of a hidden page
 * come once a second, ms.
 */
const STALLED_MS = 1_500;

export const createAttemptCore = (options: CoreOptions): AttemptCore => {
  const { deps, lifetime, ticket, policy, serverClock, entries } = options;
  const { attemptId } = ticket;
  const queue = createTurnQueue();
  let runningSinceT: ExamTime = 0;
  /** Since when the gate is as it is. */
  let watchedSinceT: ExamTime = 0;
  let aliveT: ExamTime = 0;
  const clock = createExamClock(deps.clock, serverClock, entries.at(-1) ?? null);
  const stills = createStills(deps, attemptId);
  const conditions = createConditions();
  const camera = createCameraWatch(clock.now(), policy);
  const writer = createWriter({
    deps,
    attemptId,
    clock,
    serverClock,
    entries,
    lifetime,
    onFork: options.onFork,
    onWritten: options.onWritten,
  });
  const judge = createJudge({ writer, policy, stills, entries, onWarnings: options.onChange });

  aliveT = clock.now();

  const turn = <T>(task: () => Promise<T>): Promise<T> =>
    queue.turn(async () => {
      if (lifetime.over()) throw new StoppedError();
      await wake();
      return task();
    });

  const spawn = (task: () => Promise<void>): void => {
    turn(task).catch((failure: unknown) => {
      if (failure instanceof StoppedError) return;
      deps.log('error', 'turn failed', { detail: String(failure) });
    });
  };

  const inProgress = () => writer.state().phase === 'in-progress';
  const heldBack = (kind: KindName): boolean => rulesOf(policy)?.parts.heldBack(kind) === true;
  /** Since when the rules hear of a kind; null while the gate holds it back. */
  const heardSince = (kind: KindName): ExamTime | null => {
    if (!heldBack(kind)) return runningSinceT;
    return gateLets(writer.state().gate) === 'closed'
      ? null
      : Math.max(runningSinceT, watchedSinceT);
  };

  const hearOut = async (): Promise<void> => {
    if (!inProgress()) return;
    const t = clock.now();
    const end = deadlineT(writer.state(), t);
    // Long after the exam's end nobody watched when it ended: the machine slept.
    if (end !== null && t - end > STALLED_MS) return;
    for (const observation of options.lastWords())
      if (conditions.take(observation) && inProgress()) await judgeObservation(observation);
  };

  const close = async (by: ClosedBy): Promise<void> => {
    await hearOut();
    const before = writer.state();
    if (before.phase === 'closed') return;
    const entry = await writer.write('attempt-closed', (t) => ({
      by,
      remainingMs: remainingMs(before, t) ?? ticket.exam.durationMs,
    }));
    if (before.phase === 'in-progress') await judge.feed({ type: 'stopped', t: entry.t });
  };

  const enforceLimit = async (): Promise<void> => {
    if (inProgress() && atLimit(writer.state())) {
      await close('copy-attempts');
    }
  };

  const judgeObservation = async (stated: Observation): Promise<void> => {
    const sinceT = heardSince(stated.kind);
    if (sinceT === null) return;
    // A single act from before the start is none of the exam's; a state that began then lasts.
    if (stated.phase === 'happened' && stated.t < sinceT) return;
    const observation = { ...stated, t: Math.max(stated.t, sinceT) };
    const entry = await writer.write('observation', observation);
    // What was due by the entry's own time comes first: a replay, which has no other clock, does the same.
    await judge.feed({ type: 'time', t: entry.t });
    await judge.feed({ type: 'observation', observation });
    await enforceLimit();
  };

  const run: AttemptCore['run'] = async (t, how = 'resumed') => {
    runningSinceT = t;
    aliveT = t;
    camera.learnNeutral();
    await judge.feed({ type: how, t });
    for (const observation of conditions.restated(t)) {
      if (inProgress()) await judgeObservation(observation);
    }
  };

  const beginWatch = async (judged: FactData<'watch-began'>['judged']): Promise<void> => {
    const { t } = await writer.write('watch-began', { judged });
    watchedSinceT = t;
    camera.learnNeutral();
    await judge.feed({ type: 'gate', gate: gateLets(writer.state().gate), t });
    for (const observation of conditions.restated(t)) {
      if (inProgress() && heldBack(observation.kind)) await judgeObservation(observation);
    }
  };

  const restartCamera = (t: ExamTime): void => {
    camera.restart(t);
    conditions.forget((kind) => needsCamera(kind) || kind === 'device-failure');
  };

  const missed = async (downMs: number): Promise<void> => {
    if (!inProgress()) return;
    const entry = await writer.write('host-restarted', { downMs });
    restartCamera(entry.t);
    await run(entry.t, 'restarted');
  };

  /** Whether nobody watched between the last sign of life and `t`. */
  const stoodStill = (t: ExamTime): boolean => {
    const gapMs = t - aliveT;
    const due = gapMs < STALLED_MS ? null : judge.nextSeenCountT();
    return gapMs >= SUSPENDED_MS || (due !== null && due <= t);
  };

  const alive = (): boolean => {
    const t = clock.now();
    if (stoodStill(t)) {
      restartCamera(t);
      // The turn's own beginning notices the gap and states it.
      spawn(async () => undefined);
      return false;
    }
    aliveT = t;
    return true;
  };

  const wake = async (): Promise<void> => {
    const t = clock.now();
    const gapMs = t - aliveT;
    const still = stoodStill(t);
    aliveT = t;
    if (still) await missed(gapMs);
  };

  return {
    deps,
    ticket,
    clock,
    writer,
    judge,
    conditions,
    camera,
    stills,
    state: writer.state,
    stop: async () => {
      lifetime.end();
      stills.clear();
      await queue.idle();
    },
    turn,
    spawn,
    enforceLimit,
    close,
    settle: async () => {
      const t = clock.now();
      const end = deadlineT(writer.state(), t);
      if (inProgress()) {
        await judge.feed({ type: 'time', t: Math.min(t, end ?? t) });
        await enforceLimit();
      }
      const { phase } = writer.state();
      if (end !== null && t >= end && (phase === 'in-progress' || phase === 'paused')) {
        await close('time');
      }
    },
    run,
    missed,
    restartCamera,
    alive,
    judgeNow: async (observation) => {
      if (inProgress()) await judgeObservation(observation);
    },
    beginWatch,
    closeGate: async (t) => {
      if (writer.state().gate !== null) await judge.feed({ type: 'gate', gate: 'closed', t });
    },
    hearOut,
    halt: (t) => judge.feed({ type: 'stopped', t }),
    observe: (observation) =>
      spawn(async () => {
        if (conditions.take(observation) && inProgress()) await judgeObservation(observation);
      }),
  };
};
