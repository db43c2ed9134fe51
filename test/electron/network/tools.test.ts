import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { netshNetwork } from '#electron/network/netsh.ts';
import { networksetupNetwork } from '#electron/network/networksetup.ts';
import { fieldsOf, nearbyIn, nmcliNetwork, outcomeOf } from '#electron/network/nmcli.ts';
import {
  type RunSystemTool,
  runSystemTool,
  type ToolRun,
} from '#electron/sensors/probe/run-tool.ts';
import { toldOf } from '#shared/incident/reading.ts';

const never = new AbortController().signal;
const ran = (stdout: string, exit: ToolRun['exit'] = 0, stderr = ''): ToolRun => ({
  exit,
  stdout,
  stderr,
});

/** Answers by the first key whose words are all among the arguments, in order of the table. */
const tool = (answers: Readonly<Record<string, ToolRun>>) => {
  const asked: { readonly args: readonly string[]; readonly input: string | undefined }[] = [];
  const run: RunSystemTool = async (_file, args, _signal, input) => {
    asked.push({ args, input });
    const key = Object.keys(answers).find((words) =>
      words.split(' ').every((word) => args.includes(word)),
    );
    return key === undefined ? ran('', 1, 'no such answer') : (answers[key] ?? ran('', 1));
  };
  return { run, asked };
};

