import type { Event, Input, WebContents } from 'electron';
import { NO_TYPING, typeKey } from '#shared/incident/typing-speed.ts';
import type { Sensor } from '#shared/ports/sensor.port.ts';

/** A short timer that comes late shows that the program was busy, ms. */
const PULSE_MS = 250;
const STALLED_MS = 150;

/**
 * PEERS 13: keys at a speed that no hand has. Stated as `outside-input`, which is for people to review, and
 * never as `peripheral`, which counts: dictation, word prediction and on-screen keyboards inject keys just
 * as fast, and who needs them must not lose the exam by them (PEERS 11). The device that typed is stated by
 * the peripheral sensor, if it was plugged in during the exam.
 * @param now monotonic, ms.
 */
export const typingSpeedSensor = (
  contents: Pick<WebContents, 'on' | 'off'>,
  now: () => number = () => performance.now(),
): Sensor => {
  let stop: (() => void) | null = null;
  return {
    id: 'typing-speed',
    watches: ['outside-input'],
    start(emit) {
      if (stop !== null) return;
      let state = NO_TYPING;
      let pulseMs = now();
      let stalledMs = Number.NEGATIVE_INFINITY;
      const late = (): boolean => {
        if (now() - pulseMs > PULSE_MS + STALLED_MS) stalledMs = now();
        // What was queued meanwhile comes out together, for about as long again.
        return now() - stalledMs < PULSE_MS;
      };
      const pulse = setInterval(() => {
        late();
        pulseMs = now();
      }, PULSE_MS);
      pulse.unref();
      const onInput = (_: Event, input: Input): void => {
        if (input.type !== 'keyDown') return;
        const key = { atMs: now(), repeat: input.isAutoRepeat, late: late() };
        const next = typeKey(state, key);
        state = next.state;
        if (next.run === null) return;
        emit({
          kind: 'outside-input',
          phase: 'happened',
          facts: { cause: 'typing-speed', keys: next.run.keys, gapMs: next.run.medianMs },
        });
      };
      contents.on('before-input-event', onInput);
      stop = () => {
        clearInterval(pulse);
        contents.off('before-input-event', onInput);
      };
    },
    stop() {
      stop?.();
      stop = null;
    },
  };
};
