import { type RunTool, ToolMissing, toolRunner } from './settings/tool-runner.ts';
import type { LockdownStep } from './step.ts';

const block = (on: boolean): readonly string[] => [
  'call',
  '--session',
  '--dest',
  'org.kde.kglobalaccel',
  '--object-path',
  '/kglobalaccel',
  '--method',
  'org.kde.KGlobalAccel.blockGlobalShortcuts',
  String(on),
];

/**
 * KDE Plasma keeps all of the desktop's shortcuts in one service that can be told to pause them. It stays
 * paused when this process ends, and forgets it when the user signs out.
 */
export const plasmaShortcutsStep = (run: RunTool = toolRunner('gdbus')): LockdownStep => ({
  id: 'plasma-shortcuts',
  durable: true,
  perform: async () => {
    try {
      const { code, stderr } = await run(block(true));
      return code === 0 ? [] : [{ reason: 'tool-blocked', what: [stderr.trim().slice(0, 200)] }];
    } catch {
      return [{ reason: 'tool-missing', what: ['gdbus'] }];
    }
  },
  revert: async () => {
    const { code, stderr } = await run(block(false)).catch((error: unknown) => {
      // Without the tool nothing was paused.
      if (error instanceof ToolMissing) return { code: 0, stderr: '' };
      throw error;
    });
    // Without the service there is no desktop whose shortcuts could be paused.
    if (code !== 0 && !/ServiceUnknown|NameHasNoOwner|NoReply|Cannot autolaunch/.test(stderr))
      throw new Error(stderr.trim());
  },
});