describe('nmcli', () => {
  // As nmcli 1.42.4 printed them.
  const PROFILES = 'Cable\\: aula\\\\3:802-3-ethernet\nUNEMI\\: docentes \\\\ 2:802-11-wireless\n';
  const MAY =
    'org.freedesktop.NetworkManager.enable-disable-wifi:yes\norg.freedesktop.NetworkManager.network-control:yes\n';
  const NO_WIFI = 'eth0:ethernet:unmanaged:\nifb0:ifb:unmanaged:\nlo:loopback:unmanaged:\n';
  // The shapes of nmcli(1): one line for each station, `*` before the one in use.
  const STATUS =
    'wlp2s0:wifi:connected:UNEMI\\: docentes \\\\ 2\nenp1s0:ethernet:unavailable:\nlo:loopback:connected (externally):lo\n';
  const LIST = [
    '*:UNEMI\\: docentes \\\\ 2:58:WPA2',
    ' :UNEMI\\: docentes \\\\ 2:81:WPA2',
    ' :eduroam:55:WPA2 802.1X',
    ' :Biblioteca:34:',
    ' ::99:WPA2',
    ' :Años ñandú:12:WPA1 WPA2',
    '',
  ].join('\n');
  const whole = {
    permissions: ran(MAY),
    status: ran(STATUS),
    WIFI: ran('enabled\n'),
    connection: ran(PROFILES),
    list: ran(LIST),
  };

  test('fields', () => {
    expect(fieldsOf('a\\:b:c\\\\:')).toEqual(['a:b', 'c\\', '']);
    expect(fieldsOf('')).toEqual(['']);
    expect(fieldsOf('😀\\:x:y')).toEqual(['😀:x', 'y']);
  });

  test('a machine in a wireless network', async () => {
    const { run } = tool(whole);
    const reading = await nmcliNetwork(run).look(true, never);
    // A cable that NetworkManager cannot use now is not that there is none.
    expect(reading.state).toBe('partial');
    expect(toldOf(reading)).toMatchObject({
      wifi: 'connected',
      name: 'UNEMI: docentes \\ 2',
      signal: 81,
    });
    expect(toldOf(reading)?.nearby).toEqual([
      {
        name: 'UNEMI: docentes \\ 2',
        signal: 81,
        security: 'password',
        known: true,
        current: true,
      },
      { name: 'eduroam', signal: 55, security: 'managed', known: false, current: false },
      { name: 'Biblioteca', signal: 34, security: 'open', known: false, current: false },
      { name: 'Años ñandú', signal: 12, security: 'password', known: false, current: false },
    ]);
    expect(toldOf(await nmcliNetwork(run).look(false, never))?.nearby).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, ToolRun>>, object]>([
    ['no tool', { status: ran('', 'missing') }, { state: 'not-supported', reason: 'tool-missing' }],
    ['refused', { status: ran('', 'blocked') }, { state: 'not-supported', reason: 'tool-blocked' }],
    [
      'another program manages the network',
      { status: ran('', 8, 'Error: NetworkManager is not running.') },
      { state: 'not-supported', reason: 'not-supported' },
    ],
    ['too slow', { status: ran('', 'abandoned') }, { state: 'failed', reason: 'tool-failed' }],
    ['nothing at all', { status: ran('') }, { state: 'empty' }],
    [
      'nothing that it manages',
      { status: ran(NO_WIFI), WIFI: ran('enabled\n') },
      { state: 'partial', value: { cable: 'none', wifi: 'none', name: null } },
    ],
    [
      'the radio is off',
      {
        status: ran('wlp2s0:wifi:unavailable:\n'),
        WIFI: ran('disabled\n'),
        connection: ran(''),
        list: ran(''),
      },
      { state: 'told', value: { wifi: 'off' } },
    ],
    [
      'a list that fails',
      {
        status: ran('wlp2s0:wifi:disconnected:\n'),
        WIFI: ran('enabled\n'),
        connection: ran(''),
        list: ran('', 1),
      },
      { state: 'partial', reason: 'tool-failed', value: { wifi: 'away' } },
    ],
    [
      'a cable',
      { status: ran('enp1s0:ethernet:connected:Cable\\: aula\\\\3\n'), WIFI: ran('enabled\n') },
      { state: 'told', value: { cable: 'connected', wifi: 'none' } },
    ],
  ])('%s', async (_what, answers, reading) => {
    expect(await nmcliNetwork(tool(answers).run).look(true, never)).toMatchObject(reading);
  });

  test('names that nobody can ask for are not shown', () => {
    const names = nearbyIn(` :${'x'.repeat(33)}:50:\n :a\u0007b:50:\n :ok:50:\n`, new Set());
    expect(names.map(({ name }) => name)).toEqual(['ok']);
  });

  test('where an administrator would be asked nothing is changed', async () => {
    for (const value of ['auth', 'no']) {
      const { run, asked } = tool({
        permissions: ran(`org.freedesktop.NetworkManager.network-control:${value}\n`),
      });
      expect(await nmcliNetwork(run).reconnect(never)).toBe('denied');
      expect(asked).toHaveLength(1);
    }
  });

  test('a password is typed and never an argument', async () => {
    const { run, asked } = tool({ permissions: ran(MAY), connect: ran('') });
    const nmcli = nmcliNetwork(run);
    const network = {
      name: '--help; rm',
      signal: 1,
      security: 'password',
      known: false,
      current: false,
    } as const;
    expect(await nmcli.join?.(network, 'clave secreta', never)).toBe('done');
    const last = asked.at(-1);
    expect(last?.args).toContain('--help; rm');
    expect(JSON.stringify(asked.map(({ args }) => args))).not.toContain('clave');
    expect(last?.input).toBe('clave secreta\n');
  });

  test.each<[number | 'missing' | 'abandoned', string, string]>([
    [0, '', 'done'],
    [3, 'Error: Timeout 25 sec expired.', 'timeout'],
    ['abandoned', '', 'timeout'],
    [
      4,
      'Error: Connection activation failed: (7) Secrets were required, but not provided.',
      'wrong-password',
    ],
    [1, 'Error: 802-11-wireless-security.psk: property is invalid.', 'wrong-password'],
    [10, "Error: No network with SSID 'Foo' found.", 'not-found'],
    [10, "Error: Device 'nosuch' not found.", 'not-found'],
    [
      4,
      'Error: Failed to add/activate new connection: Not authorized to control networking.',
      'denied',
    ],
    [8, 'Error: NetworkManager is not running.', 'not-supported'],
    ['missing', '', 'not-supported'],
    [1, 'Error: No Wi-Fi device found.', 'failed'],
    [
      4,
      "Error: Failed to add/activate new connection: Connection 'eth0' is not available on device eth0",
      'failed',
    ],
  ])('exit %s %s: %s', (exit, stderr, outcome) => {
    expect(outcomeOf(ran('', exit, stderr))).toBe(outcome);
  });
});

describe('netsh', () => {
  const connected = (words: readonly [string, string, string, string]) => `
There is 1 interface on the system:

    ${words[0]}                   : Wi-Fi
    ${words[1]}            : Intel(R) Wi-Fi 6 AX201 160MHz
    GUID                   : 7a3a5a10-3f5c-4d0f-9f61-0f6f1f0a1b2c
    Physical address       : 00:11:22:33:44:55
    ${words[2]}                  : connected
    SSID                   : UNEMI-Aulas
    BSSID                  : 66:77:88:99:aa:bb
    ${words[3]}                 : 86%
    Profile                : UNEMI-Aulas
`;
  const english = connected(['Name', 'Description', 'State', 'Signal']);
  const spanish = connected(['Nombre', 'Descripción', 'Estado', 'Señal']);
  const PROFILES =
    '\r\nUser profiles\r\n-------------\r\n    All User Profile     : UNEMI-Aulas\r\n    Perfil de todos los usuarios     : UNEMI-Respaldo\r\n';
  const NETWORKS = `
Interface name : Wi-Fi
There are 3 networks currently visible.

SSID 1 : UNEMI-Respaldo
    Network type            : Infrastructure
    Authentication          : WPA2-Personal
    Encryption              : CCMP
    BSSID 1                 : 66:77:88:99:aa:01
         Signal             : 40%
    BSSID 2                 : 66:77:88:99:aa:02
         Signal             : 81%

SSID 2 : eduroam
    Tipo de red             : Infraestructura
    Autenticación           : WPA2-Enterprise
    Cifrado                 : CCMP

SSID 3 : Biblioteca
    Tipo de red             : Infraestructura
    Autenticación           : Abierta
    Cifrado                 : Ninguna
         Señal              : 34%

SSID 4 :
    Network type            : Infrastructure
`;

  test.each([
    ['English', english],
    ['Spanish', spanish],
  ])('in %s: what is not translated tells', async (_language, interfaces) => {
    const { run } = tool({
      interfaces: ran(interfaces),
      profiles: ran(PROFILES),
      networks: ran(NETWORKS),
    });
    const reading = await netshNetwork(run).look(true, never);
    expect(toldOf(reading)).toEqual({
      cable: 'unknown',
      wifi: 'connected',
      name: 'UNEMI-Aulas',
      signal: 86,
      nearby: [
        { name: 'UNEMI-Respaldo', signal: 81, security: 'password', known: true, current: false },
        { name: 'Biblioteca', signal: 34, security: 'open', known: false, current: false },
        { name: 'eduroam', signal: null, security: 'managed', known: false, current: false },
      ],
    });
  });

  test.each<[string, ToolRun, object]>([
    [
      'no radio',
      ran('\r\nNo hay ninguna interfaz inalámbrica en el sistema.\r\n'),
      { state: 'partial', value: { wifi: 'none', cable: 'unknown' } },
    ],
    [
      'kept from programs without the location',
      ran('', 1),
      { state: 'failed', reason: 'no-permission' },
    ],
    ['no tool', ran('', 'missing'), { state: 'not-supported', reason: 'tool-missing' }],
    ['too slow', ran('', 'abandoned'), { state: 'failed' }],
    [
      'away',
      ran(english.replace(/ +SSID.*\n/, '')),
      { state: 'partial', value: { wifi: 'away', name: null } },
    ],
  ])('%s', async (_what, interfaces, reading) => {
    const { run } = tool({ interfaces, networks: ran('', 1), profiles: ran('') });
    expect(await netshNetwork(run).look(true, never)).toMatchObject(reading);
  });

  test('connects again to the network it is in, else to the strongest that it remembers', async () => {
    const inOne = tool({ interfaces: ran(spanish), connect: ran('') });
    expect(await netshNetwork(inOne.run).reconnect(never)).toBe('done');
    expect(inOne.asked.at(-1)?.args).toEqual([
      'wlan',
      'connect',
      'name=UNEMI-Aulas',
      'ssid=UNEMI-Aulas',
    ]);
    const away = english.replace(/ +SSID.*\n/, '');
    const inNone = tool({
      interfaces: ran(away),
      profiles: ran(PROFILES),
      networks: ran(NETWORKS),
      'wlan connect': ran(''),
    });
    expect(await netshNetwork(inNone.run).reconnect(never)).toBe('done');
    expect(inNone.asked.at(-1)?.args).toContain('name=UNEMI-Respaldo');
  });
});

describe('networksetup', () => {
  const PORTS =
    '\nHardware Port: Ethernet\nDevice: en0\nEthernet Address: 00:11:22:33:44:55\n\nHardware Port: Wi-Fi\nDevice: en1\nEthernet Address: 00:11:22:33:44:66\n';
  const at = (power: string, network: string, ports = ran(PORTS)) =>
    tool({
      '-listallhardwareports': ports,
      '-getairportpower': ran(power),
      '-getairportnetwork': ran(network),
      '-setairportpower': ran(''),
    });

  test.each<[string, ReturnType<typeof at>, object]>([
    [
      'in one',
      at('Wi-Fi Power (en1): On\n', 'Current Wi-Fi Network: UNEMI Aulas\n'),
      { state: 'partial', value: { wifi: 'connected', name: 'UNEMI Aulas' } },
    ],
    ['off', at('Wi-Fi Power (en1): Off\n', ''), { state: 'partial', value: { wifi: 'off' } }],
    [
      'kept from the program',
      at('Wi-Fi Power (en1): On\n', 'You are not associated with an AirPort network.\n'),
      { state: 'failed', reason: 'no-permission' },
    ],
    [
      'no radio',
      at('', '', ran('\nHardware Port: Ethernet\nDevice: en0\n')),
      { state: 'partial', value: { wifi: 'none' } },
    ],
  ])('%s', async (_what, { run }, reading) => {
    expect(await networksetupNetwork(run, async () => null).look(true, never)).toMatchObject(
      reading,
    );
  });

  test('the radio is on again whatever came in between', async () => {
    const { run, asked } = at('', '');
    const stopped = async () => Promise.reject(new Error('aborted'));
    expect(await networksetupNetwork(run, stopped).reconnect(never)).toBe('done');
    expect(asked.at(-1)?.args).toEqual(['-setairportpower', 'en1', 'on']);
    expect(networksetupNetwork(run, stopped).join).toBeNull();
  });
});

test('a real program: its input, its exit, its words, and none that is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-network-'));
  try {
    const file = join(folder, 'nmcli');
    // Writes down what it was given, as the system would list it, and what was typed.
    writeFileSync(
      file,
      `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/args'\ncat > '${folder}/typed'\necho 'Error: Secrets were required, but not provided.' >&2\nexit 4\n`,
    );
    chmodSync(file, 0o755);
    const input = '$(touch x) "clave"\n';
    const ended = await runSystemTool(file, ['a b', '$(id)', "';"], never, input);
    expect(outcomeOf(ended)).toBe('wrong-password');
    expect(readFileSync(join(folder, 'args'), 'utf8')).toBe("a b\n$(id)\n';\n");
    expect(readFileSync(join(folder, 'typed'), 'utf8')).toBe(input);
    expect((await runSystemTool(join(folder, 'none'), [], never)).exit).toBe('missing');
    expect((await runSystemTool('/bin/sleep', ['5'], AbortSignal.timeout(30))).exit).toBe(
      'abandoned',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
