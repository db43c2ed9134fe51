import type { Sensor } from '#shared/ports/sensor.port.ts';
import { domSensor } from './dom-sensor.ts';

/**
 * The browser put the page to sleep and woke it (to save memory or power), or showed it again out of its
 * history. Nothing was watched meanwhile, which is technical and on record (Art. 19); that the page was
 * hidden for it is the focus sensor's fact.
 */
export const pageLifeSensor = (): Sensor =>
  domSensor('page-life', ['platform'], ({ listen, emit }) => {
    let frozenAt: number | null = null;
    listen(document, 'freeze', () => {
      frozenAt = Date.now();
    });
    listen(document, 'resume', () => {
      const sleptMs = frozenAt === null ? 0 : Math.max(0, Date.now() - frozenAt);
      frozenAt = null;
      emit({ kind: 'platform', phase: 'happened', facts: { cause: 'page-frozen', sleptMs } });
    });
    listen(window, 'pageshow', (event) => {
      if (!(event instanceof PageTransitionEvent) || !event.persisted) return;
      emit({ kind: 'platform', phase: 'happened', facts: { cause: 'page-restored' } });
    });
  });
