import type { Clipboard as ElectronClipboard } from 'electron';
import { strict } from '#test/electron-standin/strict.ts';

type Covered = Pick<ElectronClipboard, 'readText' | 'writeText' | 'clear' | 'has'>;

const createClipboard = (): Covered => {
  let text = '';
  return {
    readText: async () => text,
    writeText: async (next) => {
      text = next;
    },
    clear: () => {
      text = '';
    },
    has: async (mimetype) => mimetype === 'text/plain' && text !== '',
  };
};

/**
 * A clipboard in memory, of text only, and X's selection beside it. What the page copies does not arrive
 * here, and what the app writes does not arrive in the page.
 */
export const clipboard = strict(
  { ...createClipboard(), selection: strict(createClipboard(), 'clipboard.selection') },
  'clipboard',
);
