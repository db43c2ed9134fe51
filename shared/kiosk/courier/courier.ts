import type { CommandId } from '#shared/kernel/ids.ts';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import type { ServerToKiosk } from '#shared/wire/kiosk-socket.ts';
import { type CourierLink, openCourierLink } from './courier-link.ts';
import type { CourierOptions } from './courier-options.ts';
import { createEvidenceRounds } from './evidence-rounds.ts';
import { createEvidenceSender } from './evidence-sender.ts';
import { createPolledLink } from './polled-link.ts';
import { backoffMs, spread } from './retry.ts';
import { createSendWindow } from './send-window.ts';
import { createSocketBar } from './socket-bar.ts';

export interface CourierStatus {
  readonly online: boolean;
  /** Not on line yet, and no try has failed since it began. */
  readonly looking: boolean;
  /** Everything up to here is committed on the server. */
  readonly ackedSeq: number;
  readonly latencyMs: number | null;
}

/**
 * Carries an attempt's ledger to the server and the server's commands back. It owns nothing: it is a
 * cursor over the ledger, so that nothing can be lost between "saved" and "queued". The server's
 * welcome says from where to go on; sending something twice changes nothing.
 */
export interface Courier {
  start(): void;
  stop(): void;
  /** An entry was stored. */
  written(entry: LedgerEntry): void;
  /** The command is durable on this device: says so to the server ("delivered"). */
  confirmReceived(id: CommandId): void;
  status(): CourierStatus;
  /** The machine is in a network again, or in none: nothing is waited for. */
  networkChanged(here: boolean): void;
}

/** A connection that held for so long was a good one: the next try comes soon, ms. */
const LASTING_MS = 10_000;
/** The first try after a connection that held comes within this, ms. */
const RETURN_MS = 3_000;
/** Trying again cannot mend these; connections and commands go on, entries stay on the device. */
const FINAL: ReadonlySet<ProblemCode> = new Set(['chain-broken', 'bad-signature']);

