// A kiosk's lockdown in a process of its own, for lockdown-kill.test.ts.
//   node lockdown-process.ts enter|leave|restore FOLDER linux|win32 DIES
// DIES: before-perform, after-perform, before-revert or after-revert, a colon and the step's number; or none.
import { EventEmitter } from 'node:events';
import type { BrowserWindow, Clipboard, GlobalShortcut, PowerSaveBlocker } from 'electron';
import { KioskLockdown, undoLeftOver } from '#electron/kiosk/kiosk-lockdown.ts';
import { lockdownSteps } from '#electron/kiosk/lockdown-steps.ts';
import type { LockdownStep } from '#electron/kiosk/steps/step.ts';
import { sameMachine } from '#test/support/lockdown-machine.ts';

const [task = '', folder = '', platform = '', dies = 'none'] = process.argv.slice(2);
if (platform !== 'linux' && platform !== 'win32') throw new Error('which platform?');

/** The moment that this run is about: power cut, kill -9. */
const moment = (name: string, step: number): void => {
  if (dies === `${name}:${step}`) process.kill(process.pid, 'SIGKILL');
};
const mortal = (steps: readonly LockdownStep[]): readonly LockdownStep[] =>
  steps.map((step, i) => ({
    ...step,
    perform: async () => {
      moment('before-perform', i);
      const shortfalls = await step.perform();
      moment('after-perform', i);
      return shortfalls;
    },
    revert: async (saved) => {
      moment('before-revert', i);
      await step.revert(saved);
      moment('after-revert', i);
    },
  }));

/** What ends with the process: an empty window that takes everything. */
const window = Object.assign(new EventEmitter(), {
  isDestroyed: () => false,
  isKiosk: () => false,
  isFullScreen: () => true,
  isMinimized: () => false,
  isVisible: () => true,
  setKiosk: () => undefined,
  setAlwaysOnTop: () => undefined,
  setContentProtection: () => undefined,
  restore: () => undefined,
  show: () => undefined,
}) as unknown as BrowserWindow;
const clear = { clear: () => undefined };

const machine = sameMachine(platform, folder);
if (task === 'restore') {
  const { failed } = await undoLeftOver(machine.journal, mortal(machine.undoable()));
  process.exit(failed.length);
}
const steps = mortal(
  lockdownSteps(
    {
      window,
      clipboard: { ...clear, selection: clear } as unknown as Clipboard,
      globalShortcut: {
        register: () => true,
        unregister: () => undefined,
      } as unknown as GlobalShortcut,
      powerSaveBlocker: { start: () => 1, stop: () => true } as unknown as PowerSaveBlocker,
      platform,
      stated: () => undefined,
    },
    machine.steps(),
  ),
);
const lockdown = new KioskLockdown(steps, machine.journal, (level, message, facts) =>
  console.log(level, message, JSON.stringify(facts)),
);
await lockdown.enter();
console.log('entered', steps.map(({ id }) => id).join(' '));
if (task === 'leave') await lockdown.leave();
// As a power cut would: what is still held is not given back.
else process.kill(process.pid, 'SIGKILL');
