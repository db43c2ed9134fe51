import type { Clipboard as ElectronClipboard } from 'electron';
import { strict } from '#test/electron-standin/strict.ts';

let text = '';

/**
 * A clipboard in memory, of text only. What the page copies does not arrive here, and what the app
 * writes does not arrive in the page.
 */
export const clipboard = strict(
  {
    readText: async (): Promise<string> => text,
    writeText: async (next: string): Promise<void> => {
      text = next;
    },
    clear: (): void => {
      text = '';
    },
    has: async (mimetype: string): Promise<boolean> => mimetype === 'text/plain' && text !== '',
  } satisfies Pick<ElectronClipboard, 'readText' | 'writeText' | 'clear' | 'has'>,
  'clipboard',
);
