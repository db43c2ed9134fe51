import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '#electron/config/read-config.ts';
import { SETTINGS_KEYS } from '#electron/config/settings-schema.ts';
import { CAPTURE_EXCEPTIONS, chromeOsPolicies } from '#renderer/install/chromeos-policies.ts';
import { fakeMachine } from '#test/electron/config/fake-machine.ts';
import {
  assignedAccess,
  type KitCheck,
  macProfile,
  policyTemplate,
  settingsFile,
  shellLauncher,
  unitFile,
} from './deploy/kit-checks.ts';
import { powershellProblems } from './deploy/powershell.ts';

const kit = join(import.meta.dirname, '../../deploy');
const read = (file: string): string => readFileSync(join(kit, file), 'utf8');
const there = (tool: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' }).status === 0;
/** Tools that not every machine has; what they would say is checked by `kit-checks.ts` as well. */
const [xmllint, shellcheck, systemd] = ['xmllint', 'shellcheck', 'systemd-analyze'].map(there);

const admx = () => read('windows/Atalaya.admx');
const template =
  (language: string): KitCheck =>
  (text) =>
    policyTemplate(text, read(`windows/${language}/Atalaya.adml`));
const texts = (): KitCheck => (text) => policyTemplate(admx(), text);

const FILES: readonly [string, KitCheck][] = [
  ['windows/assigned-access-restricted.xml', assignedAccess],
  ['windows/assigned-access-kiosk.xml', assignedAccess],
  ['windows/shell-launcher.xml', shellLauncher],
  ['windows/Atalaya.admx', template('es-ES')],
  ['windows/Atalaya.admx', template('en-US')],
  ['linux/kiosk.json', settingsFile],
  ['site.json', settingsFile],
  ['macos/atalaya.mobileconfig', macProfile],
  ['linux/atalaya-cage.service', unitFile],
  ['linux/atalaya-x11.service', unitFile],
];

describe('each file is what its system takes', () => {
  test.each(FILES)('%s', (file, check) => {
    expect(check(read(file))).toEqual([]);
  });

  test
    .runIf(xmllint)
    .each(FILES.map(([file]) => file).filter((file) => /\.(xml|admx|mobileconfig)$/.test(file)))(
    '%s, as xmllint reads it',
    (file) => {
      execFileSync('xmllint', ['--noout', '--nonet', join(kit, file)]);
    },
  );
});

describe('a planted error is found', () => {
  test.each<[string, KitCheck, string | RegExp, string]>([
    ['windows/assigned-access-restricted.xml', assignedAccess, '</Profiles>', ''],
    [
      'windows/assigned-access-restricted.xml',
      assignedAccess,
      /4D5C9A1E-7E0B-4E1B-9C56-1B7A4F6E2D31(?=}" \/>)/,
      '4D5C9A1E-7E0B-4E1B-9C56-1B7A4F6E2D32',
    ],
    [
      'windows/assigned-access-restricted.xml',
      assignedAccess,
      'ShowTaskbar="false"',
      'ShowTaskbar="true"',
    ],
    ['windows/assigned-access-restricted.xml', assignedAccess, 'Atalaya.exe', 'other.exe'],
    ['windows/assigned-access-restricted.xml', assignedAccess, 'rs5:AutoLaunch="true"', ''],
    [
      'windows/assigned-access-restricted.xml',
      assignedAccess,
      'DesktopAppPath="%windir%\\System32\\reg.exe"',
      'Path="%windir%\\System32\\reg.exe"',
    ],
    [
      'windows/assigned-access-restricted.xml',
      assignedAccess,
      /<v5:StartPins>[\s\S]*<\/v5:StartPins>\s*(<Taskbar [^>]*>)/,
      '$1<v5:StartPins>{"pinnedList":[]}</v5:StartPins>',
    ],
    ['windows/assigned-access-kiosk.xml', assignedAccess, 'v4:ClassicAppPath', 'ClassicAppPath'],
    ['windows/assigned-access-kiosk.xml', assignedAccess, 'xmlns:v4', 'xmlns:v9'],
    ['windows/assigned-access-kiosk.xml', assignedAccess, '2017/config', '2018/config'],
    ['windows/shell-launcher.xml', shellLauncher, 'RestartShell', 'Restart'],
    ['windows/shell-launcher.xml', shellLauncher, 'ReturnCode="0"', 'ReturnCode="x"'],
    ['windows/shell-launcher.xml', shellLauncher, '%SystemRoot%\\explorer.exe', 'cmd.exe'],
    ['windows/shell-launcher.xml', shellLauncher, /<AutoLogonAccount \/>/, ''],
    ['windows/Atalaya.admx', template('es-ES'), 'valueName="Room"', 'valueName="Aula"'],
    ['windows/Atalaya.admx', template('es-ES'), '$(string.Server)', '$(string.Servers)'],
    [
      'windows/Atalaya.admx',
      template('es-ES'),
      '<parentCategory ref="Watching" />',
      '<parentCategory ref="Nowhere" />',
    ],
    ['windows/Atalaya.admx', template('es-ES'), 'class="Machine"', 'class="User"'],
    [
      'windows/Atalaya.admx',
      template('es-ES'),
      '<multiText id="Programs_Json"',
      '<text id="Programs_Json"',
    ],
    ['windows/es-ES/Atalaya.adml', texts(), 'refId="Room_Text"', 'refId="Aula_Text"'],
    [
      'windows/es-ES/Atalaya.adml',
      texts(),
      /<string id="Room_Help">[^<]*</,
      '<string id="Room_Help"> <',
    ],
    ['windows/es-ES/Atalaya.adml', texts(), '<string id="Locale_en">', '<string id="Locale_fr">'],
    ['linux/kiosk.json', settingsFile, '"room"', '"aula"'],
    ['site.json', settingsFile, '2030-12-31', '31/12/2030'],
    ['macos/atalaya.mobileconfig', macProfile, '<key>room</key>', '<key>aula</key>'],
    ['macos/atalaya.mobileconfig', macProfile, '<key>Accessibility</key>', '<key>Camera</key>'],
    ['macos/atalaya.mobileconfig', macProfile, 'AllowStandardUserToSetSystemService', 'Allow'],
    ['macos/atalaya.mobileconfig', macProfile, 'identifier "ec.atalaya.kiosk" and ', ''],
    [
      'macos/atalaya.mobileconfig',
      macProfile,
      'A9D1F3E6-7B42-4C85-8D60-5F1E9C3B2A47',
      '6E2B7C14-5A0D-4F38-9E71-2C8B4D6A1F05',
    ],
    ['macos/atalaya.mobileconfig', macProfile, '<key>PayloadScope</key>', ''],
    ['linux/atalaya-cage.service', unitFile, 'User=examen', 'User=root'],
    ['linux/atalaya-cage.service', unitFile, 'cage -d', 'cage -d -s'],
    ['linux/atalaya-cage.service', unitFile, 'Restart=always', 'Restart = always'],
    ['linux/atalaya-x11.service', unitFile, 'UtmpIdentifier=tty7', 'UtmpIdentifier=tty1'],
    ['linux/atalaya-x11.service', unitFile, '[Install]', '[Instal]'],
  ])('%s: %#', (file, check, from, to) => {
    const text = read(file);
    const spoiled = text.replace(from, to);
    expect(spoiled).not.toBe(text);
    expect(check(spoiled)).not.toEqual([]);
  });
});

describe('ChromeOS', () => {
  const origin = 'https://examenes.universidad.edu.ec';
  test('the files are what the installation page shows for the example server', () => {
    const { kioskSession, managedConfiguration } = chromeOsPolicies(origin);
    expect(JSON.parse(read('chromeos/kiosk-policies.json'))).toEqual(kioskSession);
    expect(JSON.parse(read('chromeos/managed-configuration.json'))).toEqual(managedConfiguration);
  });

  test('nothing gives back what forbids the capture of the screen', () => {
    const policies: Record<string, unknown> = JSON.parse(read('chromeos/kiosk-policies.json'));
    expect(policies.ScreenCaptureAllowed).toBe(false);
    const exceptions = Object.entries(policies).filter(([name]) =>
      /Capture\w*(ByOrigins|ForUrls)$/.test(name),
    );
    expect(exceptions.map(([name]) => name)).toEqual([...CAPTURE_EXCEPTIONS]);
    for (const [, addresses] of exceptions) expect(addresses).toEqual([]);
    // In a list of cameras a star is no address; the page's own origin has the camera anyway.
    expect(JSON.stringify(policies.VideoCaptureAllowedUrls)).not.toContain('*');
  });

  test('every address in them is the server’s', () => {
    const { kioskSession } = chromeOsPolicies('https://otra.edu:8443');
    expect(JSON.stringify(kioskSession)).not.toContain('examenes');
    expect(kioskSession).toMatchObject({
      VideoCaptureAllowedUrls: ['https://otra.edu:8443'],
      URLBlocklist: ['*'],
      URLAllowlist: ['otra.edu:8443'],
    });
  });
});

describe('docs/deployment.md', () => {
  const guide = readFileSync(join(kit, '../docs/deployment.md'), 'utf8');
  const files = readdirSync(kit, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ name }) => name);

  test('describes exactly the keys that the kiosk knows', () => {
    const [, table = ''] = /\| key \| form \| meaning \|\n([\s\S]*?)\n\n/.exec(guide) ?? [];
    const keys = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    expect(keys.toSorted()).toEqual([...SETTINGS_KEYS].toSorted());
  });

  test('names files that are there, and every file that somebody has to choose', () => {
    const named = [...guide.matchAll(/`deploy\/([\w./-]+)`/g)].map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(join(kit, path)))).toEqual([]);
    // These are placed by a script that is named.
    const placed =
      /^(90-atalaya-xorg\.conf|atalaya-kiosco\.pam|kiosk\.json|openbox-session|Atalaya\.adml)$/;
    expect(files.filter((name) => !guide.includes(name) && !placed.test(name))).toEqual([]);
  });

  test('switches that the scripts know are those that it shows', () => {
    const shown = [...guide.matchAll(/install\.sh ((?:[^\n]*\\\n)*[^\n]*)/g)].flatMap(
      ([, line = '']) => [...line.matchAll(/--[a-z-]+/g)].map(([option]) => option),
    );
    expect(shown.length).toBeGreaterThan(3);
    for (const option of shown) expect(read('linux/install.sh')).toContain(`${option})`);
    for (const [, option = ''] of guide.matchAll(
      / -(Installer|Server|Room|CodesFile|Kiosk|Purge)\b/g,
    )) {
      const scripts = read('windows/silent-install.ps1') + read('windows/uninstall.ps1');
      expect(scripts).toContain(`$${option}`);
    }
  });
});

