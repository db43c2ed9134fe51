import { type BrowserWindow, clipboard, globalShortcut, powerSaveBlocker } from 'electron';
import { type BlockedShortcut, blockedShortcut, type KeyPress } from '#shared/incident/shortcut.ts';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Lockdown } from '#shared/ports/lockdown.port.ts';

/** Nothing held down; the base of the presses below. */
const PLAIN = { control: false, alt: false, shift: false, meta: false };

/**
 * System shortcuts that Electron can take on some platforms, each with the key press that it is; taken
 * ones reach nobody else. What the system keeps for itself is not taken, and the other sensors see its effect.
 */
const TAKEN: readonly (readonly [accelerator: string, press: KeyPress])[] = [
  ['Alt+Tab', { ...PLAIN, alt: true, key: 'Tab' }],
  ['Alt+F4', { ...PLAIN, alt: true, key: 'F4' }],
  ['PrintScreen', { ...PLAIN, key: 'PrintScreen' }],
  ['Super+Shift+S', { ...PLAIN, meta: true, shift: true, key: 's' }],
  ['CommandOrControl+Escape', { ...PLAIN, control: true, key: 'Escape' }],
  ['F11', { ...PLAIN, key: 'F11' }],
  ['F12', { ...PLAIN, key: 'F12' }],
];

/** One reversible change to the machine. */
interface Step {
  readonly name: string;
  perform(): void;
  revert(): void;
}

const steps = (
  window: BrowserWindow,
  stated: (shortcut: BlockedShortcut) => void,
): readonly Step[] => {
  let blocker: number | null = null;
  return [
    {
      name: 'screen',
      perform: () => {
        window.setKiosk(true);
        window.setAlwaysOnTop(true, 'screen-saver');
      },
      revert: () => window.setAlwaysOnTop(false),
    },
    {
      name: 'content-protection',
      perform: () => window.setContentProtection(true),
      revert: () => window.setContentProtection(false),
    },
    { name: 'clipboard', perform: () => clipboard.clear(), revert: () => clipboard.clear() },
    {
      name: 'shortcuts',
      perform: () => {
        for (const [accelerator, press] of TAKEN) {
          const blocked = blockedShortcut(press);
          if (blocked !== null) globalShortcut.register(accelerator, () => stated(blocked));
        }
      },
      revert: () => globalShortcut.unregisterAll(),
    },
    {
      name: 'power-save',
      perform: () => {
        blocker = powerSaveBlocker.start('prevent-display-sleep');
      },
      revert: () => {
        if (blocker !== null) powerSaveBlocker.stop(blocker);
        blocker = null;
      },
    },
  ];
};

/** Takes the machine step by step and gives it back in reverse; a step that fails undoes the ones before it. */
export class KioskLockdown implements Lockdown {
  readonly #steps: readonly Step[];
  readonly #log: Log;
  #done: Step[] = [];

  /** @param stated called with a system shortcut that was pressed and stopped. */
  constructor(window: BrowserWindow, stated: (shortcut: BlockedShortcut) => void, log: Log) {
    this.#steps = steps(window, stated);
    this.#log = log;
  }

  get entered(): boolean {
    return this.#done.length > 0;
  }

  async enter(): Promise<void> {
    if (this.entered) return;
    for (const step of this.#steps) {
      try {
        step.perform();
        this.#done.push(step);
      } catch (error) {
        this.#log('error', 'lockdown step failed', { step: step.name, error: String(error) });
        await this.leave();
        throw error;
      }
    }
  }

  async leave(): Promise<void> {
    for (const step of this.#done.reverse()) {
      try {
        step.revert();
      } catch (error) {
        this.#log('error', 'lockdown step not undone', { step: step.name, error: String(error) });
      }
    }
    this.#done = [];
  }
}
