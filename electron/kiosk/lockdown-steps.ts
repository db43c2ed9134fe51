import type { BrowserWindow, Clipboard, GlobalShortcut, PowerSaveBlocker } from 'electron';
import type { BlockedShortcut } from '#shared/incident/shortcut.ts';
import { clipboardStep } from './steps/clipboard.step.ts';
import { contentProtectionStep } from './steps/content-protection.step.ts';
import { powerSaveStep } from './steps/power-save.step.ts';
import { screenStep } from './steps/screen.step.ts';
import { shortcutsStep } from './steps/shortcuts.step.ts';
import type { LockdownStep } from './steps/step.ts';

/** What the steps that end with the process work on. */
export interface LockdownParts {
  readonly window: BrowserWindow;
  readonly clipboard: Clipboard;
  readonly globalShortcut: GlobalShortcut;
  readonly powerSaveBlocker: PowerSaveBlocker;
  readonly platform: NodeJS.Platform;
  /** Called with a system shortcut that was pressed and stopped. */
  readonly stated: (shortcut: BlockedShortcut) => void;
}

/**
 * All steps of an exam in their order: first the screen, so that nobody waits before a half-open one, then
 * what is quick, then the user's settings.
 * @param durable the steps whose effect outlives the process (`durable-steps.ts`).
 */
export const lockdownSteps = (
  parts: LockdownParts,
  durable: readonly LockdownStep[],
): readonly LockdownStep[] => [
  screenStep(parts.window),
  contentProtectionStep(parts.window, parts.platform),
  clipboardStep(parts.clipboard, parts.platform),
  shortcutsStep(parts.globalShortcut, parts.stated),
  powerSaveStep(parts.powerSaveBlocker),
  ...durable,
];
