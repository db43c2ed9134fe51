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
 * A window manager that is just showing the window may drop the wish for the whole screen, at once or when it already
 * had it, and say nothing: it is looked after so often, ms, as long as the exam lasts. Whoever never has it is asked
 * only so often: not every system calls a kiosk full screen.
 */
const LOOK_MS = 500;
const MOST_WISHES = 20;

/**
 * The whole screen, above everything else, and put back whenever the system or another program took a part
 * of it: minimised, hidden, out of full screen, below other windows.
 */
export const screenStep = (window: ScreenWindow): LockdownStep => {
  let wasKiosk = false;
  let held = false;
  let looks: NodeJS.Timeout | undefined;
  let wishes = 0;
  const look = (): void => {
    if (window.isDestroyed()) return;
    if (window.isFullScreen()) wishes = 0;
    else if (wishes < MOST_WISHES && window.isVisible()) {
      wishes += 1;
      window.setKiosk(true);
    }
  };
  const take = (): void => {
    wishes = 0;
    window.setKiosk(true);
    window.setAlwaysOnTop(true, 'screen-saver');
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
        looks = setInterval(look, LOOK_MS).unref();
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
      clearInterval(looks);
      if (window.isDestroyed()) return;
      each('off');
      window.setAlwaysOnTop(false);
      if (!wasKiosk) window.setKiosk(false);
    },
  };
};
