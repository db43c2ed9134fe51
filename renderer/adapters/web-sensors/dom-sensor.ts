import type { Limits, Sensor, Signal } from '#shared/ports/sensor.port.ts';

export type Emit = (signal: Signal) => void;
type Listen = (target: EventTarget, type: string, listener: (event: Event) => void) => void;

/** What the wiring of a sensor gets. */
export interface Wires {
  /** Listens until the sensor stops; on the way down, so that nothing in the page can swallow the event first. */
  readonly listen: Listen;
  readonly emit: Emit;
  readonly limited: (limits: Limits) => void;
  readonly stopped: AbortSignal;
  /** How to say what is held back, for the sensor that holds anything back. */
  readonly atLast: (say: () => void) => void;
}

/** A sensor made of DOM listeners that come and go together. */
export const domSensor = (
  id: string,
  watches: Sensor['watches'],
  wire: (wires: Wires) => void,
  check?: Sensor['check'],
): Sensor => {
  let stop: AbortController | null = null;
  let lastWord: (() => void) | undefined;
  return {
    id,
    watches,
    start(emit, tell) {
      if (stop !== null) return;
      const controller = new AbortController();
      stop = controller;
      wire({
        listen: (target, type, listener) =>
          target.addEventListener(type, listener, { capture: true, signal: controller.signal }),
        emit: (one) => {
          if (!controller.signal.aborted) emit(one);
        },
        limited: (limits) => {
          if (!controller.signal.aborted) tell.limited(limits);
        },
        stopped: controller.signal,
        atLast: (say) => {
          lastWord = say;
        },
      });
    },
    stop() {
      stop?.abort();
      stop = null;
      lastWord = undefined;
    },
    lastWord: () => lastWord?.(),
    ...(check === undefined ? {} : { check }),
  };
};

/** Turns a yes/no fact into began/ended edges: repeated events say nothing new. */
export const edges = (emit: Emit, kind: Signal['kind']) => {
  let on = false;
  return (now: boolean, facts: Signal['facts']): void => {
    if (now === on) return;
    on = now;
    emit({ kind, phase: now ? 'began' : 'ended', facts });
  };
};
