import type { Dialog, MessageBoxReturnValue } from 'electron';
import { recordCall } from '#test/electron-standin/recorder.ts';
import { strict } from '#test/electron-standin/strict.ts';

const open: ((response: number) => void)[] = [];

/** Presses a button of the oldest open message box. @returns false when none is open. */
export function answerMessageBox(response: number): boolean {
  const first = open.shift();
  first?.(response);
  return first !== undefined;
}

/** Dialogs are put on record; a message box stays open until a test answers it. */
export const dialog = strict(
  {
    showErrorBox: (title: string, content: string): void => {
      recordCall('dialog.showErrorBox', title, content);
      console.error(`electron stand-in: error box: ${title}: ${content}`);
    },
    showMessageBox: (...args: unknown[]): Promise<MessageBoxReturnValue> => {
      recordCall('dialog.showMessageBox', args.at(-1));
      return new Promise((resolve) => {
        open.push((response) => resolve({ response, checkboxChecked: false }));
      });
    },
  } satisfies Pick<Dialog, 'showErrorBox' | 'showMessageBox'>,
  'dialog',
);
