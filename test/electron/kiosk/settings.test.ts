import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { plasmaShortcutsStep } from '#electron/kiosk/steps/plasma-shortcuts.step.ts';
import {
  DESKTOP_CLIPBOARD,
  DESKTOP_INTERRUPTIONS,
  DESKTOP_SHORTCUTS,
} from '#electron/kiosk/steps/settings/desktop-rules.ts';
import { changesFor, gsettings, parseSettings } from '#electron/kiosk/steps/settings/gsettings.ts';
import { parseRegistry, registry } from '#electron/kiosk/steps/settings/registry.ts';
import { textFile } from '#electron/kiosk/steps/settings/text-file.ts';
import {
  type RunTool,
  ToolHung,
  ToolMissing,
  toolRunner,
} from '#electron/kiosk/steps/settings/tool-runner.ts';
import {
  WINDOWS_CAPTURE,
  WINDOWS_CLIPBOARD,
  WINDOWS_INTERRUPTIONS,
  WINDOWS_SHORTCUTS,
} from '#electron/kiosk/steps/settings/windows-rules.ts';
import { settingsStep } from '#electron/kiosk/steps/settings.step.ts';
import { type LockdownMachine, linuxMachine } from '#test/support/lockdown-machine.ts';
import { type MemoryMachine, memoryMachine } from '#test/support/lockdown-memory.ts';

const recorded = (name: string): string =>
  readFileSync(
    fileURLToPath(import.meta.resolve(`#test/electron/kiosk/recorded/${name}.txt`)),
    'utf8',
  );

describe('what a desktop’s own tool printed', () => {
  const changes = (name: string): ReadonlyMap<string, string> => {
    const values = parseSettings(recorded(name));
    const rules = [...DESKTOP_SHORTCUTS, ...DESKTOP_INTERRUPTIONS, ...DESKTOP_CLIPBOARD];
    return new Map(
      rules.flatMap((rule) => changesFor(rule, values)).map((one) => [one.at.join(' '), one.next]),
    );
  };

  test('every line is read', () => {
    for (const name of ['gsettings-gnome-43', 'gsettings-cinnamon-5.6', 'gsettings-mate-1.26']) {
      const text = recorded(name);
      expect(parseSettings(text)).toHaveLength(text.trim().split('\n').length);
    }
  });

  test.each([
    ['gnome-43', 'org.gnome.mutter overlay-key', "''"],
    ['gnome-43', 'org.gnome.mutter.wayland.keybindings switch-to-session-1', '[]'],
    ['gnome-43', 'org.gnome.desktop.wm.keybindings switch-applications', '[]'],
    ['gnome-43', 'org.gnome.desktop.wm.keybindings panel-run-dialog', '[]'],
    ['gnome-43', 'org.gnome.desktop.wm.keybindings activate-window-menu', '[]'],
    ['gnome-43', 'org.gnome.shell.keybindings show-screenshot-ui', '[]'],
    ['gnome-43', 'org.gnome.shell.keybindings show-screen-recording-ui', '[]'],
    ['gnome-43', 'org.gnome.settings-daemon.plugins.media-keys logout', '[]'],
    ['gnome-43', 'org.gnome.settings-daemon.plugins.media-keys home-static', '[]'],
    ['gnome-43', 'org.gnome.shell.extensions.dash-to-dock hot-keys', 'false'],
    ['gnome-43', 'org.gnome.desktop.interface enable-hot-corners', 'false'],
    ['gnome-43', 'org.gnome.desktop.interface gtk-enable-primary-paste', 'false'],
    ['gnome-43', 'org.gnome.desktop.lockdown disable-printing', 'true'],
    ['gnome-43', 'org.gnome.desktop.lockdown disable-user-switching', 'true'],
    ['gnome-43', 'org.gnome.desktop.notifications show-banners', 'false'],
    ['gnome-43', 'org.gnome.desktop.media-handling automount-open', 'false'],
    ['cinnamon-5.6', 'org.cinnamon.desktop.keybindings.wm switch-windows', '[]'],
    ['cinnamon-5.6', 'org.cinnamon.desktop.keybindings.media-keys area-screenshot-clip', '[]'],
    ['cinnamon-5.6', 'org.cinnamon.desktop.keybindings.media-keys terminal', '[]'],
    ['cinnamon-5.6', 'org.cinnamon.desktop.notifications display-notifications', 'false'],
    ['mate-1.26', 'org.mate.Marco.global-keybindings run-command-screenshot', "'disabled'"],
    ['mate-1.26', 'org.mate.Marco.global-keybindings switch-windows', "'disabled'"],
  ])('%s: %s becomes %s', (name, place, next) => {
    expect(changes(`gsettings-${name}`).get(place)).toBe(next);
  });

  test.each([
    // Input languages, assistive technology, volume and light are none of the exam's business.
    ['gnome-43', 'org.gnome.desktop.wm.keybindings switch-input-source'],
    ['gnome-43', 'org.gnome.settings-daemon.plugins.media-keys screenreader'],
    ['gnome-43', 'org.gnome.settings-daemon.plugins.media-keys magnifier'],
    ['gnome-43', 'org.gnome.settings-daemon.plugins.media-keys volume-up-static'],
    ['gnome-43', 'org.gnome.settings-daemon.plugins.media-keys volume-step'],
    ['gnome-43', 'org.gnome.settings-daemon.plugins.media-keys touchpad-toggle-static'],
    ['gnome-43', 'org.gnome.mutter locate-pointer-key'],
    ['gnome-43', 'org.gnome.desktop.interface text-scaling-factor'],
    ['cinnamon-5.6', 'org.cinnamon.desktop.keybindings.media-keys screenreader'],
    ['cinnamon-5.6', 'org.cinnamon.desktop.keybindings.media-keys volume-down'],
    // Off already.
    ['gnome-43', 'org.gnome.desktop.wm.keybindings always-on-top'],
    ['gnome-43', 'org.gnome.settings-daemon.plugins.media-keys email'],
    ['mate-1.26', 'org.mate.Marco.global-keybindings run-command-1'],
  ])('%s: %s stays', (name, place) => {
    expect(recorded(`gsettings-${name}`)).toContain(`${place} `);
    expect(changes(`gsettings-${name}`).has(place)).toBe(false);
  });
});

