import type { CoverageReason } from '#shared/incident/coverage.ts';
import { lackOf, type Reading, toldOf } from '#shared/incident/reading.ts';
import type { Limits, Sensor, Signal } from '#shared/ports/sensor.port.ts';
import { polledSensor, type Seen } from './polled-sensor.ts';
import type { ClipboardContent } from './probe/clipboard-content.ts';

const EVERY_MS = 1_000;
const TIMEOUT_MS = 3_000;
/** Clipboard managers put back what was cleared within a moment; a person needs longer to copy again, ms. */
const REFILL_MS = 2_500;
/** Copied elsewhere just before coming back to the exam, ms. */
const LEFT_MS = 3_000;

/** Keys and the page's own events are still seen. */
const unseen = (reason: CoverageReason): Limits => ({
  screenshot: { reason, partly: true },
  clipboard: { reason, partly: true },
});

export interface ClipboardContentOptions {
  readonly read: () => Promise<Reading<ClipboardContent>>;
  readonly clear: () => void;
  /** What is never seen of it here. */
  readonly limits?: Limits;
  /** Whether the machine is locked for an exam: before that, the clipboard is the person's own. */
  readonly locked: () => boolean;
  /** Whether the exam's window has the keyboard. */
  readonly focused: () => boolean;
  /** Monotonic, ms. */
  readonly now?: () => number;
}

/**
 * PEERS 13, Art. 29h, 29r: something appears in the clipboard of a locked machine, on which the exam's own page
 * can copy nothing. Only what sort of thing it is is asked for; the content is never read, and cleared.
 *
 * - An image is what every screenshot key and tool leaves: `screenshot`.
 * - Text while the exam's window has just been left was copied by somebody at this machine: `clipboard`.
 * - Text while nobody left the exam came from a service (a clipboard shared with a phone, a background
 *   program). Nobody acted here, and it cannot be pasted: `outside-input`, for people to review.
 * - What comes back right after it was cleared is a clipboard manager's doing, and no act at all.
 */
export const clipboardContentSensor = (options: ClipboardContentOptions): Sensor => {
  const { read, clear, locked, focused, now = () => performance.now() } = options;
  let stated: (signal: Signal) => void = () => undefined;
  /** Since when the clipboard is known to be empty and the machine locked; null while it is not. */
  let clearedMs: number | null = null;
  let awayMs = Number.NEGATIVE_INFINITY;
  let refilled = false;

  const happened = (kind: Signal['kind'], cause: string): void =>
    stated({ kind, phase: 'happened', facts: { cause } });

  const polled = polledSensor({
    id: 'clipboard-content',
    watches: ['screenshot', 'clipboard', 'outside-input'],
    everyMs: EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    look: async () => {
      if (!focused()) awayMs = now();
      const limits: Limits = refilled
        ? { clipboard: { reason: 'platform', partly: true } }
        : (options.limits ?? {});
      const seen: Seen = { findings: [], limits };
      if (!locked()) {
        clearedMs = null;
        return seen;
      }
      const reading = await read();
      const content = toldOf(reading);
      // What cannot be seen is neither there nor gone; the next look that sees it tells.
      if (content === null) {
        const reason = lackOf(reading);
        return reason === null || reason === 'wayland'
          ? seen
          : { findings: [], limits: { ...limits, ...unseen(reason) } };
      }
      const [image, text] = [content === 'image', content === 'text'];
      // The lockdown empties the clipboard at its entry; what is still there then is nobody's act.
      const before = clearedMs;
      if (before === null || image || text) {
        if (image || text) clear();
        clearedMs = now();
      }
      if (before === null || (!image && !text)) return seen;
      if (now() - before <= REFILL_MS) {
        refilled = true;
        return seen;
      }
      if (image) happened('screenshot', 'clipboard-image');
      else if (now() - awayMs <= LEFT_MS) happened('clipboard', 'copied-elsewhere');
      else happened('outside-input', 'clipboard-text');
      return seen;
    },
  });

  return {
    ...polled,
    start(emit, tell) {
      stated = emit;
      // Started anew in the middle of an exam, what lies there now came after the last look.
      if (!locked()) clearedMs = null;
      refilled = false;
      polled.start(emit, tell);
    },
    stop() {
      polled.stop();
      stated = () => undefined;
    },
  };
};
