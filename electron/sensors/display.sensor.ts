import type { Screen } from 'electron';
import type { Sensor } from '#shared/ports/sensor.port.ts';

/** Art. 29p: more than one display. A lone external monitor is one display and passes. */
export const displaySensor = (screen: Screen): Sensor => {
  let stop: (() => void) | null = null;
  return {
    id: 'display',
    watches: ['extra-display'],
    start(emit) {
      if (stop !== null) return;
      let extra = false;
      const look = () => {
        const displays = screen.getAllDisplays().length;
        if (displays > 1 === extra) return;
        extra = displays > 1;
        emit({ kind: 'extra-display', phase: extra ? 'began' : 'ended', facts: { displays } });
      };
      screen.on('display-added', look);
      screen.on('display-removed', look);
      stop = () => {
        screen.off('display-added', look);
        screen.off('display-removed', look);
      };
      look();
    },
    stop() {
      stop?.();
      stop = null;
    },
  };
};