describe('what reg query printed', () => {
  test('values of a key', () => {
    expect(parseRegistry(recorded('reg-query-personalize'))).toEqual([
      { name: 'ColorPrevalence', type: 'REG_DWORD', data: '0x0' },
      { name: 'EnableTransparency', type: 'REG_DWORD', data: '0x1' },
      { name: 'AppsUseLightTheme', type: 'REG_DWORD', data: '0x0' },
      { name: 'SystemUsesLightTheme', type: 'REG_DWORD', data: '0x0' },
    ]);
    expect(parseRegistry(recorded('reg-query-high-contrast'))).toEqual([
      { name: 'Flags', type: 'REG_SZ', data: '126' },
    ]);
  });

  test('names and data with blanks, data that is empty', () => {
    const line =
      '    Auto Restart Shell    REG_SZ    C:\\Program Files\\a.exe -x\r\n    B    REG_SZ    \r\n';
    expect(parseRegistry(line)).toEqual([
      { name: 'Auto Restart Shell', type: 'REG_SZ', data: 'C:\\Program Files\\a.exe -x' },
      { name: 'B', type: 'REG_SZ', data: '' },
    ]);
  });

  const flags = (feature: string, old: string | null): string | null | undefined =>
    WINDOWS_SHORTCUTS.find(({ key }) => key.endsWith(feature))?.next(old);
  test.each([
    ['StickyKeys', '510', '506'],
    ['Keyboard Response', '126', '122'],
    ['ToggleKeys', '62', '58'],
    ['HighContrast', '126', '122'],
    // Off already, in use by this person, not set, not a number.
    ['StickyKeys', '506', '506'],
    ['StickyKeys', '511', null],
    ['StickyKeys', null, null],
    ['StickyKeys', 'x', null],
  ])('%s: %s becomes %s', (feature, old, next) => {
    expect(flags(feature, old)).toBe(next);
  });

  test('only the signed-in user’s own settings: no administrator is needed', () => {
    const all = [
      ...WINDOWS_SHORTCUTS,
      ...WINDOWS_CAPTURE,
      ...WINDOWS_CLIPBOARD,
      ...WINDOWS_INTERRUPTIONS,
    ];
    for (const { key } of all) expect(key).toMatch(/^HKCU\\(?!Software\\Policies|.*\\Policies\\)/);
  });
});

