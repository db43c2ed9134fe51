import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PowerShellHost } from '#electron/sensors/probe/powershell-host.ts';
import { PowerShellError } from '#electron/sensors/probe/powershell-host.ts';
import {
  argumentsIn,
  parsePrograms,
  parseTasklist,
  publisherIn,
  windowsProcessTable,
} from '#electron/sensors/probe/processes.windows.ts';
import { programLists } from '#electron/sensors/probe/program-lists.ts';
import { parseWindowsNetstat, windowsRemoteProbe } from '#electron/sensors/probe/remote.other.ts';
import type { RunTool } from '#electron/sensors/probe/system-tool.ts';
import { parseWindows, windowsWindowTable } from '#electron/sensors/probe/windows.windows.ts';
import { forbiddenIn } from '#electron/sensors/programs.sensor.ts';
import { foreignWindows } from '#electron/sensors/windows.sensor.ts';
import { EMPTY, failed, lackOf, notSupported, told, toldOf } from '#shared/incident/reading.ts';
import { fail, ok } from '#shared/kernel/result.ts';

const options = { lists: programLists({}), platform: 'windows', ownPid: 100 } as const;
const soon = (): AbortSignal => AbortSignal.timeout(5_000);

/** As `Get-AtalayaPrograms` prints them; its columns are in powershell-scripts.ts. */
const rows = [
  [0, 0, 'Idle', '', 0, -1, false, '', '', ''],
  [
    100,
    5,
    'Atalaya',
    'C:\\Program Files\\Atalaya\\Atalaya.exe',
    1,
    60_000,
    true,
    'Atalaya.exe',
    '',
    '',
  ],
  [101, 100, 'Atalaya', 'C:\\Program Files\\Atalaya\\Atalaya.exe', 1, 59_000, false, '', '', ''],
  [
    200,
    5,
    'msedge',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    1,
    9e6,
    false,
    'msedge.exe',
    'CN=Microsoft Corporation, O=Microsoft Corporation',
    '"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe" --no-startup-window',
  ],
  [
    300,
    5,
    'tarea',
    'C:\\Users\\e\\Desktop\\tarea.exe',
    1,
    4_000,
    true,
    'obs64.exe',
    'CN="Hugh Bailey", O=OBS',
    '"C:\\Users\\e\\Desktop\\tarea.exe"',
  ],
  [
    400,
    5,
    'nvda',
    'D:\\nvda\\nvda.exe',
    1,
    4_000,
    true,
    'nvda.exe',
    'CN=NV Access Limited, O=NV Access Limited, S=Queensland, C=AU',
    '',
  ],
  [500, 4, 'AnyDesk', null, 0, -1, false, null, null, null],
];

describe('processes through PowerShell', () => {
  const programs = parsePrograms(JSON.stringify(rows)) ?? [];
  const one = (pid: number) => programs.find((program) => program.pid === pid);

  it('one row is one program', () => {
    expect(one(300)).toEqual({
      pid: 300,
      ppid: 5,
      file: 'tarea',
      shown: ['tarea'],
      path: 'C:\\Users\\e\\Desktop\\tarea.exe',
      args: [],
      ageMs: 4_000,
      onDesktop: true,
      hasWindow: true,
      installed: false,
      originalName: 'obs64.exe',
      signer: 'Hugh Bailey',
    });
    expect(one(500)).toMatchObject({ file: 'anydesk', path: null, ageMs: null, onDesktop: false });
  });

  it('a renamed program is found, a browser that waits without a window and assistive technology are not', () => {
    const found = [...forbiddenIn(programs, options).values()];
    expect(found.map(({ match }) => [match.rule.id, match.by, match.renamed])).toEqual([
      ['obs-studio', 'original-name', true],
    ]);
    const opened = programs.map((program) =>
      program.pid === 200 ? { ...program, hasWindow: true } : program,
    );
    expect([...forbiddenIn(opened, options).keys()]).toEqual(['edge', 'obs-studio']);
  });

  it.each(['', 'null', '{}', 'Access is denied.', '"x"'])('what is no list is none: %j', (text) => {
    expect(parsePrograms(text)).toBeNull();
  });
  it('rows that are no programs are left out', () => {
    expect(parsePrograms('[1, null, [], ["a"], [7, 1, "x"]]')?.map(({ pid }) => pid)).toEqual([7]);
  });

  it.each([
    ['CN="VideoLAN, Inc.", O=x', 'VideoLAN, Inc.'],
    ['CN=NV Access Limited, O=NV Access Limited', 'NV Access Limited'],
    ['O=Nobody', undefined],
    ['', undefined],
  ])('publisher in %j', (subject, publisher) => {
    expect(publisherIn(subject)).toBe(publisher);
  });
  it.each([
    ['"C:\\Program Files\\RustDesk\\rustdesk.exe" --cm', ['--cm']],
    ['rustdesk.exe --service "a b"', ['--service', 'a b']],
    ['', []],
  ])('arguments in %j', (text, words) => {
    expect(argumentsIn(text)).toEqual(words);
  });
});

