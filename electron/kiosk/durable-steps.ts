import { join } from 'node:path';
import { plasmaShortcutsStep } from './steps/plasma-shortcuts.step.ts';
import {
  DESKTOP_CLIPBOARD,
  DESKTOP_INTERRUPTIONS,
  DESKTOP_SHORTCUTS,
} from './steps/settings/desktop-rules.ts';
import { gsettings } from './steps/settings/gsettings.ts';
import { registry } from './steps/settings/registry.ts';
import { textFile } from './steps/settings/text-file.ts';
import { type RunTool, toolRunner } from './steps/settings/tool-runner.ts';
import {
  RUN_ONCE,
  WINDOWS_CAPTURE,
  WINDOWS_CLIPBOARD,
  WINDOWS_INTERRUPTIONS,
  WINDOWS_SHORTCUTS,
} from './steps/settings/windows-rules.ts';
import { settingsStep } from './steps/settings.step.ts';
import type { LockdownStep } from './steps/step.ts';

/** The machine that durable steps are about. */
export interface DurableMachine {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** The user's home folder. */
  readonly home: string;
  /** The program that undoes what is left when the user signs in; null for a build that is not installed. */
  readonly program: string | null;
  /** Other tools than the system's own; only for the tests of the steps themselves. */
  readonly reg?: RunTool;
  readonly gsettings?: RunTool;
}

/** Desktops whose shortcuts are kept by `gsettings`, as they call themselves in XDG_CURRENT_DESKTOP. */
const GSETTINGS_DESKTOPS = /gnome|unity|ubuntu|budgie|cinnamon|mate|pantheon/i;

const desktopEntry = (program: string): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Atalaya',
    `Exec="${program.replaceAll(/(["\\`$])/g, '\\$1')}" --restore`,
    'NoDisplay=true',
    '',
  ].join('\n');

const linuxSteps = (machine: DurableMachine, any: boolean): readonly LockdownStep[] => {
  const { environment, home, program } = machine;
  const desktop = environment.XDG_CURRENT_DESKTOP ?? '';
  const run = machine.gsettings ?? toolRunner('gsettings', environment);
  const config = environment.XDG_CONFIG_HOME ?? join(home, '.config');
  const autostart = join(config, 'autostart', 'atalaya-restore.desktop');
  const gnome = any || GSETTINGS_DESKTOPS.test(desktop);
  const plasma = any || /kde/i.test(desktop);
  if (!gnome && !plasma) return [];
  return [
    ...(program === null && !any
      ? []
      : [settingsStep('restore-at-sign-in', textFile(autostart, desktopEntry(program ?? '')))]),
    ...(gnome
      ? [
          settingsStep('desktop-shortcuts', gsettings(DESKTOP_SHORTCUTS, run)),
          settingsStep('desktop-interruptions', gsettings(DESKTOP_INTERRUPTIONS, run)),
          settingsStep('desktop-clipboard', gsettings(DESKTOP_CLIPBOARD, run)),
        ]
      : []),
    ...(plasma ? [plasmaShortcutsStep(toolRunner('gdbus', environment))] : []),
  ];
};

const windowsSteps = (machine: DurableMachine, any: boolean): readonly LockdownStep[] => {
  const { program, reg } = machine;
  const atSignIn = `"${program ?? ''}" --restore`;
  return [
    ...(program === null && !any
      ? []
      : [
          settingsStep(
            'restore-at-sign-in',
            registry(
              [{ key: RUN_ONCE, name: 'AtalayaRestore', type: 'REG_SZ', next: () => atSignIn }],
              reg,
            ),
          ),
        ]),
    settingsStep('windows-shortcuts', registry(WINDOWS_SHORTCUTS, reg)),
    settingsStep('windows-capture', registry(WINDOWS_CAPTURE, reg)),
    settingsStep('windows-clipboard', registry(WINDOWS_CLIPBOARD, reg)),
    settingsStep('windows-interruptions', registry(WINDOWS_INTERRUPTIONS, reg)),
  ];
};

const stepsOf = (machine: DurableMachine, any: boolean): readonly LockdownStep[] => {
  if (machine.platform === 'win32') return windowsSteps(machine, any);
  // macOS: Electron's kiosk mode takes the Dock, the menu bar and switching away for itself; what it cannot
  // take needs a configuration profile.
  return machine.platform === 'darwin' ? [] : linuxSteps(machine, any);
};

/**
 * The steps whose effect would outlive the process, in the order in which they are performed: first what
 * undoes the others when the user signs in the next time.
 */
export const durableSteps = (machine: DurableMachine): readonly LockdownStep[] =>
  stepsOf(machine, false);

/**
 * All that this platform has, whatever the desktop is now: what was changed under one desktop is undone
 * under another, or from a terminal.
 */
export const undoableSteps = (machine: DurableMachine): readonly LockdownStep[] =>
  stepsOf(machine, true);
