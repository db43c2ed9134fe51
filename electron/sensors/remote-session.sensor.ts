import {
  matchRule,
  type ProgramLists,
  type ProgramPlatform,
} from '#shared/incident/program-rules.ts';
import { type RemoteTool, type RemoteView, remoteView } from '#shared/incident/remote-rules.ts';
import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';
import { type Finding, polledSensor } from './polled-sensor.ts';
import { descendants, type ProcessTable } from './probe/process-table.ts';
import { type RemoteProbe, SocketsUnseen } from './probe/remote-probe.ts';

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

  const view = async (signal: AbortSignal): Promise<{ found: RemoteView; limits: Limits }> => {
    const { programs, limit } = await processes.list(signal);
    const own = descendants(programs, options.ownPid);
    const candidates = programs.filter(
      (program) => !own.has(program.pid) && matchRule(program, rules, platform) !== null,
    );
    const pids = candidates.map(({ pid }) => pid);
    let limits: Limits =
      limit === 'none' ? {} : { 'remote-session': { reason: limit, partly: true } };
    const sockets = await probe.sockets(pids, signal).catch((error: unknown) => {
      if (!(error instanceof SocketsUnseen)) throw error;
      limits = { 'remote-session': { reason: error.reason, partly: true } };
      return [];
    });
    const session = await probe.session(signal);
    const found = remoteView(candidates, sockets, session, tools, options.lists, platform);
    return { found, limits };
  };

  return polledSensor({
    id: 'remote-session',
    watches: ['remote-session'],
    everyMs: options.everyMs ?? EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    confirmMs: CONFIRM_MS,
    look: async (signal) => {
      const { found, limits } = await view(signal);
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
      return { findings, limits };
    },
    check: async () => {
      const seen = await view(AbortSignal.timeout(CHECK_MS)).catch(() => null);
      if (seen === null) {
        return { id: 'remote', outcome: 'not-watched', cause: 'tool-missing', blocks: false };
      }
      const { inUse, waiting } = seen.found;
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