describe('on a machine', () => {
  // The same with the systems' tools as programs: test/fault/lockdown-kill.test.ts.
  const made: Pick<LockdownMachine, 'remove'>[] = [];
  afterEach(() => {
    for (const machine of made.splice(0)) machine.remove();
  });
  const fresh = async (platform: 'linux' | 'win32'): Promise<MemoryMachine> => {
    const machine = await memoryMachine(platform, async () => undefined);
    made.push(machine);
    return machine;
  };

  test('Windows: what was there, what was not, and somebody who uses sticky keys', async () => {
    const machine = await fresh('win32');
    const before = machine.state();
    const saved = [];
    for (const step of machine.steps()) {
      saved.push({ step, old: (await step.survey?.()) ?? null });
      expect(await step.perform()).toEqual([]);
    }
    const during = machine.state();
    expect(during).toContain('StickyKeys\nFlags REG_SZ 511');
    expect(during).toContain('Keyboard Response\nFlags REG_SZ 122');
    expect(during).toContain('EnableClipboardHistory REG_DWORD 0x0');
    expect(during).toContain('ToastEnabled REG_DWORD 0x0');
    expect(during).toContain(
      'AtalayaRestore REG_SZ "C:\\Program Files\\Atalaya\\Atalaya.exe" --restore',
    );
    for (const { step, old } of saved.toReversed()) await step.revert(old);
    expect(machine.state()).toBe(before);
    for (const { step, old } of saved) await step.revert(old);
    expect(machine.state()).toBe(before);
  });

  test('GNOME: every shortcut is off during the exam and the person’s own come back', async () => {
    const machine = await fresh('linux');
    const before = machine.state();
    const step = machine.steps().find(({ id }) => id === 'desktop-shortcuts');
    const old = (await step?.survey?.()) ?? null;
    expect(await step?.perform()).toEqual([]);
    const during = machine.state();
    for (const schema of ['wm.keybindings', 'shell.keybindings', 'mutter.keybindings'])
      expect(during).not.toMatch(
        new RegExp(`^org\\.gnome\\.(desktop\\.)?${schema} (?!switch-input).* \\['<`, 'm'),
      );
    expect(during).toContain("switch-input-source ['<Super>space'");
    await step?.revert(old);
    expect(machine.state()).toBe(before);
  });

  test('a program that was taken away during the exam takes its settings with it', async () => {
    const machine = linuxMachine(false);
    made.push(machine);
    const step = machine.steps().find(({ id }) => id === 'desktop-shortcuts');
    const old = (await step?.survey?.()) ?? null;
    await step?.perform();
    rmSync(join(machine.folder, 'gsettings/default/org.gnome.mutter'), { recursive: true });
    await step?.revert(old);
    expect(machine.state()).not.toContain('wm.keybindings close @as []');
  });
});

