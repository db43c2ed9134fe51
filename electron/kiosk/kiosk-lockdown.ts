import { type BrowserWindow, clipboard, globalShortcut, powerSaveBlocker } from 'electron';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Lockdown } from '#shared/ports/lockdown.port.ts';

/** System shortcuts that Electron can take on some platforms; taken ones reach nobody else. */
const TAKEN = [
  'Alt+Tab',
  'Alt+F4',
  'PrintScreen',
  'Super+Shift+S',
  'CommandOrControl+Escape',
  'F11',
  'F12',
];

/** One reversible change to the machine. */
interface Step {
  readonly name: string;
  perform(): void;
  revert(): void;
}

const steps = (window: BrowserWindow, stated: (shortcut: string) => void): readonly Step[] => {
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
        for (const shortcut of TAKEN)
          globalShortcut.register(shortcut, () => stated(shortcut.toLowerCase()));
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

  /** @param stated called with the name of a system shortcut that was pressed and stopped. */
  constructor(window: BrowserWindow, stated: (shortcut: string) => void, log: Log) {
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
