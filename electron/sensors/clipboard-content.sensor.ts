import type { Clipboard } from 'electron';
import type { Limits, Sensor, Signal } from '#shared/ports/sensor.port.ts';
import { polledSensor, type Seen } from './polled-sensor.ts';

const EVERY_MS = 1_000;
const TIMEOUT_MS = 3_000;
/** Clipboard managers put back what was cleared within a moment; a person needs longer to copy again, ms. */
const REFILL_MS = 2_500;
/** Copied elsewhere just before coming back to the exam, ms. */
const LEFT_MS = 3_000;

const IMAGES = ['image/png', 'image/jpeg', 'image/bmp'] as const;
const TEXTS = ['text/plain', 'text/html', 'text/rtf'] as const;

export interface ClipboardContentOptions {
  readonly clipboard: Pick<Clipboard, 'has' | 'clear'>;
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
  const { clipboard, locked, focused, now = () => performance.now() } = options;
  let stated: (signal: Signal) => void = () => undefined;
  /** Since when the clipboard is known to be empty and the machine locked; null while it is not. */
  let clearedMs: number | null = null;
  let awayMs = Number.NEGATIVE_INFINITY;
  let refilled = false;

  const holds = async (types: readonly string[]): Promise<boolean> => {
    for (const type of types) if (await clipboard.has(type)) return true;
    return false;
  };
  const happened = (kind: Signal['kind'], cause: string): void =>
    stated({ kind, phase: 'happened', facts: { cause } });

  const polled = polledSensor({
    id: 'clipboard-content',
    watches: ['screenshot', 'clipboard', 'outside-input'],
    everyMs: EVERY_MS,
    timeoutMs: TIMEOUT_MS,
    look: async () => {
      if (!focused()) awayMs = now();
      const limits: Limits = refilled ? { clipboard: { reason: 'platform', partly: true } } : {};
      const seen: Seen = { findings: [], limits };
      if (!locked()) {
        clearedMs = null;
        return seen;
      }
      const image = await holds(IMAGES);
      const text = !image && (await holds(TEXTS));
      // The lockdown empties the clipboard at its entry; what is still there then is nobody's act.
      const before = clearedMs;
      if (before === null || image || text) {
        if (image || text) clipboard.clear();
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
      clearedMs = null;
      refilled = false;
      polled.start(emit, tell);
    },
    stop() {
      polled.stop();
      stated = () => undefined;
    },
  };
};
