import type { Limits, Sensor } from '#shared/ports/sensor.port.ts';
import { domSensor } from './dom-sensor.ts';

/**
 * What no page can see of its machine: it states nothing and tells why, so that the proctor reads a reason
 * and a mend instead of silence.
 * @param oneProgram the system runs this one program only (kiosk session), so there is no other to see.
 */
export const unseenSensor = (oneProgram: boolean): Sensor => {
  const unseen = [
    ...(oneProgram ? [] : (['forbidden-app'] as const)),
    'screen-share',
    'remote-session',
  ] as const;
  const limits: Limits = Object.fromEntries(
    unseen.map((kind) => [kind, { reason: 'page-only', partly: false }]),
  );
  return domSensor('unseen', unseen, ({ limited }) => limited(limits));
};
