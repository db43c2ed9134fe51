import { createElectronHost } from '#renderer/adapters/kiosk-host.electron.ts';
import { createWebHost } from '#renderer/adapters/kiosk-host.web.ts';
import type {} from '#renderer/kiosk/compose.ts';
import type { FaceCapture } from '#shared/identity/face-capture.ts';
import type { CameraSample } from '#shared/incident/camera-sample.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { HostCapabilities, KioskAction } from '#shared/wire/kiosk-view.ts';

/** One view that the host gave to one subscriber. */
export interface Delivery {
  readonly subscriber: number;
  readonly view: KioskView;
  /** It came after the subscriber had stopped. */
  readonly late: boolean;
}

/** The kiosk's host as a test outside of the page reaches it: by value, and in the order of the page. */
export interface HostPage {
  capabilities(): Promise<HostCapabilities>;
  /** @param subscriber any number that was not used before. */
  subscribe(subscriber: number): void;
  stop(subscriber: number): void;
  /** @returns the answer, and what was delivered up to it. */
  perform(action: KioskAction): Promise<{
    readonly outcome: Result<null, Problem>;
    readonly deliveries: readonly Delivery[];
  }>;
  reportCamera(sample: CameraSample): void;
  offerStill(jpeg: readonly number[]): void;
  reportIdentity(capture: FaceCapture): void;
  /** What was delivered since the last asking. @throws when a view was no plain data. */
  take(): readonly Delivery[];
}

declare global {
  var hostPage: HostPage | undefined;
}

// As the kiosk's own page picks it, with the machine and the server as they are, and without any screen.
const host =
  window.atalaya === undefined
    ? await createWebHost(__ATALAYA_VERSION__)
    : createElectronHost(window.atalaya);

const stops = new Map<number, () => void>();
const stopped = new Set<number>();
let deliveries: Delivery[] = [];
let spoiled: unknown = null;

const take = (): readonly Delivery[] => {
  if (spoiled !== null) throw spoiled;
  const taken = deliveries;
  deliveries = [];
  return taken;
};

globalThis.hostPage = {
  capabilities: () => host.capabilities(),
  subscribe: (subscriber) => {
    const stop = host.subscribe((view) => {
      try {
        const late = stopped.has(subscriber);
        deliveries.push({ subscriber, view: structuredClone(view), late });
      } catch (failure) {
        spoiled = failure;
      }
    });
    stops.set(subscriber, stop);
  },
  stop: (subscriber) => {
    stops.get(subscriber)?.();
    stopped.add(subscriber);
  },
  perform: async (action) => {
    const outcome = await host.perform(action);
    return { outcome, deliveries: take() };
  },
  reportCamera: (sample) => host.reportCamera(sample),
  offerStill: (jpeg) => host.offerStill(new Uint8Array(jpeg)),
  reportIdentity: (capture) => host.reportIdentity(capture),
  take,
};
