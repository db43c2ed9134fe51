import type { PowerSaveBlocker } from 'electron';
import type { LockdownStep } from './step.ts';

/** The screen stays on while somebody reads a long question. */
export const powerSaveStep = (blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>): LockdownStep => {
  let id: number | null = null;
  return {
    id: 'power-save',
    durable: false,
    perform: () => {
      id ??= blocker.start('prevent-display-sleep');
      return [];
    },
    revert: () => {
      if (id !== null) blocker.stop(id);
      id = null;
    },
  };
};
