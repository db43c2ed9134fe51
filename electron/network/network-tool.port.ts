import type { Reading } from '#shared/incident/reading.ts';
import type {
  MachineNetworkState,
  NearbyNetwork,
  NetworkOutcome,
} from '#shared/ports/machine-network.port.ts';

/** How one system does it. Every call ends when `signal` aborts. */
export interface NetworkTool {
  /** @param nearby whether networks around are asked for too. */
  readonly look: (nearby: boolean, signal: AbortSignal) => Promise<Reading<MachineNetworkState>>;
  readonly reconnect: (signal: AbortSignal) => Promise<NetworkOutcome>;
  /** null where this system's tool cannot change to another network. */
  readonly join:
    | ((
        network: NearbyNetwork,
        password: string | null,
        signal: AbortSignal,
      ) => Promise<NetworkOutcome>)
    | null;
}
