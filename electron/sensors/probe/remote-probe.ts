import type { CoverageReason } from '#shared/incident/coverage.ts';
import type { TcpSocket } from '#shared/incident/remote-rules.ts';

/** Connections cannot be listed here. */
export class SocketsUnseen extends Error {
  readonly reason: CoverageReason;
  constructor(reason: CoverageReason) {
    super(`sockets: ${reason}`);
    this.reason = reason;
  }
}

/** What a system tells about remote control, besides its processes. */
export interface RemoteProbe {
  /** The tool through which the examinee's own session is shown elsewhere; null when it is local or not known. */
  session(signal: AbortSignal): Promise<{ readonly id: string; readonly name: string } | null>;
  /**
   * Listening and established TCP sockets.
   * @throws SocketsUnseen when the system does not tell.
   * @param pids of the processes whose sockets are of interest, where owners cost something to find.
   */
  sockets(pids: readonly number[], signal: AbortSignal): Promise<readonly TcpSocket[]>;
}