describe('tasklist', () => {
  // As documented (recorded/README.md), and a program of the list with numbers as other languages write them.
  const printed = `${readFileSync(join(import.meta.dirname, 'recorded/windows-tasklist.txt'), 'utf8')}"obs64.exe","777","Console","1","512.000 K"\r\n`;
  it('is read whatever the system’s language', () => {
    expect(
      parseTasklist(printed).map(({ pid, file, onDesktop, session }) => [
        pid,
        file,
        onDesktop,
        session,
      ]),
    ).toEqual([
      [0, 'system idle process', false, 'Services'],
      [4, 'system', false, 'Services'],
      [12808, 'pwsh', true, 'Console'],
      [15812, 'msedge', true, 'Console'],
      [21944, 'bash', true, 'RDP-Tcp#0'],
      [777, 'obs64', true, 'Console'],
    ]);
    expect(
      parseTasklist('INFO: No tasks are running which match the specified criteria.\r\n'),
    ).toEqual([]);
  });

  const tasklist: RunTool = async () => ok(printed);
  const host = (ask: PowerShellHost['ask']): PowerShellHost => ({ ask, close: () => undefined });

  it('takes the place of a PowerShell that policy blocks, and what it does not know is nobody’s fault', async () => {
    const table = windowsProcessTable(
      host(() => Promise.reject(new PowerShellError('tool-blocked'))),
      tasklist,
    );
    const read = await table.list(soon());
    expect(lackOf(read)).toBe('tool-blocked');
    // Whether Edge was opened or only waits it does not know.
    const found = [...forbiddenIn(toldOf(read) ?? [], options)];
    expect(found.map(([id, { sure }]) => [id, sure])).toEqual([
      ['edge', false],
      ['obs-studio', true],
    ]);
  });

  it('PowerShell that answers is asked again, one that is blocked only after a while', async () => {
    let asked = 0;
    const table = windowsProcessTable(
      host(async () => {
        asked += 1;
        return asked === 1 ? JSON.stringify(rows) : 'refused';
      }),
      tasklist,
    );
    const limits: (string | null)[] = [];
    for (let i = 0; i < 34; i++) limits.push(lackOf(await table.list(soon())));
    expect(limits[0]).toBeNull();
    expect(new Set(limits.slice(1))).toEqual(new Set(['tool-blocked']));
    expect(asked).toBe(3);
  });

  it('without either there is no listing', async () => {
    const table = (run: RunTool) =>
      windowsProcessTable(
        host(() => Promise.reject(new PowerShellError('tool-missing'))),
        run,
      ).list(soon());
    expect(await table(async () => fail('tool-missing'))).toEqual(notSupported('tool-missing'));
    expect(await table(async () => ok(''))).toEqual(EMPTY);
    expect(await table(async () => ok('INFO: No tasks are running.'))).toEqual(
      failed('tool-unread'),
    );
  });

  describe('whose session', () => {
    const probe = (answer: string, tool = tasklist) =>
      windowsRemoteProbe(
        host(async () => answer),
        tool,
        21944,
      );
    it('the system says so', async () => {
      expect(toldOf(await probe('True').session(soon()))).toMatchObject({ id: 'rdp' });
      expect(await probe('False').session(soon())).toEqual(told(null));
    });
    it('where PowerShell is blocked the list of processes names it', async () => {
      const own: RunTool = async () => ok('"Atalaya.exe","21944","RDP-Tcp#0","2","10,304 K"\r\n');
      expect(toldOf(await probe('blocked', own).session(soon()))).toMatchObject({ id: 'rdp' });
      const local: RunTool = async () => ok('"Atalaya.exe","21944","Console","1","10,304 K"\r\n');
      expect(await probe('blocked', local).session(soon())).toEqual(told(null));
      const none = (tool: RunTool) => probe('blocked', tool).session(soon());
      expect(await none(async () => fail('tool-missing'))).toEqual(notSupported('tool-missing'));
      expect(await none(async () => ok('INFO: No tasks are running.'))).toEqual(
        failed('tool-unread'),
      );
      expect(await none(async () => ok(''))).toEqual(EMPTY);
    });
  });
});

