import { describe, expect, test } from 'vitest';
import en from '#assets/locales/en/config.json' with { type: 'json' };
import es from '#assets/locales/es/config.json' with { type: 'json' };
import { describeConfigProblem } from '#electron/config/config-problem.ts';
import { SETTINGS_KEYS } from '#electron/config/settings-schema.ts';
import { readSettings } from '#electron/settings.ts';
import { type FakeMachine, fakeMachine } from './config/fake-machine.ts';

const FOLDER = '/home/examen/.config/atalaya';
const ETC = '/etc/atalaya/kiosk.json';
const SITE = '/etc/atalaya/site.json';
const OWN = `${FOLDER}/kiosk.json`;
const SERVER = 'https://examenes.unemi.edu.ec';
const TODAY = new Date(2026, 10, 21);

const read = (machine: FakeMachine, packaged = true, environment = {}) =>
  readSettings(FOLDER, environment, { packaged, machine: fakeMachine(machine), today: TODAY });
const sentence = (machine: FakeMachine, packaged = true, environment = {}): string => {
  try {
    read(machine, packaged, environment);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
};
const json = (value: unknown) => JSON.stringify(value, null, 2);
const policyOf = (name: string, data: string) =>
  `HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Atalaya\r\n    ${name}    REG_SZ    ${data}\r\n`;

describe('which place counts', () => {
  const WIN_FILE = 'C:\\ProgramData\\Atalaya\\kiosk.json';
  test.each<[string, FakeMachine, string]>([
    ['the machine file alone', { files: { [ETC]: json({ server: SERVER }) } }, SERVER],
    ['the user file alone', { files: { [OWN]: json({ server: SERVER }) } }, SERVER],
    [
      'machine before user',
      {
        files: { [ETC]: json({ server: 'https://a.ec' }), [OWN]: json({ server: 'https://b.ec' }) },
      },
      'https://a.ec',
    ],
    [
      'kiosk.json before site.json',
      {
        files: {
          [ETC]: json({ server: 'https://a.ec' }),
          [SITE]: json({ server: 'https://b.ec' }),
        },
      },
      'https://a.ec',
    ],
    [
      'Windows: policy before the machine file',
      {
        platform: 'win32',
        registry: policyOf('Server', 'https://p.ec'),
        files: { [WIN_FILE]: json({ server: 'https://a.ec' }) },
      },
      'https://p.ec',
    ],
    [
      'Windows: the machine file, with a byte order mark',
      { platform: 'win32', files: { [WIN_FILE]: `\uFEFF${json({ server: 'https://a.ec' })}` } },
      'https://a.ec',
    ],
    [
      'macOS: profile before the machine file',
      {
        platform: 'darwin',
        managedPreferences: json({ server: 'https://p.ec', PayloadUUID: 'x' }),
        files: {
          '/Library/Application Support/Atalaya/kiosk.json': json({ server: 'https://a.ec' }),
        },
      },
      'https://p.ec',
    ],
    [
      'Linux has no registry: it is not asked',
      { registry: policyOf('Server', 'https://p.ec'), files: { [ETC]: json({ server: SERVER }) } },
      SERVER,
    ],
  ])('%s', (_, machine, server) => {
    expect(read(machine).server).toBe(server);
  });

  test('each key comes from the strongest place that has it, and says which', () => {
    const settings = read({
      files: {
        [ETC]: json({ server: SERVER, switchedOffSensors: ['usb'] }),
        [OWN]: json({ server: 'https://other.ec', room: 'Aula 12', locale: 'en' }),
      },
    });
    expect(settings).toMatchObject({
      server: SERVER,
      room: 'Aula 12',
      locale: 'en',
      switchedOffSensors: ['usb'],
      updateChannel: 'stable',
      deviceName: 'PC-01',
      origins: { server: { file: ETC, line: 2 }, room: { file: OWN, line: 3 } },
    });
  });

  test.each([
    [true, { ATALAYA_SERVER: 'https://trial.ec' }, SERVER],
    [false, { ATALAYA_SERVER: 'https://trial.ec' }, 'https://trial.ec'],
    [false, {}, SERVER],
  ])('packaged %j with %j: %s', (packaged, environment, server) => {
    const machine = { files: { [ETC]: json({ server: SERVER }) } };
    expect(read(machine, packaged, environment).server).toBe(server);
  });

  test.each([
    ['{room} · {computer}', 'Aula 12', 'Aula 12 · PC-01'],
    ['{room} {computer}', undefined, 'PC-01'],
    ['{room}', undefined, 'PC-01'],
    ['Portátil 7', 'Aula 12', 'Portátil 7'],
    ['x'.repeat(120), undefined, 'x'.repeat(80)],
  ])('device name %j in room %j is %j', (deviceName, room, name) => {
    const machine = { files: { [ETC]: json({ server: SERVER, deviceName, room }) } };
    expect(read(machine).deviceName).toBe(name);
  });
});

describe('what is wrong is told with the file and the line', () => {
  test.each<[string, FakeMachine, string]>([
    [
      'nothing at all',
      {},
      `Falta la dirección del servidor. Escriba {"server": "https://…"} en ${ETC}`,
    ],
    [
      'an unknown key',
      { files: { [ETC]: `{\n "server": "${SERVER}",\n "colour": 1\n}` } },
      `${ETC}, línea 3: no se conoce la clave «colour». Bórrela`,
    ],
    [
      'a misspelt key',
      { files: { [ETC]: `{\n "sever": "${SERVER}"\n}` } },
      `${ETC}, línea 2: no se conoce la clave «sever». ¿Quiso escribir «server»?`,
    ],
    [
      'a wrong type',
      { files: { [ETC]: `{\n "server": "${SERVER}",\n\n "room": 12}` } },
      `${ETC}, línea 4: «room» no es válido. Debe ser un texto de 1 a 80 letras.`,
    ],
    [
      'a wrong value inside a list',
      { files: { [ETC]: `{\n "server": "${SERVER}",\n "switchedOffSensors": [\n  "usb",\n  7]}` } },
      `${ETC}, línea 5: «switchedOffSensors/1» no es válido.`,
    ],
    [
      'an address with a path',
      { files: { [ETC]: `{"server": "${SERVER}/kiosk/"}` } },
      `${ETC}, línea 1: «server» no es válido. Debe ser una dirección como`,
    ],
    [
      'broken JSON',
      { files: { [ETC]: `{\n "server": "${SERVER}"\n "room": "x"}` } },
      `${ETC}, línea 3: no es JSON válido.`,
    ],
    [
      'a list',
      { files: { [ETC]: '[]' } },
      `${ETC}, línea 1: el archivo debe empezar con una llave`,
    ],
    [
      'a key twice',
      { files: { [ETC]: `{\n"server": "${SERVER}",\n"server": "${SERVER}"}` } },
      `${ETC}, línea 3: la clave «server» está dos veces.`,
    ],
    ['a file that may not be read', { files: { [ETC]: null } }, `No se pudo leer ${ETC} (EACCES).`],
    [
      'a machine file that anybody can change',
      { files: { [ETC]: json({ server: SERVER }) }, writableByOthers: [ETC] },
      `Cualquier usuario puede cambiar ${ETC}.`,
    ],
    [
      'protection switched off by the user',
      { files: { [OWN]: `{"server": "${SERVER}",\n"switchedOffSensors": ["usb"]}` } },
      `${OWN}, línea 2: «switchedOffSensors» solo vale en la configuración del equipo`,
    ],
    [
      'a wrong policy',
      { platform: 'win32', registry: policyOf('Locale', 'fr') },
      'HKLM\\SOFTWARE\\Policies\\Atalaya: «locale» no es válido. Debe ser "es" o "en".',
    ],
    [
      'an unknown policy',
      { platform: 'win32', registry: policyOf('Colour', 'x') },
      'HKLM\\SOFTWARE\\Policies\\Atalaya: no se conoce la clave «colour».',
    ],
    [
      'a wrong profile',
      { platform: 'darwin', managedPreferences: '{"room": 3}' },
      '/Library/Managed Preferences/ec.atalaya.kiosk.plist: «room» no es válido.',
    ],
    [
      'a date that is none',
      {
        files: {
          [SITE]: `{"server": "${SERVER}", "enrolCode": "ABCD",\n"enrolCodesExpire": "31/12/2026"}`,
        },
      },
      `${SITE}, línea 2: «enrolCodesExpire» no es válido. Debe ser una fecha como "2026-12-31".`,
    ],
  ])('%s', (_, machine, starts) => {
    expect(sentence(machine).slice(0, starts.length)).toBe(starts);
  });

  test.each<[string, FakeMachine, RegExp]>([
    [
      'rules of the wrong form',
      {
        files: {
          [ETC]: `{"server": "${SERVER}",\n"peripherals": {"own": [\n"0461:4d0f",\n"keyboard"],\n"assistive": [], "categories": []}}`,
        },
      },
      /kiosk.json, línea 4: «peripherals\/own\/1» no es válido. Debe ser las reglas/,
    ],
    [
      'rules with an unknown key inside',
      { files: { [ETC]: `{"server": "${SERVER}",\n"programs": {"forbidden": [],\n"allow": []}}` } },
      /kiosk.json, línea 3: «programs\/allow» no es válido/,
    ],
    [
      'rules in the registry that are no JSON',
      { platform: 'win32', registry: policyOf('Programs', '{"forbidden": [') },
      /Policies\\Atalaya\\programs: no es JSON válido/,
    ],
    [
      'rules in the user’s folder',
      { files: { [OWN]: `{"server": "${SERVER}", "programs": {}}` } },
      /«programs» solo vale en la configuración del equipo/,
    ],
  ])('%s', (_, machine, says) => {
    expect(sentence(machine)).toMatch(says);
  });

  test('rules of the registry are read from their JSON', () => {
    const rules = { own: ['0461:4d0f'], assistive: [], categories: [] };
    const registry =
      policyOf('Server', SERVER) + policyOf('Peripherals', JSON.stringify(rules)).split('\r\n')[1];
    expect(read({ platform: 'win32', registry }).peripherals).toEqual(rules);
  });

  test('before packaging, the same places are only a desk', () => {
    const files = { [OWN]: json({ server: SERVER, switchedOffSensors: ['usb'] }) };
    expect(read({ files, writableByOthers: [ETC] }, false).switchedOffSensors).toEqual(['usb']);
  });

  test('an address of the environment is checked too', () => {
    expect(sentence({}, false, { ATALAYA_SERVER: 'examenes' })).toContain(
      'ATALAYA_SERVER: «server»',
    );
  });

  test('a code is never in the sentence', () => {
    const said = sentence({ files: { [SITE]: '{"enrolCode": "AB1"}' } });
    expect(said).toContain('«enrolCode» no es válido');
    expect(said).not.toContain('AB1');
  });
});

describe('enrolment codes', () => {
  const site = (value: object, computer = 'PC-02') =>
    read({ computer, files: { [ETC]: json({ server: SERVER }), [SITE]: json(value) } });
  const codes = { 'pc-01': 'AAAA-0001', 'PC-02': 'AAAA-0002' };
  test.each<[string, object, string | null, string | null]>([
    ['none', {}, null, null],
    ['its own', { enrolCode: 'AAAA-9999' }, 'AAAA-9999', null],
    ['by computer', { enrolCodes: codes }, 'AAAA-0002', null],
    [
      'on the last day',
      { enrolCode: 'AAAA-9999', enrolCodesExpire: '2026-11-21' },
      'AAAA-9999',
      null,
    ],
    [
      'a day late',
      { enrolCode: 'AAAA-9999', enrolCodesExpire: '2026-11-20' },
      null,
      'code-expired',
    ],
    ['another computer', { enrolCodes: { 'PC-03': 'AAAA-0003' } }, null, 'no-code-for-computer'],
  ])('%s', (_, value, code, problem) => {
    const settings = site(value);
    expect(settings.enrolment?.code ?? null).toBe(code);
    expect(settings.enrolmentProblem?.code ?? null).toBe(problem);
  });

  test('names are compared without capitals', () => {
    expect(site({ enrolCodes: codes }, 'PC-01').enrolment?.code).toBe('AAAA-0001');
  });

  test('an expired code names file, line and day', () => {
    const { enrolmentProblem } = site({ enrolCode: 'AAAA-9999', enrolCodesExpire: '2026-11-20' });
    expect(enrolmentProblem && describeConfigProblem(enrolmentProblem)).toContain(
      `${SITE}, línea 3: los códigos de registro vencieron el 2026-11-20.`,
    );
  });
});

describe('the sentences', () => {
  const keysOf = (value: object, path = ''): string[] =>
    Object.entries(value).flatMap(([key, inside]) =>
      typeof inside === 'object' && inside !== null
        ? keysOf(inside, `${path}${key}.`)
        : [`${path}${key}`],
    );
  test('are the same in both languages, and every key has its own', () => {
    expect(keysOf(en)).toEqual(keysOf(es));
    expect(Object.keys(es.expected)).toEqual(expect.arrayContaining([...SETTINGS_KEYS]));
  });

  test('English', () => {
    const problem = {
      code: 'unknown-key',
      file: ETC,
      line: 3,
      key: 'sever',
      near: 'server',
    } as const;
    expect(describeConfigProblem(problem, 'en')).toBe(
      `${ETC}, line 3: the key “sever” is not known. Did you mean “server”?`,
    );
  });
});
