import type { Sensor, Signal } from '#shared/ports/sensor.port.ts';

/**
 * Art. 29r: the clipboard's events happen in the page; the preload blocks and reports them from its own
 * world, and the IPC gate hands them to `report`.
 */
export const pageClipboardSensor = (): Sensor & { report(facts: Signal['facts']): void } => {
  let emitTo: ((signal: Signal) => void) | null = null;
  return {
    id: 'clipboard',
    watches: ['clipboard'],
    start: (emit) => {
      emitTo = emit;
    },
    stop: () => {
      emitTo = null;
    },
    report: (facts) => emitTo?.({ kind: 'clipboard', phase: 'happened', facts }),
  };
};
