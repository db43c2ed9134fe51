import {
  matchRule,
  type ProgramLists,
  type ProgramPlatform,
} from '#shared/incident/program-rules.ts';
import { failed, lackOf, partial, type Reading, toldOf } from '#shared/incident/reading.ts';
import { type RemoteTool, type RemoteView, remoteView } from '#shared/incident/remote-rules.ts';
import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';
import { type Finding, polledSensor } from './polled-sensor.ts';
import { descendants, type ProcessTable } from './probe/process-table.ts';
import type { RemoteProbe } from './probe/remote-probe.ts';
import { oncePerProgram } from './program-matcher.ts';

export interface RemoteSessionSensorOptions {
  readonly processes: ProcessTable;
  readonly probe: RemoteProbe;
  readonly tools: readonly RemoteTool[];
  readonly lists: ProgramLists;
  readonly platform: ProgramPlatform;
  readonly ownPid: number;
  /** Whether a tool that only waits keeps the exam from starting. */
  readonly waitingBlocks: boolean;
  readonly everyMs?: number;
}

const EVERY_MS = 4_000;
const TIMEOUT_MS = 7_000;
const CONFIRM_MS = 1_000;
const CHECK_MS = 7_000;

/**
 * Art. 29n: somebody sees or controls this computer from elsewhere.
 *
 * Fairness: a service that is installed and waits (AnyDesk's, Windows' own remote desktop switched on) is
 * what technology staff put there, and no session. It is a note of the device check, which blocks only if
 * the institution says so. Stated during the exam is only what is going on: the examinee's own session
 * comes from elsewhere, a process that lives only while somebody is connected, a connection to the tool's
 * port, or a tool that was opened. Classroom management on the allowed list is never stated.
 *
 * What it cannot see: a tool that nobody has heard of, over a relay, without window; the network of the
 * room has to stop that.
 */
export const remoteSessionSensor = (options: RemoteSessionSensorOptions): Sensor => {
  const { processes, probe, tools, platform } = options;
  const rules = tools.map(({ rule }) => rule);
  const isTool = oncePerProgram((program) => matchRule(program, rules, platform) !== null);

  /** Nothing of it is known where there are no processes; of the rest, what is told. */
  const view = async (
    signal: AbortSignal,
  ): Promise<Reading<RemoteView & { readonly sockets: boolean; readonly session: boolean }>> => {
    const running = await processes.list(signal);
    const programs = toldOf(running);
    if (programs === null) return failed(lackOf(running) ?? 'tool-failed');
    const own = descendants(programs, options.ownPid);
    const candidates = programs.filter((program) => !own.has(program.pid) && isTool(program));
    const pids = candidates.map(({ pid }) => pid);
    const sockets = await probe.sockets(pids, signal);
    const session = await probe.session(signal);
    const found = remoteView(
      candidates,
      toldOf(sockets) ?? [],
      toldOf(session),
      tools,
      options.lists,
      platform,
    );
    return partial(
      { ...found, sockets: sockets.state === 'told', session: session.state === 'told' },
      lackOf(running) ?? lackOf(sockets) ?? lackOf(session),
    );
  };

  return polledSensor({
    id: 'remote-session',
    watches: ['remote-session'],
    everyMs: options.everyMs ?? EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    confirmMs: CONFIRM_MS,
    look: async (signal) => {
      const read = await view(signal);
      const found = toldOf(read);
      const reason = lackOf(read);
      const limits: Limits =
        reason === null ? {} : { 'remote-session': { reason, partly: found !== null } };
      if (found === null) return { findings: [], limits, unseen: () => true };
      const findings = found.inUse.map(
        ({ id, name, sign, port, renamed }): Finding => ({
          kind: 'remote-session',
          key: id,
          facts: {
            program: name,
            sign,
            ...(port === undefined ? {} : { port }),
            ...(renamed && { renamed }),
          },
        }),
      );
      // What was seen by a source that is silent now is not over by that.
      const unseen = ({ facts: { sign } }: Finding): boolean =>
        (sign === 'connection' && !found.sockets) || (sign === 'session' && !found.session);
      return { findings, limits, unseen };
    },
    check: async () => {
      const read = await view(AbortSignal.timeout(CHECK_MS)).catch(() => failed('tool-failed'));
      const found = toldOf<RemoteView>(read);
      const cause = lackOf(read);
      if (found === null) {
        return {
          id: 'remote',
          outcome: 'not-watched',
          ...(cause !== null && { cause }),
          blocks: false,
        };
      }
      const { inUse, waiting } = found;
      if (inUse.length > 0) {
        const names = inUse.map(({ name }) => name).slice(0, 10);
        return { id: 'remote', outcome: 'failed', cause: 'in-use', names, blocks: true };
      }
      if (waiting.length > 0) {
        const names = waiting.slice(0, 10);
        const blocks = options.waitingBlocks;
        return { id: 'remote', outcome: 'failed', cause: 'waiting', names, blocks };
      }
      return { id: 'remote', outcome: 'ok', blocks: true };
    },
  });
};
