import { WebLockdown } from '#renderer/adapters/web-lockdown.ts';
import { type WebMeans, webSensors } from '#renderer/adapters/web-sensors.ts';
import type { CoverageByKind } from '#shared/incident/coverage.ts';
import { builtCoverage, presentCoverage } from '#shared/kiosk/machine/machine-coverage.ts';
import type { Limits, Signal } from '#shared/ports/sensor.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';

/** The web host's sensors and lockdown at work, without engine and screens, for a test outside of the page. */
export interface SensorPage {
  start(means: WebMeans): void;
  stop(): void;
  /** The exam is about to stop. */
  lastWord(): void;
  /** What they said since the last asking. */
  take(): readonly (Signal & { readonly sensor: string })[];
  coverage(): CoverageByKind;
  checks(): Promise<readonly Requirement[]>;
  enter(): Promise<void>;
  leave(): Promise<void>;
}

declare global {
  var sensorPage: SensorPage;
}

let sensors = webSensors({ keyboardLock: true, oneProgram: false });
let limits: Limits[] = [];
let said: (Signal & { sensor: string })[] = [];
const lockdown = new WebLockdown();

globalThis.sensorPage = {
  start: (means) => {
    sensors = webSensors(means);
    limits = sensors.map(() => ({}));
    sensors.forEach((sensor, i) => {
      sensor.start((signal) => said.push({ sensor: sensor.id, ...signal }), {
        limited: (now) => {
          limits[i] = now;
        },
        alive: () => undefined,
      });
    });
  },
  stop: () => {
    for (const sensor of sensors) sensor.stop();
  },
  lastWord: () => {
    for (const sensor of sensors) sensor.lastWord?.();
  },
  take: () => {
    const taken = said;
    said = [];
    return taken;
  },
  coverage: () => presentCoverage(builtCoverage(sensors, new Set()), sensors, limits),
  checks: async () =>
    (await Promise.all(sensors.map((one) => one.check?.()))).flatMap((one) => one ?? []),
  enter: () => lockdown.enter(),
  leave: () => lockdown.leave(),
};
