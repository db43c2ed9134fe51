import type { GlobalShortcut } from 'electron';
import { type BlockedShortcut, blockedShortcut, type KeyPress } from '#shared/incident/shortcut.ts';
import type { LockdownStep } from './step.ts';

/** Nothing held down; the base of the presses below. */
const PLAIN = { control: false, alt: false, shift: false, meta: false };

/**
 * System shortcuts that Electron can take on some platforms, each with the key press that it is; taken
 * ones reach nobody else. What the system keeps for itself is a shortfall, and the sensors see its effect.
 */
const TAKEN: readonly (readonly [accelerator: string, press: KeyPress])[] = [
  ['Alt+Tab', { ...PLAIN, alt: true, key: 'Tab' }],
  ['Alt+Shift+Tab', { ...PLAIN, alt: true, shift: true, key: 'Tab' }],
  ['Alt+F4', { ...PLAIN, alt: true, key: 'F4' }],
  ['Alt+Escape', { ...PLAIN, alt: true, key: 'Escape' }],
  ['Alt+Space', { ...PLAIN, alt: true, key: ' ' }],
  ['PrintScreen', { ...PLAIN, key: 'PrintScreen' }],
  ['Alt+PrintScreen', { ...PLAIN, alt: true, key: 'PrintScreen' }],
  ['Super+PrintScreen', { ...PLAIN, meta: true, key: 'PrintScreen' }],
  ['Super+Shift+S', { ...PLAIN, meta: true, shift: true, key: 's' }],
  ['CommandOrControl+Escape', { ...PLAIN, control: true, key: 'Escape' }],
  ['CommandOrControl+Shift+Escape', { ...PLAIN, control: true, shift: true, key: 'Escape' }],
  ['F11', { ...PLAIN, key: 'F11' }],
  ['F12', { ...PLAIN, key: 'F12' }],
];

/** @param stated called with a system shortcut that was pressed and stopped. */
export const shortcutsStep = (
  globalShortcut: Pick<GlobalShortcut, 'register' | 'unregister'>,
  stated: (shortcut: BlockedShortcut) => void,
): LockdownStep => {
  let taken: readonly string[] = [];
  const release = (): void => {
    for (const accelerator of taken) globalShortcut.unregister(accelerator);
    taken = [];
  };
  return {
    id: 'shortcuts',
    durable: false,
    perform: () => {
      release();
      const refused: string[] = [];
      taken = TAKEN.flatMap(([accelerator, press]) => {
        const blocked = blockedShortcut(press);
        if (blocked === null) return [];
        if (globalShortcut.register(accelerator, () => stated(blocked))) return [accelerator];
        refused.push(accelerator);
        return [];
      });
      return refused.length === 0 ? [] : [{ reason: 'platform', what: refused }];
    },
    revert: release,
  };
};