describe('windows', () => {
  const line = (fields: (string | number)[]): string => fields.join('\t');
  // handle, process, class, left, top, right, bottom, style, cloaked, affinity, minimised, owned, title
  const printed = [
    line([10, 300, 'Overlay', 100, 100, 500, 300, 0x0808_0088, 0, 0x11, 0, 0, '']),
    line([11, 400, 'wxWindowNR', 100, 100, 500, 300, 0x88, 0, 0, 0, 0, 'NVDA']),
    line([12, 900, 'Shell_TrayWnd', 0, 728, 1366, 768, 0x88, 0, 0, 0, 0, '']),
    line([13, 100, 'Chrome_WidgetWin_1', 0, 0, 1366, 768, 0x8, 0, 0x11, 0, 0, 'Atalaya']),
    line([14, 900, 'CabinetWClass', 0, 0, 800, 600, 0x100, 0, 0, 0, 0, 'Descargas']),
    line([15, 600, 'Notepad', 0, 0, 800, 600, 0x100, 0, 0, 1, 0, 'notas.txt']),
    line([16, 700, 'Windows.UI.Core.CoreWindow', 0, 0, 1366, 768, 0, 2, 0, 0, 0, '']),
    line([17, 900, 'Progman', 0, 0, 1366, 768, 0x80, 0, 0, 0, 0, 'Program Manager']),
  ].join('\r\n');
  const programs =
    parsePrograms(
      JSON.stringify([
        ...rows,
        [900, 5, 'explorer', 'C:\\Windows\\explorer.exe', 1, 1, true, 'EXPLORER.EXE', '', ''],
        [600, 5, 'notepad', 'C:\\Windows\\notepad.exe', 1, 1, true, 'NOTEPAD.EXE', '', ''],
        [700, 5, 'SystemSettings', 'C:\\Windows\\SystemSettings.exe', 1, 1, false, '', '', ''],
      ]),
    ) ?? [];

  it('the overlay without focus, a folder and a minimised program are stated, the rest is not', () => {
    const foreign = foreignWindows(parseWindows(printed), programs, options);
    expect(
      foreign.map(({ name, overlay, patient, window, covers }) => ({
        name,
        overlay,
        patient,
        hidden: window.hiddenFromCapture,
        visible: window.visible,
        covers: Math.round(covers * 100) / 100,
      })),
    ).toEqual([
      {
        name: 'OBS Studio',
        overlay: true,
        patient: false,
        hidden: true,
        visible: true,
        covers: 0.08,
      },
      {
        name: 'Explorador de archivos',
        overlay: false,
        patient: false,
        hidden: false,
        visible: true,
        covers: 0,
      },
      {
        name: 'Bloc de notas',
        overlay: false,
        patient: false,
        hidden: false,
        visible: false,
        covers: 0,
      },
    ]);
  });

  it('no window at all means that the question was refused', async () => {
    const host = (answer: string): PowerShellHost => ({
      ask: async () => answer,
      close: () => undefined,
    });
    const list = (answer: string) => windowsWindowTable(host(answer), false).list(soon());
    expect(await list('blocked')).toEqual(notSupported('tool-blocked'));
    expect(await list('')).toEqual(EMPTY);
    expect(await list('Add-Type : Cannot add type.')).toEqual(failed('tool-unread'));
    expect(toldOf(await list(printed))).toHaveLength(7);
  });
});

describe('netstat', () => {
  // `netstat -ano`, in Microsoft's documented columns; the second in the words of a Spanish Windows.
  const english = `
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:3389           0.0.0.0:0              LISTENING       1200
  TCP    192.168.1.5:3389       192.168.1.77:50212     ESTABLISHED     1200
  TCP    192.168.1.5:50800      10.0.0.9:443           TIME_WAIT       0
  TCP    192.168.1.5:50801      10.0.0.9:443           CLOSE_WAIT      3000
  TCP    [::]:5900              [::]:0                 LISTENING       4000
  UDP    0.0.0.0:5353           *:*                                    2400`;
  const spanish = `
Conexiones activas

  Proto  Dirección local        Dirección remota       Estado          PID
  TCP    0.0.0.0:7070           0.0.0.0:0              LISTENING       1200
  TCP    192.168.1.5:7070       192.168.1.77:50212     ESTABLECIDO     1200`;
  it('listening and established sockets with their process', () => {
    expect(
      parseWindowsNetstat(english).map(({ state, localPort, pid }) => [state, localPort, pid]),
    ).toEqual([
      ['listening', 3389, 1200],
      ['established', 3389, 1200],
      ['listening', 5900, 4000],
    ]);
    expect(parseWindowsNetstat(spanish).map(({ state }) => state)).toEqual([
      'listening',
      'established',
    ]);
  });

  it('a remote desktop is proved by its port, since its service shares a process with others', async () => {
    const host: PowerShellHost = { ask: async () => 'False', close: () => undefined };
    const sockets = await windowsRemoteProbe(host, async () => ok(english), 1).sockets([], soon());
    const desktops = toldOf(sockets)?.filter(({ localPort }) => localPort === 3_389);
    expect(desktops?.map(({ pid }) => pid)).toEqual([null, null, null, null]);
    const list = (run: RunTool) => windowsRemoteProbe(host, run, 1).sockets([], soon());
    expect(await list(async () => fail('tool-missing'))).toEqual(notSupported('tool-missing'));
    expect(await list(async () => ok(''))).toEqual(EMPTY);
    expect(await list(async () => ok('Access is denied.'))).toEqual(failed('tool-unread'));
    const half: RunTool = async (_, args) =>
      args.includes('TCPv6') ? fail('failed') : ok(english);
    expect(await list(half)).toMatchObject({ state: 'partial', reason: 'tool-failed' });
  });
});
