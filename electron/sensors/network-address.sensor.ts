import { lackOf, type Reading, toldOf } from '#shared/incident/reading.ts';
import type { Limits, Sensor, Signal } from '#shared/ports/sensor.port.ts';
import { polledSensor } from './polled-sensor.ts';
import {
  type Address,
  type NetworkRules,
  networksOf,
  newNetworks,
} from './probe/network-change.ts';

const EVERY_MS = 5_000;
const TIMEOUT_MS = 5_000;
/** Interfaces come up address by address; what is gone again by then was on its way, ms. */
const SETTLE_MS = 3_000;

export interface NetworkAddressOptions {
  readonly addresses: () => Reading<readonly Address[]>;
  readonly rules: NetworkRules;
  /** How the server is reached, in the browser's words: `DIRECT`, `PROXY proxy:3128`. */
  readonly proxy: () => Promise<Reading<string>>;
}

/**
 * Art. 29l, 35l, PEERS 16: the machine is suddenly in another network, behind a tunnel or a proxy: `second-ip`,
 * evidence for people, since networks change by themselves too. What it started with is how it is set up: the
 * server sees that address itself. Of addresses, only the network goes on record.
 */
export const networkAddressSensor = (options: NetworkAddressOptions): Sensor => {
  const { addresses, rules, proxy } = options;
  let stated: (signal: Signal) => void = () => undefined;
  /** Networks since the start; null before the first look. */
  let known: Set<string> | null = null;
  /** New ones that have not settled yet, with when they were first seen. */
  let coming = new Map<string, number>();
  let route: string | null = null;
  const happened = (facts: Signal['facts']): void =>
    stated({ kind: 'second-ip', phase: 'happened', facts });

  const lookAtNetworks = (found: readonly Address[]): void => {
    const now = networksOf(found, rules);
    // A machine that starts without a network has not changed it when it gets one.
    if (known === null || known.size === 0) {
      known = new Set(now.map(({ network }) => network));
      return;
    }
    const fresh = newNetworks(known, now);
    coming = new Map(
      fresh.map(({ network }) => [network, coming.get(network) ?? performance.now()]),
    );
    for (const { network, name, sort } of fresh) {
      if (performance.now() - (coming.get(network) ?? 0) < SETTLE_MS) continue;
      known.add(network);
      coming.delete(network);
      happened({ cause: sort, network, interface: name.slice(0, 60) });
    }
  };
  const lookAtProxy = (now: string): void => {
    if (route !== null && now !== route)
      happened({ cause: 'proxy', from: route.slice(0, 80), to: now.slice(0, 80) });
    route = now;
  };

  const polled = polledSensor({
    id: 'network-address',
    watches: ['second-ip'],
    everyMs: EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    look: async () => {
      const [found, way] = [addresses(), await proxy()];
      // What is not told has not changed.
      const networks = toldOf(found);
      if (networks !== null) lookAtNetworks(networks);
      const now = toldOf(way);
      if (now !== null) lookAtProxy(now);
      // Where the server is reached from, it sees itself.
      const reason = lackOf(found);
      const limits: Limits =
        reason === null ? {} : { 'second-ip': { reason, partly: networks !== null } };
      return { findings: [], limits };
    },
  });
  return {
    ...polled,
    start(emit, tell) {
      stated = emit;
      known = null;
      coming = new Map();
      route = null;
      polled.start(emit, tell);
    },
    stop() {
      polled.stop();
      stated = () => undefined;
    },
  };
};
