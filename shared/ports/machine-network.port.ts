import type { Reading } from '#shared/incident/reading.ts';

/** A wireless network that the machine sees. */
export interface NearbyNetwork {
  /** Its name as it is shown and asked for, 1..32 characters. */
  readonly name: string;
  /** 0..100; null where the system does not tell. */
  readonly signal: number | null;
  /** Whether it asks for a password; one of an enterprise (user and certificate) is `managed`. */
  readonly security: 'open' | 'password' | 'managed';
  /** The machine remembers how to join it. */
  readonly known: boolean;
  /** The machine is in it. */
  readonly current: boolean;
}

/** The machine's own network, as the system tells it. */
export interface MachineNetworkState {
  /** `unknown`: the system's tool says nothing of cables. */
  readonly cable: 'connected' | 'away' | 'none' | 'unknown';
  /** `off`: its radio is switched off. */
  readonly wifi: 'connected' | 'away' | 'off' | 'none';
  /** The wireless network's name, where it is in one and the system says which. */
  readonly name: string | null;
  readonly signal: number | null;
  /** Strongest first; empty where no other may be chosen. */
  readonly nearby: readonly NearbyNetwork[];
}

/** What came of changing the network. `denied`: the system wants an administrator for it. */
export type NetworkOutcome =
  | 'done'
  | 'wrong-password'
  | 'not-found'
  | 'denied'
  | 'busy'
  | 'timeout'
  | 'not-supported'
  | 'failed';

/** What the person may do: see, connect again, or choose another network too. */
export type NetworkRights = 'none' | 'reconnect' | 'choose';

/** The machine's network in the screens' hands. What passwords are typed is kept and logged nowhere. */
export interface MachineNetwork {
  readonly look: () => Promise<MachineNetworkView>;
  readonly reconnect: () => Promise<NetworkOutcome>;
  /** @param name one of `nearby`, as it was last shown. @param password null for an open or a known network. */
  readonly join: (name: string, password: string | null) => Promise<NetworkOutcome>;
}

export interface MachineNetworkView {
  readonly rights: NetworkRights;
  readonly reading: Reading<MachineNetworkState>;
}
