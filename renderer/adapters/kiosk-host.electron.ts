import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';
import type {
  MachineNetwork,
  MachineNetworkView,
  NetworkOutcome,
} from '#shared/ports/machine-network.port.ts';
import type { NetworkAsk } from '#shared/wire/host-ipc.ts';
import type { HostCapabilities } from '#shared/wire/kiosk-view.ts';

/** What the preload exposes as `window.atalaya`. The main process is the trusted side, so its answers are taken as typed. */
export interface KioskBridge {
  capabilities(): Promise<unknown>;
  perform(action: unknown): Promise<unknown>;
  subscribe(listener: (view: unknown) => void): () => void;
  reportCamera(sample: unknown): void;
  offerStill(jpeg: Uint8Array): void;
  reportIdentity(capture: unknown): void;
  network(asked: NetworkAsk): Promise<unknown>;
}

/** The machine's own network, in the main process. */
export const createElectronNetwork = (bridge: KioskBridge): MachineNetwork => ({
  look: () => bridge.network({ do: 'look' }) as Promise<MachineNetworkView>,
  reconnect: () => bridge.network({ do: 'reconnect' }) as Promise<NetworkOutcome>,
  join: (name, password) =>
    bridge.network({ do: 'join', name, password }) as Promise<NetworkOutcome>,
});

/** The kiosk's machine when the page runs in Electron: the engine lives in the main process. */
export const createElectronHost = (bridge: KioskBridge): KioskHost => ({
  capabilities: () => bridge.capabilities() as Promise<HostCapabilities>,
  subscribe: (listener) => bridge.subscribe((view) => listener(view as KioskView)),
  perform: (action) => bridge.perform(action) as Promise<Result<null, Problem>>,
  reportCamera: (sample) => bridge.reportCamera(sample),
  offerStill: (jpeg) => bridge.offerStill(jpeg),
  reportIdentity: (capture) => bridge.reportIdentity(capture),
});
