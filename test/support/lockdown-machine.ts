import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { durableSteps, undoableSteps } from '#electron/kiosk/durable-steps.ts';
import { LockdownJournal } from '#electron/kiosk/lockdown-journal.ts';
import {
  DESKTOP_CLIPBOARD,
  DESKTOP_INTERRUPTIONS,
  DESKTOP_SHORTCUTS,
} from '#electron/kiosk/steps/settings/desktop-rules.ts';
import { parseSettings } from '#electron/kiosk/steps/settings/gsettings.ts';
import { toolRunner } from '#electron/kiosk/steps/settings/tool-runner.ts';
import type { LockdownStep } from '#electron/kiosk/steps/step.ts';

/** Memory where there is some: a test that kills processes needs no disk, and fsync on a busy one takes its time. */
const newFolder = (): string =>
  mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'atalaya-lockdown-'));

const script = (name: string): string =>
  fileURLToPath(import.meta.resolve(`#test/support/fake/${name}`));

/** A user's settings in a folder of their own, and the steps that change them. */
export interface LockdownMachine {
  readonly folder: string;
  readonly platform: 'linux' | 'win32';
  readonly environment: NodeJS.ProcessEnv;
  readonly journalFile: string;
  /** As a start of the kiosk would compose them. */
  steps(): readonly LockdownStep[];
  /** As the next start or `--restore` would. */
  undoable(): readonly LockdownStep[];
  /** Everything that a durable step could have changed, as text. */
  state(): string;
  /** What is still to undo, read from the disk. */
  left(): readonly string[];
  remove(): void;
}

/** What a person had set before the exam, so that going back to the system's defaults would be wrong. */
export const GNOME_OWN = [
  ['org.gnome.desktop.wm.keybindings', 'switch-applications', "['<Super>Tab']"],
  ['org.gnome.desktop.wm.keybindings', 'show-desktop', "['<Super>d']"],
  ['org.gnome.desktop.interface', 'enable-hot-corners', 'false'],
] as const;

/** The user's part of a Windows registry; `Flags` of somebody who uses sticky keys stay as they are. */
export const REGISTRY = [
  ['HKCU\\Control Panel\\Desktop', 'Wallpaper', 'REG_SZ', 'C:\\Users\\Ana\\fondo azul.jpg'],
  ['HKCU\\Control Panel\\Accessibility\\StickyKeys', 'Flags', 'REG_SZ', '511'],
  ['HKCU\\Control Panel\\Accessibility\\Keyboard Response', 'Flags', 'REG_SZ', '126'],
  ['HKCU\\Control Panel\\Accessibility\\Keyboard Response', 'BounceTime', 'REG_SZ', '0'],
  ['HKCU\\Control Panel\\Accessibility\\ToggleKeys', 'Flags', 'REG_SZ', '62'],
  ['HKCU\\Control Panel\\Accessibility\\HighContrast', 'Flags', 'REG_SZ', '126'],
  ['HKCU\\Software\\Microsoft\\Clipboard', 'EnableClipboardHistory', 'REG_DWORD', '0x1'],
  ['HKCU\\System\\GameConfigStore', 'GameDVR_Enabled', 'REG_DWORD', '0x1'],
  ['HKCU\\Control Panel\\Keyboard', 'PrintScreenKeyForSnippingEnabled', 'REG_DWORD', '0x0'],
] as const;

/** Whether this machine has a real `gsettings` with the desktop's schemas. */
export const hasGsettings = (): boolean => {
  try {
    return execFileSync('gsettings', ['list-schemas'], { encoding: 'utf8' }).includes(
      'org.gnome.desktop.wm.keybindings',
    );
  } catch {
    return false;
  }
};

/** Puts the recording `gsettings` on a PATH of its own, with what a real one printed as its defaults. */
const recordingGsettings = (folder: string): NodeJS.ProcessEnv => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  cpSync(script('recording-gsettings.sh'), join(bin, 'gsettings'));
  chmodSync(join(bin, 'gsettings'), 0o755);
  const state = join(folder, 'gsettings');
  const recorded = fileURLToPath(
    import.meta.resolve('#test/electron/kiosk/recorded/gsettings-gnome-43.txt'),
  );
  for (const { schema, key, value } of parseSettings(readFileSync(recorded, 'utf8'))) {
    mkdirSync(join(state, 'default', schema), { recursive: true });
    writeFileSync(join(state, 'default', schema, key), `${value}\n`);
  }
  return { GSETTINGS_STATE: state, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
};

