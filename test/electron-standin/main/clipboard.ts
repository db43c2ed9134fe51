import type { Clipboard as ElectronClipboard, ClipboardItem as ElectronItem } from 'electron';
import { strict } from '#test/electron-standin/strict.ts';

type Covered = Pick<ElectronClipboard, 'readText' | 'writeText' | 'clear' | 'has' | 'write'>;
type Content = ConstructorParameters<typeof ElectronItem>[0];

/** What an app puts into the clipboard; only which types it has can be asked. */
class Item implements Pick<ElectronItem, 'types'> {
  readonly types: string[];

  constructor(content: Content) {
    this.types = Object.keys(content);
  }
}
export const ClipboardItem = strict(Item, 'ClipboardItem');

const createClipboard = (): Covered => {
  let text = '';
  let others: ReadonlySet<string> = new Set();
  return {
    readText: async () => text,
    writeText: async (next) => {
      text = next;
      others = new Set();
    },
    write: async (items) => {
      text = '';
      others = new Set(items.flatMap(({ types }) => types));
    },
    clear: () => {
      text = '';
      others = new Set();
    },
    has: async (mimetype) => others.has(mimetype) || (mimetype === 'text/plain' && text !== ''),
  };
};

/**
 * A clipboard in memory, of text and of types without content (an image), and X's selection beside it. What
 * the page copies does not arrive here, and what the app writes does not arrive in the page.
 */
export const clipboard = strict(
  { ...createClipboard(), selection: strict(createClipboard(), 'clipboard.selection') },
  'clipboard',
);
