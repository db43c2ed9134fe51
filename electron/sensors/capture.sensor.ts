import { lackOf, notSupported, type Reading, toldOf } from '#shared/incident/reading.ts';
import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { polledSensor } from './polled-sensor.ts';
import type { ScreenCastProbe } from './probe/screen-cast.ts';

const TIMEOUT_MS = 5_000;

/**
 * Art. 29h: the screen is given away through the desktop's own service (PipeWire, GNOME). Files that look like
 * screenshots are not searched for: what lies in a person's folders is nobody's business. Capture keys are
 * the shortcut sensor's and the key hook's, capture programs the program sensor's.
 */
export const captureSensor = (probe: ScreenCastProbe | null): Sensor => {
  const ask = async (signal: AbortSignal): Promise<Reading<readonly string[]>> =>
    probe === null ? notSupported('platform') : probe.list(signal);
  return polledSensor({
    id: 'capture',
    watches: ['screen-share'],
    everyMs: probe?.everyMs ?? 60_000,
    timeoutMs: TIMEOUT_MS,
    look: async (signal) => {
      const read = await ask(signal);
      const through = toldOf(read);
      const reason = lackOf(read) ?? probe?.blind ?? null;
      const limits: Limits =
        reason === null ? {} : { 'screen-share': { reason, partly: through !== null } };
      return {
        findings: (through ?? []).map((name) => ({
          kind: 'screen-share',
          key: name,
          facts: { through: name.slice(0, 80) },
        })),
        limits,
        // Nobody answered, or only half of them: a cast that was there is not over by that.
        unseen: () => read.state !== 'told',
      };
    },
    check: async (): Promise<Requirement> => {
      const read = await ask(AbortSignal.timeout(TIMEOUT_MS));
      const through = toldOf(read) ?? [];
      const cause = lackOf(read);
      if (through.length > 0) {
        const names = through.map((name) => name.slice(0, 80)).slice(0, 10);
        return { id: 'capture', outcome: 'failed', cause: 'screen-share', names, blocks: true };
      }
      return cause === null
        ? { id: 'capture', outcome: 'ok', blocks: true }
        : { id: 'capture', outcome: 'not-watched', cause, blocks: false };
    },
  });
};