/** Every file under a folder with its content. */
const filesIn = (folder: string): string =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
        .filter((item) => item.isFile())
        .map((item) => join(item.parentPath, item.name))
        .toSorted()
        .map((file) => `${file}: ${readFileSync(file, 'utf8')}`)
        .join('\n')
    : '';

/** What the recording `gsettings` would list, read from its files: a process for each schema would cost a second. */
const recordedState = (folder: string): string => {
  const now = join(folder, 'gsettings/now');
  const came = join(folder, 'gsettings/default');
  const stored = (place: string): string =>
    readFileSync(existsSync(join(now, place)) ? join(now, place) : join(came, place), 'utf8');
  return readdirSync(came)
    .flatMap((schema) => readdirSync(join(came, schema)).map((key) => [schema, key] as const))
    .map(([schema, key]) => `${schema} ${key} ${stored(join(schema, key)).trimEnd()}`)
    .toSorted()
    .join('\n');
};

/** @param real whether `gsettings` is the machine's own, writing to a file of the test. */
export const linuxMachine = (real: boolean): LockdownMachine => {
  const folder = newFolder();
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    XDG_CURRENT_DESKTOP: 'GNOME',
    XDG_CONFIG_HOME: join(folder, 'config'),
    DBUS_SESSION_BUS_ADDRESS: '',
    ...(real ? { GSETTINGS_BACKEND: 'keyfile' } : recordingGsettings(folder)),
  };
  const settings = (...args: readonly string[]): string =>
    spawnSync('gsettings', [...args], { encoding: 'utf8', env: environment }).stdout;
  for (const [schema, key, value] of GNOME_OWN) settings('set', schema, key, value);
  const known = new Set(settings('list-schemas').split('\n'));
  const rules = [...DESKTOP_SHORTCUTS, ...DESKTOP_INTERRUPTIONS, ...DESKTOP_CLIPBOARD];
  const schemas = [...new Set(rules.map(({ schema }) => schema))].filter((one) => known.has(one));
  const machine = {
    platform: 'linux' as const,
    environment,
    home: folder,
    program: '/opt/Atalaya/atalaya',
  };
  return {
    folder,
    platform: 'linux',
    environment,
    journalFile: join(folder, 'data/lockdown.json'),
    steps: () => durableSteps(machine),
    undoable: () => undoableSteps(machine),
    state: () =>
      [
        ...(real
          ? schemas.map((schema) => settings('list-recursively', schema))
          : [recordedState(folder)]),
        filesIn(join(folder, 'config/autostart')),
      ].join('\n'),
    left: () => LockdownJournal.open(join(folder, 'data/lockdown.json')).entries.map((e) => e.step),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** A Windows user whose `reg.exe` is the recording one. */
export const windowsMachine = (): LockdownMachine => {
  const folder = newFolder();
  const environment = { ...process.env, REG_STATE: join(folder, 'registry') };
  const shell = toolRunner('/bin/sh', environment);
  const reg = (args: readonly string[]) => shell([script('recording-reg.sh'), ...args]);
  for (const [key, name, type, data] of REGISTRY) {
    const args = ['add', key, '/v', name, '/t', type, '/d', data, '/f'];
    execFileSync('/bin/sh', [script('recording-reg.sh'), ...args], { env: environment });
  }
  const machine = {
    platform: 'win32' as const,
    environment,
    home: folder,
    program: 'C:\\Program Files\\Atalaya\\Atalaya.exe',
    reg,
  };
  return {
    folder,
    platform: 'win32',
    environment,
    journalFile: join(folder, 'data/lockdown.json'),
    steps: () => durableSteps(machine),
    undoable: () => undoableSteps(machine),
    state: () => filesIn(join(folder, 'registry')),
    left: () => LockdownJournal.open(join(folder, 'data/lockdown.json')).entries.map((e) => e.step),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** The machine that another process of the same test has set up. */
export const sameMachine = (
  platform: 'linux' | 'win32',
  folder: string,
): Pick<LockdownMachine, 'steps' | 'undoable'> & { readonly journal: LockdownJournal } => {
  const shell = toolRunner('/bin/sh', process.env);
  const machine = {
    platform,
    environment: process.env,
    home: folder,
    program:
      platform === 'linux' ? '/opt/Atalaya/atalaya' : 'C:\\Program Files\\Atalaya\\Atalaya.exe',
    reg: (args: readonly string[]) => shell([script('recording-reg.sh'), ...args]),
  };
  return {
    steps: () => durableSteps(machine),
    undoable: () => undoableSteps(machine),
    journal: LockdownJournal.open(join(folder, 'data/lockdown.json')),
  };
};
