import { Check } from 'typebox/value';
import {
  SETTINGS_KEYS,
  type SettingsKey,
  SettingsSchema,
} from '#electron/config/settings-schema.ts';
import { elements, parseXml, plistValue, type XmlElement } from './xml.ts';

/**
 * What is wrong with a file of the deployment kit, as sentences; none when nothing is. Each takes the text, so that
 * a test can plant an error in it. The forms are those of the systems' own published schemas.
 */
export type KitCheck = (text: string) => readonly string[];

const PROGRAM_WINDOWS = '%ProgramFiles%\\Atalaya\\Atalaya.exe';
const GUID = /^\{[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}$/;
const AA = 'http://schemas.microsoft.com/AssignedAccess';
const SL = 'http://schemas.microsoft.com/ShellLauncher';

const parsed = (text: string, judge: (root: XmlElement) => string[]): readonly string[] => {
  try {
    return judge(parseXml(text));
  } catch (error) {
    return [`not well-formed: ${String(error)}`];
  }
};
const local = ({ name }: XmlElement): string => name.replace(/^\{.*\}/, '');
const names = (element: XmlElement | undefined): string =>
  (element?.children ?? []).map(({ name }) => name).join(' ');

/** Children in the order of an `xs:sequence`; `?` marks those that may be missing. */
const inOrder = (element: XmlElement | undefined, sequence: readonly string[]): string[] => {
  const pattern = new RegExp(
    `^${sequence.map((one) => (one.endsWith('?') ? `(${literally(one.slice(0, -1))} )?` : `${literally(one)} `)).join('')}$`,
  );
  const given = (element?.children ?? []).map(({ name }) => `${name} `).join('');
  return pattern.test(given) ? [] : [`<${element && local(element)}> has: ${names(element)}`];
};
const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const only = (element: XmlElement, allowed: readonly string[]): string[] =>
  [...element.attributes.keys()]
    .filter((name) => !allowed.includes(name))
    .map((name) => `<${local(element)}> has no attribute ${name}`);

const profilesFit = (root: XmlElement, used: readonly XmlElement[]): string[] => {
  const ids = elements(root, 'Profile')
    .filter((profile) => profile.children.length > 0)
    .map((profile) => profile.attributes.get('Id') ?? '');
  return [
    ...ids.filter((id) => !GUID.test(id)).map((id) => `${id} is no GUID`),
    ...(new Set(ids).size === ids.length ? [] : ['two profiles with one Id']),
    ...used
      .map((one) => one.attributes.get('Id') ?? '')
      .filter((id) => !ids.includes(id))
      .map((id) => `no profile ${id}`),
    ...(used.length > 0 ? [] : ['no account has a profile']),
  ];
};

/** Assigned Access: Microsoft's schema of 2017 with the additions of 2018, 2021 and 2022. */
export const assignedAccess: KitCheck = (text) =>
  parsed(text, (root) => {
    const space = (year: string, name: string) => `{${AA}/${year}/config}${name}`;
    const base = (name: string) => space('2017', name);
    const apps = elements(root, 'App');
    const kiosk = elements(root, 'KioskModeApp');
    const paths = [
      ...apps.map((app) => app.attributes.get('DesktopAppPath')),
      ...kiosk.map((app) => app.attributes.get(space('2021', 'ClassicAppPath'))),
    ];
    return [
      ...(root.name === base('AssignedAccessConfiguration') ? [] : [`root is ${root.name}`]),
      ...inOrder(root, [base('Profiles'), base('Configs')]),
      ...elements(root, 'Profiles').flatMap((list) =>
        list.children.flatMap((profile) => [
          ...only(profile, ['Id', 'Name']),
          ...(profile.children[0]?.name === base('KioskModeApp')
            ? inOrder(profile, [base('KioskModeApp'), `${space('2021', 'BreakoutSequence')}?`])
            : inOrder(profile, [
                base('AllAppsList'),
                `${space('201810', 'FileExplorerNamespaceRestrictions')}?`,
                `${base('StartLayout')}?`,
                `${space('2022', 'StartPins')}?`,
                base('Taskbar'),
              ])),
        ]),
      ),
      ...kiosk.flatMap((app) =>
        only(app, [
          'AppUserModelId',
          space('2021', 'ClassicAppPath'),
          space('2021', 'ClassicAppArguments'),
        ]),
      ),
      ...apps.flatMap((app) => [
        ...only(app, [
          'AppUserModelId',
          'DesktopAppPath',
          space('201810', 'AutoLaunch'),
          space('201810', 'AutoLaunchArguments'),
        ]),
        ...(app.attributes.has('AppUserModelId') === app.attributes.has('DesktopAppPath')
          ? ['an App has one of AppUserModelId and DesktopAppPath']
          : []),
      ]),
      ...(new Set(paths).size === paths.length ? [] : ['an app twice']),
      ...(paths.includes(PROGRAM_WINDOWS) ? [] : ['Atalaya is not in it']),
      ...(apps.length === 0 ||
      apps.filter((app) => app.attributes.get(space('201810', 'AutoLaunch')) === 'true').length ===
        1
        ? []
        : ['exactly one app starts by itself']),
      ...elements(root, 'Taskbar').flatMap((bar) =>
        bar.attributes.get('ShowTaskbar') === 'false' ? [] : ['the taskbar is shown'],
      ),
      ...elements(root, 'StartPins').flatMap((pins) =>
        pins.text.replaceAll(/\s/g, '') === '{"pinnedList":[]}' ? [] : ['the Start menu has pins'],
      ),
      ...elements(root, 'Config').flatMap((config) =>
        inOrder(config, [base('AutoLogonAccount'), base('DefaultProfile')]),
      ),
      ...profilesFit(root, elements(root, 'DefaultProfile')),
    ];
  });

const SHELL_ACTIONS = ['RestartShell', 'RestartDevice', 'ShutdownDevice', 'DoNothing'];

/** Shell Launcher: Microsoft's schema of 2018 with the additions of 2019. */
export const shellLauncher: KitCheck = (text) =>
  parsed(text, (root) => {
    const base = (name: string) => `{${SL}/2018/Configuration}${name}`;
    const v2 = (name: string) => `{${SL}/2019/Configuration}${name}`;
    const shells = elements(root, 'Shell');
    const custom = elements(root, 'Profiles')
      .flatMap(({ children }) => children)
      .filter((one) => local(one) === 'Profile');
    return [
      ...(root.name === base('ShellLauncherConfiguration') ? [] : [`root is ${root.name}`]),
      ...inOrder(root, [base('Profiles'), base('Configs')]),
      ...inOrder(elements(root, 'Profiles')[0], [base('DefaultProfile'), base('Profile')]),
      ...shells.flatMap((shell) => only(shell, ['Shell', v2('AppType'), v2('AllAppsFullScreen')])),
      ...(shells[0]?.attributes.get('Shell') === '%SystemRoot%\\explorer.exe'
        ? []
        : ['everybody else keeps Explorer']),
      ...custom.flatMap((profile) => {
        const shell = profile.children[0];
        return [
          ...inOrder(profile, [base('Shell')]),
          ...(shell?.attributes.get('Shell') === `"${PROGRAM_WINDOWS}"`
            ? []
            : ['the shell is not Atalaya']),
          ...(shell?.attributes.get(v2('AppType')) === 'Desktop' ? [] : ['AppType is Desktop']),
        ];
      }),
      ...[...elements(root, 'ReturnCodeAction'), ...elements(root, 'DefaultAction')].flatMap(
        (action) => [
          ...(SHELL_ACTIONS.includes(action.attributes.get('Action') ?? '')
            ? []
            : [`no action ${action.attributes.get('Action')}`]),
          ...(local(action) === 'DefaultAction' ||
          /^-?\d+$/.test(action.attributes.get('ReturnCode') ?? '')
            ? []
            : ['a return code is a whole number']),
        ],
      ),
      ...elements(root, 'Config').flatMap((config) =>
        inOrder(config, [base('AutoLogonAccount'), base('Profile')]),
      ),
      ...profilesFit(
        root,
        elements(root, 'Config').flatMap((config) => elements(config, 'Profile')),
      ),
    ];
  });

/** `multiText` is shown by a `multiTextBox`, and so on: what ADMX elements and ADML controls go together. */
const CONTROLS: Readonly<Record<string, string>> = {
  text: 'textBox',
  multiText: 'multiTextBox',
  enum: 'dropdownList',
  list: 'listBox',
};
/** Which settings may be written by which element of a policy. */
const SETTING_ELEMENTS: Readonly<Partial<Record<SettingsKey, string>>> = {
  switchedOffSensors: 'list',
  enrolCodes: 'list',
  programs: 'multiText',
  peripherals: 'multiText',
  locale: 'enum',
  network: 'enum',
};
/** Codes of a single machine have no place in a policy for all of them. */
const NOT_IN_POLICY: readonly SettingsKey[] = ['enrolCode'];

const POLICY_ROOT = 'SOFTWARE\\Policies\\Atalaya';

/** The policy template against one language's texts, and against the keys that the kiosk knows. */
export const policyTemplate = (admx: string, adml: string): readonly string[] =>
  parsed(admx, (root) => [
    ...parsed(adml, (words) => {
      const table = (name: string) =>
        new Map(elements(words, name).map((one) => [one.attributes.get('id') ?? '', one]));
      const strings = table('string');
      const presentations = table('presentation');
      const wanted = [...admx.matchAll(/\$\((string|presentation)\.(\w+)\)/g)];
      const used = new Set(wanted.map(([, , id]) => id));
      return [
        ...wanted
          .filter(([, kind, id]) => !(kind === 'string' ? strings : presentations).has(id ?? ''))
          .map(([whole]) => `${whole} is not in the texts`),
        ...[...strings.keys(), ...presentations.keys()]
          .filter((id) => !used.has(id))
          .map((id) => `${id} is used nowhere`),
        ...[...strings]
          .filter(([, { text }]) => text.trim() === '')
          .map(([id]) => `${id} is empty`),
        ...elements(root, 'policy').flatMap((policy) => {
          const id = /presentation\.(\w+)/.exec(policy.attributes.get('presentation') ?? '')?.[1];
          const shown = new Map(
            (presentations.get(id ?? '')?.children ?? []).map((control) => [
              control.attributes.get('refId') ?? '',
              local(control),
            ]),
          );
          const inside = elements(policy, 'elements').flatMap(({ children }) => children);
          return inside.flatMap((one) => {
            const control = shown.get(one.attributes.get('id') ?? '');
            return control === CONTROLS[local(one)]
              ? []
              : [`${one.attributes.get('id')}: <${local(one)}> is shown by <${control}>`];
          });
        }),
      ];
    }),
    ...elements(root, 'policy').flatMap((policy) => {
      const name = policy.attributes.get('name');
      const category = elements(policy, 'parentCategory')[0]?.attributes.get('ref');
      const supported = elements(policy, 'supportedOn')[0]?.attributes.get('ref');
      const ids = (kind: string) => elements(root, kind).map((one) => one.attributes.get('name'));
      return [
        ...(policy.attributes.get('class') === 'Machine' ? [] : [`${name} is for the machine`]),
        ...(policy.attributes.get('key') === POLICY_ROOT ? [] : [`${name} is in another key`]),
        ...(ids('category').includes(category) ? [] : [`${name}: no category ${category}`]),
        ...(ids('definition').includes(supported) ? [] : [`${name}: no definition ${supported}`]),
      ];
    }),
    ...settingsWritten(root),
  ]);

const settingsWritten = (root: XmlElement): string[] => {
  const written = elements(root, 'elements')
    .flatMap(({ children }) => children)
    .map((one) => {
      const key = one.attributes.get('key');
      const value =
        local(one) === 'list'
          ? key?.startsWith(`${POLICY_ROOT}\\`)
            ? key.slice(POLICY_ROOT.length + 1)
            : ''
          : (one.attributes.get('valueName') ?? '');
      return [`${value.slice(0, 1).toLowerCase()}${value.slice(1)}`, local(one)] as const;
    });
  const known = new Set<string>(SETTINGS_KEYS);
  return [
    ...written.filter(([key]) => !known.has(key)).map(([key]) => `the kiosk knows no ${key}`),
    ...SETTINGS_KEYS.filter(
      (key) => !NOT_IN_POLICY.includes(key) && !written.some(([one]) => one === key),
    ).map((key) => `no policy for ${key}`),
    ...written.flatMap(([key, element]) => {
      const wanted = SETTING_ELEMENTS[key as SettingsKey] ?? 'text';
      return element === wanted ? [] : [`${key} is written by <${wanted}>, not <${element}>`];
    }),
  ];
};

/** `kiosk.json` and `site.json` as the kiosk itself reads them. */
export const settingsFile: KitCheck = (text) => {
  try {
    const value: unknown = JSON.parse(text);
    return Check(SettingsSchema, value) ? [] : ['the kiosk would refuse it'];
  } catch (error) {
    return [String(error)];
  }
};

const PAYLOAD_KEYS = ['PayloadType', 'PayloadIdentifier', 'PayloadUUID', 'PayloadVersion'];
const TCC = 'com.apple.TCC.configuration-profile-policy';
/** Rights that Apple lets a profile only deny, never give. */
const DENY_ONLY = ['Camera', 'Microphone'];
/** Rights that a profile may only leave to a standard user. */
const LEFT_TO_USER = ['ScreenCapture', 'ListenEvent'];

/** The macOS profile: Apple's form, and settings that the kiosk would take. */
export const macProfile: KitCheck = (text) =>
  parsed(text, (root) => {
    const profile = plistValue(root) as Record<string, unknown>;
    const payloads = (profile.PayloadContent ?? []) as Record<string, unknown>[];
    const all = [profile, ...payloads];
    const uuids = all.map(({ PayloadUUID }) => String(PayloadUUID));
    const settings = payloads.find(({ PayloadType }) => PayloadType === 'ec.atalaya.kiosk');
    const own = Object.fromEntries(
      Object.entries(settings ?? {}).filter(([key]) => !key.startsWith('Payload')),
    );
    const services = (payloads.find(({ PayloadType }) => PayloadType === TCC)?.Services ??
      {}) as Record<string, Record<string, string>[]>;
    return [
      ...all.flatMap((one) =>
        PAYLOAD_KEYS.filter((key) => !(key in one)).map((key) => `no ${key}`),
      ),
      ...(profile.PayloadType === 'Configuration' ? [] : ['not a profile']),
      ...uuids.filter((id) => !GUID.test(`{${id}}`)).map((id) => `${id} is no UUID`),
      ...(new Set(uuids).size === uuids.length ? [] : ['a UUID twice']),
      ...(settings === undefined ? ['no settings'] : settingsFile(JSON.stringify(own))),
      ...Object.entries(services).flatMap(([service, identities]) =>
        identities.flatMap((identity) => [
          ...(identity.Identifier === 'ec.atalaya.kiosk' && identity.IdentifierType === 'bundleID'
            ? []
            : [`${service} is for another program`]),
          ...(identity.CodeRequirement?.includes('identifier "ec.atalaya.kiosk"')
            ? []
            : [`${service}: any program could take its place`]),
          ...(DENY_ONLY.includes(service) && identity.Authorization !== 'Deny'
            ? [`a profile cannot give ${service}`]
            : []),
          ...(LEFT_TO_USER.includes(service) && identity.Authorization === 'Allow'
            ? [`a profile cannot give ${service}`]
            : []),
        ]),
      ),
    ];
  });

/** A systemd unit, as far as its text tells. */
export const unitFile: KitCheck = (text) => {
  const problems: string[] = [];
  const values = new Map<string, string[]>();
  let section = '';
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const header = /^\[(Unit|Service|Install)\]$/.exec(line)?.[1];
    if (header !== undefined) section = header;
    const [, key, value] = /^([A-Z]\w+)=(.*)$/.exec(line) ?? [];
    if (header === undefined && (key === undefined || section === '')) {
      problems.push(`line ${i + 1} is no setting`);
    } else if (key !== undefined && value !== undefined) {
      const name = `${section}.${key}`;
      values.set(name, [...(values.get(name) ?? []), value]);
    }
  }
  const one = (name: string) => values.get(name)?.[0] ?? '';
  const must = (holds: boolean, what: string) => {
    if (!holds) problems.push(what);
  };
  must(
    /\/opt\/Atalaya\/atalaya|openbox-session/.test(one('Service.ExecStart')),
    'does not start Atalaya',
  );
  must(one('Service.ExecStart').startsWith('/'), 'ExecStart is an absolute path');
  must(one('Service.User') === 'examen', 'runs as the exam account');
  must(one('Service.PAMName') === 'atalaya-kiosco', 'opens a session');
  must(one('Service.Restart') === 'always', 'comes back after a crash');
  must(/--restore/.test(one('Service.ExecStopPost')), 'gives the machine back');
  must(one('Install.Alias') === 'display-manager.service', 'takes the place of the log-in screen');
  const tty = one('Service.TTYPath').replace('/dev/', '');
  must(/^tty\d+$/.test(tty) && one('Service.UtmpIdentifier') === tty, 'has one console');
  must(
    (values.get('Unit.Conflicts') ?? []).join(' ').includes(`getty@${tty}.service`),
    'has its console for itself',
  );
  must(!/ -s\b/.test(one('Service.ExecStart')), 'Cage lets nobody switch consoles');
  return problems;
};