describe('a tool that does not do what it should', () => {
  const rule = [{ schema: 'a.b', keys: /./, to: 'off' }] as const;
  /** A `gsettings` that lists one setting and does with `set` what the test says. */
  const tool = (set: RunTool, calls: string[] = []): RunTool => {
    return async (args) => {
      calls.push(args.join(' '));
      if (args[0] === 'list-schemas') return { code: 0, stdout: 'a.b\n', stderr: '' };
      if (args[0] === 'list-recursively')
        return { code: 0, stdout: "a.b key ['<Alt>Tab']\na.b other ['<Alt>F2']\n", stderr: '' };
      return set(args);
    };
  };
  const everything = { reason: 'tool-blocked', what: ['a.b key', 'a.b other'] };

  test('is not there: the step is left out', async () => {
    const step = settingsStep('x', gsettings(rule, toolRunner('no-such-tool-anywhere')));
    await expect(step.survey?.()).rejects.toThrow(ToolMissing);
  });

  test('may not be run: the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atalaya-tool-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'gsettings'));
    const step = settingsStep('x', gsettings(rule, toolRunner(join(folder, 'gsettings'))));
    await expect(step.survey?.()).rejects.toThrow(ToolMissing);
  });

  test('says yes and does nothing, as without a session bus: said, not thrown', async () => {
    const step = settingsStep(
      'x',
      gsettings(
        rule,
        tool(async () => ({ code: 0, stdout: '', stderr: '' })),
      ),
    );
    await step.survey?.();
    expect(await step.perform()).toEqual([everything]);
  });

  test('says no, as with a setting that the administrator has fixed', async () => {
    const no: RunTool = async () => ({ code: 1, stdout: '', stderr: 'The key is not writable' });
    const step = settingsStep('x', gsettings(rule, tool(no)));
    const old = (await step.survey?.()) ?? null;
    expect(await step.perform()).toEqual([everything]);
    // Nothing was changed, so nothing is left to undo.
    await step.revert(old);
  });

  test('hangs: it is asked once and never again', async () => {
    const calls: string[] = [];
    const hangs: RunTool = async () => {
      throw new ToolHung('gsettings did not answer');
    };
    const step = settingsStep('x', gsettings(rule, tool(hangs, calls)));
    await step.survey?.();
    expect(await step.perform()).toEqual([everything]);
    expect(calls.filter((call) => call.startsWith('set'))).toHaveLength(1);
  });

  test('the registry’s is blocked by policy: said', async () => {
    const blocked: RunTool = async () => ({
      code: 1,
      stdout: '',
      stderr: 'ERROR: disabled by your administrator',
    });
    const step = settingsStep('x', registry(WINDOWS_CLIPBOARD, blocked));
    expect(await step.survey?.()).toEqual([]);
    expect(await step.perform()).toEqual([{ reason: 'tool-blocked', what: ['registry'] }]);
  });

  test('puts nothing back: the step says what is still changed', async () => {
    const nothing: RunTool = async () => ({ code: 0, stdout: '', stderr: '' });
    const step = settingsStep('x', gsettings(rule, tool(nothing)));
    const saved = [{ at: ['a.b', 'key'], old: "['<Super>Tab']" }];
    await expect(step.revert(saved)).rejects.toThrow('a.b key');
    await expect(step.revert([{ at: 'a' }])).rejects.toThrow('journal of x is not readable');
  });
});

test('a file: made, given its content, put back, taken away', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'autostart', 'a.desktop');
  const step = settingsStep('x', textFile(file, 'ours'));
  const none = (await step.survey?.()) ?? null;
  expect(await step.perform()).toEqual([]);
  expect(readFileSync(file, 'utf8')).toBe('ours');
  await step.revert(none);
  await step.revert(none);
  expect(existsSync(file)).toBe(false);
  writeFileSync(file, 'theirs');
  const theirs = (await step.survey?.()) ?? null;
  await step.perform();
  await step.revert(theirs);
  expect(readFileSync(file, 'utf8')).toBe('theirs');
});

describe('Plasma', () => {
  const answers = (code: number, stderr: string, calls: string[] = []): RunTool => {
    return async (args) => {
      calls.push(args.slice(-2).join(' '));
      return { code, stdout: '()', stderr };
    };
  };
  test('its shortcuts are paused and work again', async () => {
    const calls: string[] = [];
    const step = plasmaShortcutsStep(answers(0, '', calls));
    expect(await step.perform()).toEqual([]);
    await step.revert(null);
    expect(calls).toEqual([
      'org.kde.KGlobalAccel.blockGlobalShortcuts true',
      'org.kde.KGlobalAccel.blockGlobalShortcuts false',
    ]);
  });
  test('a session without its service has nothing to undo; a refusal is one', async () => {
    const gone = answers(1, 'GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: x');
    await plasmaShortcutsStep(gone).revert(null);
    await plasmaShortcutsStep(toolRunner('no-such-tool-anywhere')).revert(null);
    await expect(plasmaShortcutsStep(answers(1, 'AccessDenied')).revert(null)).rejects.toThrow(
      'AccessDenied',
    );
    expect(await plasmaShortcutsStep(answers(1, 'AccessDenied')).perform()).toEqual([
      { reason: 'tool-blocked', what: ['AccessDenied'] },
    ]);
    expect(await plasmaShortcutsStep(toolRunner('no-such-tool-anywhere')).perform()).toEqual([
      { reason: 'tool-missing', what: ['gdbus'] },
    ]);
  });
});
