import type { Reading } from '#shared/incident/reading.ts';
import type { TcpSocket } from '#shared/incident/remote-rules.ts';

/** The tool through which the examinee's own session is shown elsewhere. */
export interface ShownElsewhere {
  readonly id: string;
  readonly name: string;
}

/** What a system tells about remote control, besides its processes. */
export interface RemoteProbe {
  /** Null when the system says that the session is this machine's own. */
  session(signal: AbortSignal): Promise<Reading<ShownElsewhere | null>>;
  /**
   * Listening and established TCP sockets.
   * @param pids of the processes whose sockets are of interest, where owners cost something to find.
   */
  sockets(pids: readonly number[], signal: AbortSignal): Promise<Reading<readonly TcpSocket[]>>;
}