describe('scripts', () => {
  const scripts = [
    'linux/install.sh',
    'linux/uninstall.sh',
    'macos/install.sh',
    'macos/uninstall.sh',
  ];
  test.each([...scripts, 'linux/openbox-session'])(
    '%s is a script that its shell takes',
    (file) => {
      const path = join(kit, file);
      expect(lstatSync(path).mode & 0o111).not.toBe(0);
      const shell = read(file).startsWith('#!/bin/sh') ? 'sh' : 'bash';
      execFileSync(shell, ['-n', path]);
      if (shellcheck) execFileSync('shellcheck', [path]);
    },
  );

  test
    .runIf(systemd)
    .each([
      'linux/atalaya-cage.service',
      'linux/atalaya-x11.service',
      'server/atalaya-server.service',
    ])('%s, as systemd reads it', (unit) => {
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(kit, unit)], {
      encoding: 'utf8',
    });
    // The programs that it starts are not on this machine; everything else must be right.
    const said = stderr
      .split('\n')
      .filter((line) => line.includes(basename(unit)) && !line.includes('is not executable'));
    expect(said).toEqual([]);
  });

  test.each(['windows/silent-install.ps1', 'windows/uninstall.ps1'])(
    '%s: whole, and read with its accents',
    (file) => {
      const text = read(file);
      // Windows PowerShell takes a script without this mark for the old code page.
      expect(text.startsWith('\uFEFF')).toBe(true);
      expect(powershellProblems(text)).toEqual([]);
    },
  );

  test.each([
    ['windows/silent-install.ps1', /Protect-Folder(?=\nInstall)/, 'Protect-Folders'],
    ['windows/silent-install.ps1', /'Stop'/, "'Stop"],
    ['windows/uninstall.ps1', /\{ Remove-Data \}/, '{ Remove-Data'],
    ['windows/uninstall.ps1', /\(\$Purge\)/, '($Purged)'],
  ])('%s: a planted error is found: %s', (file, from, to) => {
    const text = read(file);
    const spoiled = text.replace(from, to);
    expect(spoiled).not.toBe(text);
    expect(powershellProblems(spoiled)).not.toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('the Linux scripts on a system in a folder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'atalaya-kit-'));
    mkdirSync(join(root, 'etc/systemd/system'), { recursive: true });
    symlinkSync(
      '/lib/systemd/system/gdm.service',
      join(root, 'etc/systemd/system/display-manager.service'),
    );
    mkdirSync(join(root, 'etc/pam.d'), { recursive: true });
    writeFileSync(join(root, 'etc/pam.d/atalaya-kiosco'), 'somebody else’s\n');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const run = (script: string, ...args: string[]) =>
    spawnSync('bash', [join(kit, 'linux', script), ...args], {
      encoding: 'utf8',
      env: { ...process.env, DESTDIR: root },
    });
  const files = () =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((one) => !one.isDirectory())
      .map((one) => join(one.parentPath, one.name).slice(root.length))
      .toSorted();
  const SERVER = ['--server', 'https://examenes.universidad.edu.ec'];

  test.each(['cage', 'openbox'])('%s: installed twice, then taken off: as before', (session) => {
    const before = files();
    const codes = join(root, 'codes.csv');
    writeFileSync(codes, `otro;ZZZZ-0000\r\n${hostname().toUpperCase()};AAAA-1111\r\n`);
    const options = [
      ...SERVER,
      '--room',
      'Aula "12" \\ B',
      '--codes',
      codes,
      '--codes-expire',
      '2030-01-01',
      '--session',
      session,
    ];
    for (const _time of [1, 2]) {
      const installed = run('install.sh', ...options);
      expect(installed.stderr).toBe('');
      expect(installed.status).toBe(0);
    }
    rmSync(codes);
    const { values } = readConfig(
      fakeMachine({
        files: Object.fromEntries(
          ['kiosk.json', 'site.json'].map((name) => [
            `/etc/atalaya/${name}`,
            readFileSync(join(root, 'etc/atalaya', name), 'utf8'),
          ]),
        ),
      }),
      '/nowhere',
      true,
    );
    expect(values).toEqual({
      server: SERVER[1],
      room: 'Aula "12" \\ B',
      enrolCode: 'AAAA-1111',
      enrolCodesExpire: '2030-01-01',
    });
    const unit = session === 'cage' ? 'atalaya-cage.service' : 'atalaya-x11.service';
    const link = join(root, 'etc/systemd/system/display-manager.service');
    expect(readlinkSync(link)).toBe(`/etc/systemd/system/${unit}`);
    // What the units and rules name is there.
    for (const path of read(`linux/${unit}`).match(/\/(usr\/local|etc)\/\S*atalaya\S*/g) ?? []) {
      expect(existsSync(join(root, path)), path).toBe(true);
    }

    const taken = run('uninstall.sh');
    expect(taken.stderr).toBe('');
    expect(taken.status).toBe(0);
    expect(taken.stdout.indexOf('--restore')).toBeGreaterThan(0);
    expect(taken.stdout.indexOf('--restore')).toBeLessThan(taken.stdout.indexOf('purge'));
    expect(files()).toEqual(before);
    expect(readlinkSync(link)).toBe('/lib/systemd/system/gdm.service');
    expect(readFileSync(join(root, 'etc/pam.d/atalaya-kiosco'), 'utf8')).toBe('somebody else’s\n');
  });

  test('an ordinary desktop keeps its log-in screen', () => {
    expect(run('install.sh', ...SERVER).status).toBe(0);
    const link = join(root, 'etc/systemd/system/display-manager.service');
    expect(readlinkSync(link)).toBe('/lib/systemd/system/gdm.service');
    expect(run('uninstall.sh').status).toBe(0);
    expect(readlinkSync(link)).toBe('/lib/systemd/system/gdm.service');
  });

  test.each([
    [['--server', 'examenes'], '--server debe ser'],
    [[...SERVER, '--session', 'kde'], '--session debe ser'],
    [[...SERVER, '--codes-expire', '31/12/2030'], '--codes-expire debe ser'],
    [[...SERVER, '--aula', 'x'], 'opción desconocida: --aula'],
    [[...SERVER, '--room'], 'falta el valor de --room'],
    [[...SERVER, '--package', '/no/such.deb'], 'no se encuentra /no/such.deb'],
  ])('%j is refused', (options, why) => {
    const refused = run('install.sh', ...options);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(why);
    expect(existsSync(join(root, 'etc/atalaya'))).toBe(false);
  });

  test('a machine that is not in the list of codes is told', () => {
    const codes = join(root, 'codes.csv');
    writeFileSync(codes, 'otro;ZZZZ-0000\n');
    const refused = run('install.sh', ...SERVER, '--codes', codes);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(`no hay código para el equipo ${hostname()}`);
  });
});