export const createCourier = (options: CourierOptions): Courier => {
  const { deps, attemptId, token, serverClock } = options;
  const evidence = createEvidenceSender(deps, attemptId, token, options.entries);
  const window = createSendWindow(deps.ledger, attemptId, {
    localSeq: options.entries.at(-1)?.seq ?? 0,
    ackedSeq: options.ackedSeq,
  });
  const polled = createPolledLink(deps);
  const bar = createSocketBar(deps);
  let running = false;
  let link: CourierLink | null = null;
  /** A socket that is tried beside the plain requests. */
  let trial: CourierLink | null = null;
  let welcomed = false;
  /** The server let the requests go for the socket that is about to be welcomed. */
  let handover = false;
  let latencyMs: number | null = null;
  /** Connections in a row that did not last. */
  let failures = 0;
  let welcomedAt = 0;
  let refusals = 0;
  let sendingStopped = false;
  let cancelRetry = (): void => undefined;
  let reconnect = (): void => undefined;
  let cancelTrial = (): void => undefined;

  const online = () => welcomed || handover;

  const evidenceRounds = createEvidenceRounds(
    evidence,
    deps.scheduler,
    () => running && online(),
    window.acked,
  );

  const acked = (seq: number): void => {
    if (window.ack(seq)) refusals = 0;
    options.onStatus();
    evidenceRounds.send();
  };

  const stopSending = (problem: Problem): void => {
    sendingStopped = true;
    deps.log('error', 'entries are no longer sent', { code: problem.code });
    options.onProblem(problem);
  };

  const pump = async (): Promise<void> => {
    const current = link;
    if (current === null || !welcomed || sendingStopped) return;
    await window.fill(
      (entries) => current.send({ type: 'entries', entries: [...entries] }),
      () => link === current && welcomed && !sendingStopped,
    );
  };

  /**
   * The server has another past than this device: an older copy of its data was put back, or the attempt went
   * on elsewhere. One entry of ours in a place that is taken lets the server see it too and tell the proctor.
   */
  const showFork = async (serverSeq: number, current: CourierLink): Promise<void> => {
    const seq = Math.min(serverSeq, window.local());
    const own = await deps.ledger.read(attemptId, seq - 1, 1);
    if (own.length > 0 && link === current) current.send({ type: 'entries', entries: [...own] });
  };

  const onWelcome = async (
    message: Extract<ServerToKiosk, { type: 'welcome' }>,
    current: CourierLink,
  ): Promise<void> => {
    const own = await window.hashAt(message.lastSeq);
    if (current === trial && running) {
      // A socket gets through again: the requests have had their time.
      const before = link;
      link = trial;
      trial = null;
      welcomed = false;
      window.disconnected();
      before?.close();
    }
    // A second welcome is an echo of the first: what it says is old.
    if (link !== current || welcomed) return;
    welcomed = true;
    handover = false;
    bar.welcomed();
    welcomedAt = deps.clock.monotonicMs();
    if (message.lastHash === (message.lastSeq === 0 ? GENESIS : own)) {
      if (!sendingStopped) options.onProblem(null);
      window.rewind(message.lastSeq);
    } else if (!sendingStopped) {
      stopSending({ code: 'chain-broken', detail: `server is at ${message.lastSeq}` });
      await showFork(message.lastSeq, current);
    }
    current.beat();
    options.onStatus();
    evidenceRounds.send();
    await pump();
  };

  const onMessage = async (message: ServerToKiosk, current: CourierLink): Promise<void> => {
    switch (message.type) {
      case 'welcome':
        return onWelcome(message, current);
      case 'ack':
        if (!window.agrees(message.seq, message.hash)) {
          if (!sendingStopped) stopSending({ code: 'chain-broken', detail: `ack ${message.seq}` });
          return;
        }
        acked(message.seq);
        return pump();
      case 'command':
        options.onCommand(message.issued);
        return;
      case 'heartbeat-ack':
        return;
      case 'refused':
        deps.log('warn', 'server refused', { code: message.problem.code });
        if (FINAL.has(message.problem.code)) {
          if (!sendingStopped) stopSending(message.problem);
          return;
        }
        // Only refused entries have to be sent again; anything else would be refused again.
        if (welcomed && message.expectedSeq === undefined) return;
        if (!welcomed) options.onProblem(message.problem);
        refusals += 1;
        current.close();
        return;
    }
  };

  const onClosed = (closed: CourierLink, viaSocket: boolean): void => {
    if (closed === trial) {
      trial = null;
      trySocketLater();
      return;
    }
    if (closed !== link) return;
    if (trial !== null && welcomed) {
      link = trial;
      trial = null;
      welcomed = false;
      handover = true;
      window.disconnected();
      return;
    }
    const wasOnline = online();
    const lasted = welcomed && deps.clock.monotonicMs() - welcomedAt >= LASTING_MS;
    bar.ended(viaSocket, welcomed, lasted);
    const opened = welcomed;
    failures = lasted ? 1 : failures + 1;
    link = null;
    welcomed = false;
    handover = false;
    latencyMs = null;
    window.disconnected();
    if (!running) return;
    if (wasOnline) options.onStatus();
    // Many may have lost it together: a server that starts again is not met by all of them at once.
    const longest = lasted ? RETURN_MS : backoffMs(Math.max(failures, refusals));
    const wait = bar.barred() && viaSocket ? 0 : spread(deps.random, longest);
    reconnect = () => {
      if (opened || bar.barred()) connect();
      else void bar.askWhetherUp().then(connect);
    };
    cancelRetry = deps.scheduler.after(wait, () => reconnect());
  };

  const openVia = (viaSocket: boolean): CourierLink => {
    const opened: CourierLink = openCourierLink({
      deps: viaSocket ? deps : { ...deps, live: polled },
      attemptId,
      token,
      live: () => {
        const unsaved = options.unsaved();
        const live = { latencyMs, ...deps.power(), pending: window.pending() };
        return unsaved === 0 ? live : { ...live, unsaved };
      },
      waitsForAck: () => window.inFlight() > 0,
      onMessage,
      onTime: (serverTime, roundTripMs, isPing) => {
        if (isPing) latencyMs = Math.round(roundTripMs);
        options.onTime(serverClock.hear(serverTime, roundTripMs), roundTripMs);
        if (isPing) options.onStatus();
      },
      onClosed: () => onClosed(opened, viaSocket),
    });
    return opened;
  };

  const trySocketLater = (): void => {
    cancelTrial();
    if (!running) return;
    cancelTrial = deps.scheduler.after(bar.nextTrialMs(), () => {
      if (running && bar.barred() && link !== null && trial === null) trial = openVia(true);
    });
  };

  const connect = (): void => {
    if (!running || link !== null) return;
    link = openVia(!bar.barred());
    if (bar.barred()) trySocketLater();
  };

  return {
    start: () => {
      if (running) return;
      running = true;
      void evidence.forgetOrphans().catch(() => undefined);
      connect();
    },
    stop: () => {
      running = false;
      cancelRetry();
      cancelTrial();
      evidenceRounds.stop();
      trial?.close();
      link?.close();
    },
    written: (entry) => {
      window.written(entry.seq);
      evidence.written(entry);
      if (welcomed) void pump();
    },
    confirmReceived: (commandId) => link?.send({ type: 'command-received', commandId }),
    status: () => ({
      online: online(),
      looking: !online() && failures === 0,
      ackedSeq: window.acked(),
      latencyMs,
    }),
    networkChanged: (here) => {
      if (!here) return link?.close();
      if (!running || link !== null) return;
      cancelRetry();
      reconnect();
    },
  };
};
