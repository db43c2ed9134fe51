import type { BrowserWindow } from 'electron';
import type { LockdownStep } from './step.ts';

type ScreenWindow = Pick<
  BrowserWindow,
  | 'isDestroyed'
  | 'isKiosk'
  | 'setKiosk'
  | 'isFullScreen'
  | 'setAlwaysOnTop'
  | 'isMinimized'
  | 'restore'
  | 'isVisible'
  | 'show'
  | 'on'
  | 'off'
>;

/** After these the system may have taken something from the window. */
const LOSSES = [
  'minimize',
  'hide',
  'show',
  'restore',
  'leave-full-screen',
  'always-on-top-changed',
] as const;

/**
 * A window manager that is just showing the window may drop the wish for the whole screen and say nothing: it is
 * looked after so often, ms, until the window has it. Bounded, since not every system calls a kiosk full screen.
 */
const LOOK_AGAIN_MS = 500;
const MOST_LOOKS = 20;

/**
 * The whole screen, above everything else, and put back whenever the system or another program took a part
 * of it: minimised, hidden, out of full screen, below other windows.
 */
export const screenStep = (window: ScreenWindow): LockdownStep => {
  let wasKiosk = false;
  let held = false;
  let again: NodeJS.Timeout | undefined;
  const insist = (left: number): void => {
    clearTimeout(again);
    if (left === 0) return;
    again = setTimeout(() => {
      if (window.isDestroyed() || window.isFullScreen()) return;
      if (window.isVisible()) window.setKiosk(true);
      insist(left - 1);
    }, LOOK_AGAIN_MS);
    again.unref();
  };
  const take = (): void => {
    window.setKiosk(true);
    window.setAlwaysOnTop(true, 'screen-saver');
    insist(MOST_LOOKS);
  };
  const onMinimize = (): void => window.restore();
  const onHide = (): void => window.show();
  // Setting it again says so again: the event's own word keeps this from turning in a circle.
  const onTopChanged = (_event: unknown, onTop: boolean): void => {
    if (!onTop) take();
  };
  const listeners: Readonly<Record<(typeof LOSSES)[number], (...args: never[]) => void>> = {
    minimize: onMinimize,
    hide: onHide,
    show: take,
    restore: take,
    'leave-full-screen': take,
    'always-on-top-changed': onTopChanged,
  };
  const each = (how: 'on' | 'off'): void => {
    // One listener type, whose overloads are one per event.
    for (const event of LOSSES) window[how](event as 'show', listeners[event] as () => void);
  };
  return {
    id: 'screen',
    durable: false,
    perform: () => {
      if (!held) {
        wasKiosk = window.isKiosk();
        each('on');
      }
      held = true;
      if (window.isMinimized()) window.restore();
      if (!window.isVisible()) window.show();
      take();
      return [];
    },
    revert: () => {
      if (!held) return;
      held = false;
      clearTimeout(again);
      if (window.isDestroyed()) return;
      each('off');
      window.setAlwaysOnTop(false);
      if (!wasKiosk) window.setKiosk(false);
    },
  };
};
