import type { BrowserWindow } from 'electron';
import type { LockdownStep } from './step.ts';

type ProtectedWindow = Pick<BrowserWindow, 'isDestroyed' | 'setContentProtection' | 'on' | 'off'>;

/** Windows drops the protection of a window that was hidden. */
const LOSSES = ['show', 'restore', 'enter-full-screen', 'leave-full-screen'] as const;

/** Other programs' pictures of the screen have no exam in them. Windows and macOS; X11 and Wayland offer nothing. */
export const contentProtectionStep = (
  window: ProtectedWindow,
  platform: NodeJS.Platform,
): LockdownStep => {
  let held = false;
  const protect = (): void => window.setContentProtection(true);
  const each = (how: 'on' | 'off'): void => {
    for (const event of LOSSES) window[how](event as 'show', protect);
  };
  return {
    id: 'content-protection',
    durable: false,
    perform: () => {
      if (!held) each('on');
      held = true;
      protect();
      return platform === 'linux' ? [{ reason: 'platform', what: ['content protection'] }] : [];
    },
    revert: () => {
      if (!held) return;
      held = false;
      if (window.isDestroyed()) return;
      each('off');
      window.setContentProtection(false);
    },
  };
};
