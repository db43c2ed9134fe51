import type { Clipboard } from 'electron';
import { failed, type Reading, told } from '#shared/incident/reading.ts';
import type { Limits } from '#shared/ports/sensor.port.ts';

/** What sort of thing the clipboard holds; the content itself is never asked for. */
export type ClipboardContent = 'nothing' | 'image' | 'text';

const IMAGES = ['image/png', 'image/jpeg', 'image/bmp'] as const;
const TEXTS = ['text/plain', 'text/html', 'text/rtf'] as const;

/**
 * Asks the clipboard. Wayland shows it to the program that has the keyboard only and answers everybody else as if it
 * were empty: nothing is known then.
 */
export const readClipboard = async (
  clipboard: Pick<Clipboard, 'has'>,
  seat: { readonly wayland: boolean; readonly focused: boolean },
): Promise<Reading<ClipboardContent>> => {
  if (seat.wayland && !seat.focused) return failed('wayland');
  try {
    for (const [content, types] of [
      ['image', IMAGES],
      ['text', TEXTS],
    ] as const)
      for (const type of types) {
        const held: unknown = await clipboard.has(type);
        if (typeof held !== 'boolean') return failed('tool-unread');
        if (held) return told(content);
      }
    return told('nothing');
  } catch {
    return failed('tool-failed');
  }
};

/** What is never seen of it here. */
export const clipboardLimits = (wayland: boolean): Limits =>
  wayland ? { clipboard: { reason: 'wayland', partly: true } } : {};
