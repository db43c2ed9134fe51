import type { Clipboard } from 'electron';
import type { LockdownStep } from './step.ts';

/**
 * Nothing comes into the exam through the system's clipboard and nothing leaves with it: emptied at the
 * entry and at the exit. In between the page's own copying is stopped (`preload/preload.ts`, `shared/kiosk/machine/own-text.ts`).
 */
export const clipboardStep = (
  clipboard: Pick<Clipboard, 'clear' | 'selection'>,
  platform: NodeJS.Platform,
): LockdownStep => {
  let held = false;
  const empty = (): void => {
    clipboard.clear();
    // On X11 and Wayland, what was selected last comes in with the middle button of the mouse.
    if (platform === 'linux') clipboard.selection.clear();
  };
  return {
    id: 'clipboard',
    durable: false,
    perform: () => {
      held = true;
      empty();
      return [];
    },
    revert: () => {
      if (held) empty();
      held = false;
    },
  };
};
