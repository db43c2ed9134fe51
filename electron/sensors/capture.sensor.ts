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
  const limitsOf = (reason: Limits['screen-share']): Limits =>
    reason === undefined ? {} : { 'screen-share': reason };
  return polledSensor({
    id: 'capture',
    watches: ['screen-share'],
    everyMs: probe?.everyMs ?? 60_000,
    timeoutMs: TIMEOUT_MS,
    look: async (signal) => {
      if (probe === null)
        return { findings: [], limits: limitsOf({ reason: 'platform', partly: false }) };
      const listed = await probe.list(signal);
      if (!listed.ok)
        return { findings: [], limits: limitsOf({ reason: listed.error, partly: false }) };
      return {
        findings: listed.value.map((through) => ({
          kind: 'screen-share',
          key: through,
          facts: { through: through.slice(0, 80) },
        })),
        limits: limitsOf(probe.blind === null ? undefined : { reason: probe.blind, partly: true }),
      };
    },
    check: async (): Promise<Requirement> => {
      const listed = await probe?.list(AbortSignal.timeout(TIMEOUT_MS));
      if (listed?.ok !== true) return { id: 'capture', outcome: 'not-watched', blocks: false };
      if (listed.value.length === 0) return { id: 'capture', outcome: 'ok', blocks: true };
      const names = listed.value.map((through) => through.slice(0, 80)).slice(0, 10);
      return { id: 'capture', outcome: 'failed', cause: 'screen-share', names, blocks: true };
    },
  });
};
