import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  darwinProcessTable,
  elapsedMs,
  parseApps,
  parsePs,
} from '#electron/sensors/probe/processes.darwin.ts';
import { programLists } from '#electron/sensors/probe/program-lists.ts';
import { parseDarwinNetstat } from '#electron/sensors/probe/remote.other.ts';
import type { RunTool } from '#electron/sensors/probe/system-tool.ts';
import { darwinWindowTable, parseDarwinWindows } from '#electron/sensors/probe/windows.darwin.ts';
import { forbiddenIn } from '#electron/sensors/programs.sensor.ts';
import { foreignWindows } from '#electron/sensors/windows.sensor.ts';
import {
  EMPTY,
  failed,
  lackOf,
  notSupported,
  type Reading,
  toldOf,
} from '#shared/incident/reading.ts';
import { fail, ok } from '#shared/kernel/result.ts';

const options = { lists: programLists({}), platform: 'darwin', ownPid: 100 } as const;
const soon = (): AbortSignal => AbortSignal.timeout(5_000);

/** As documented (recorded/README.md), and an application that was renamed, in the same form. */
const LSAPPINFO = `${readFileSync(join(import.meta.dirname, 'recorded/darwin-lsappinfo.txt'), 'utf8')} 4) "Notas" ASN:0x0-0x40040:
    bundleID="com.hnc.Discord"
    pid = 900 type="Foreground" flavor=3 fileType="APPL"
`;
// In the columns of macOS' manual for ps.
const PS = `    1     0 11-02:03:04 /sbin/launchd
  624     1    02:00:10 /System/Library/CoreServices/Finder.app/Contents/MacOS/Finder
89719     1       45:10 /Applications/Firefox Developer Edition.app/Contents/MacOS/firefox
  900     1       00:20 /Users/e/Desktop/Notas.app/Contents/MacOS/Notas
  100     1       10:00 /Applications/Atalaya.app/Contents/MacOS/Atalaya
  101   100       09:59 /Applications/Atalaya.app/Contents/Frameworks/Atalaya Helper.app/Contents/MacOS/Atalaya Helper
  950     1       00:05 /Applications/RustDesk.app/Contents/MacOS/RustDesk
`;
const ARGS = `    1 /sbin/launchd
  950 /Applications/RustDesk.app/Contents/MacOS/RustDesk --cm
89719 /Applications/Firefox Developer Edition.app/Contents/MacOS/firefox -foreground
`;

describe('processes of macOS', () => {
  const programs = parsePs(PS, ARGS, parseApps(LSAPPINFO));
  it('with blanks in their paths, their arguments and bundles', () => {
    expect(programs.find(({ pid }) => pid === 89_719)).toEqual({
      pid: 89_719,
      ppid: 1,
      file: 'firefox',
      shown: [],
      path: '/Applications/Firefox Developer Edition.app/Contents/MacOS/firefox',
      args: ['-foreground'],
      ageMs: 2_710_000,
      onDesktop: true,
      hasWindow: true,
      installed: true,
    });
    expect(programs.find(({ pid }) => pid === 950)?.args).toEqual(['--cm']);
  });
  it('a renamed application is found by its bundle', () => {
    const found = [...forbiddenIn(programs, options).values()];
    expect(found.map(({ match }) => [match.rule.id, match.by])).toEqual([
      ['firefox', 'name'],
      ['discord', 'bundle'],
    ]);
  });
  it.each([
    ['00:20', 20_000],
    ['02:00:10', 7_210_000],
    ['11-02:03:04', 957_784_000],
    ['ELAPSED', null],
  ])('%s', (text, ms) => {
    expect(elapsedMs(text)).toBe(ms);
  });

  it('without the window server’s list programs are known by name, and that is said', async () => {
    const run: RunTool = async (file, args) => {
      if (file.endsWith('lsappinfo')) return fail('tool-missing');
      return ok(args.includes('pid=,args=') ? ARGS : PS);
    };
    const known = await darwinProcessTable(run).list(soon());
    expect(lackOf(known)).toBe('tool-missing');
    expect(toldOf(known)).toHaveLength(7);
    const table = (answer: RunTool) => darwinProcessTable(answer).list(soon());
    expect(await table(async () => fail('tool-blocked'))).toEqual(notSupported('tool-blocked'));
    expect(await table(async () => fail('failed'))).toEqual(failed('tool-failed'));
    expect(await table(async () => ok(''))).toEqual(EMPTY);
    expect(await table(async () => ok('ps: illegal option'))).toEqual(failed('tool-unread'));
  });
});

describe('windows of macOS', () => {
  // The keys of CGWindowListCopyWindowInfo, as WINDOWS_SCRIPT prints them.
  const printed = JSON.stringify([
    {
      id: 1,
      pid: 300,
      name: 'Glass',
      layer: 25,
      alpha: 1,
      sharing: 0,
      x: 200,
      y: 100,
      width: 400,
      height: 300,
    },
    {
      id: 2,
      pid: 301,
      name: 'Control Center',
      layer: 25,
      alpha: 1,
      sharing: 1,
      x: 1300,
      y: 0,
      width: 40,
      height: 24,
    },
    {
      id: 3,
      pid: 100,
      name: 'Atalaya',
      layer: 0,
      alpha: 1,
      sharing: 0,
      x: 0,
      y: 0,
      width: 1440,
      height: 900,
    },
    {
      id: 4,
      pid: 302,
      name: 'Notes',
      layer: 0,
      alpha: 1,
      sharing: 1,
      x: 0,
      y: 0,
      width: 600,
      height: 400,
    },
    {
      id: 5,
      pid: 303,
      name: 'Dock',
      layer: -2147483624,
      alpha: 1,
      sharing: 1,
      x: 0,
      y: 0,
      width: 1440,
      height: 900,
    },
    {
      id: 6,
      pid: 304,
      name: 'VoiceOver',
      layer: 101,
      alpha: 1,
      sharing: 1,
      x: 0,
      y: 700,
      width: 500,
      height: 100,
    },
  ]);
  const programs = parsePs(
    `  100 1 10:00 /Applications/Atalaya.app/Contents/MacOS/Atalaya
  300 1 00:30 /Users/e/Glass.app/Contents/MacOS/Glass
  302 1 00:30 /System/Applications/Notes.app/Contents/MacOS/Notes
  304 1 00:30 /System/Library/CoreServices/VoiceOver.app/Contents/MacOS/VoiceOver
`,
    '',
    new Map([[302, { bundle: 'com.apple.Notes', foreground: true }]]),
  );
  it('an overlay that hides from capture and an open application are stated, the system and VoiceOver are not', () => {
    const foreign = foreignWindows(toldOf(parseDarwinWindows(printed)) ?? [], programs, options);
    expect(
      foreign.map(({ name, overlay, window }) => [name, overlay, window.hiddenFromCapture]),
    ).toEqual([
      ['Asistentes con ventana invisible', true, true],
      ['Notas rápidas', false, false],
    ]);
  });
  it.each<[string, RunTool, Reading<unknown>]>([
    ['refused', async () => fail('tool-blocked'), notSupported('tool-blocked')],
    ['missing', async () => fail('tool-missing'), notSupported('tool-missing')],
    ['an answer without windows', async () => ok('[]'), EMPTY],
    ['only the desktop below', async () => ok('[{"pid":1,"layer":-20}]'), EMPTY],
    ['no answer', async () => ok(''), EMPTY],
    ['an error in words', async () => ok('execution error'), failed('tool-unread')],
  ])('%s is told', async (_, run, read) => {
    expect(await darwinWindowTable(run).list(soon())).toEqual(read);
  });
});

describe('netstat of macOS', () => {
  // `netstat -an -p tcp`, in the columns of its manual.
  const printed = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)    
tcp4       0      0  192.168.1.5.5900       192.168.1.77.50212     ESTABLISHED
tcp4       0      0  192.168.1.5.50100      17.57.144.10.443       ESTABLISHED
tcp4       0      0  192.168.1.5.50101      17.57.144.10.443       CLOSE_WAIT
tcp46      0      0  *.5900                 *.*                    LISTEN     
`;
  it('sockets without their processes', () => {
    expect(parseDarwinNetstat(printed)).toEqual([
      { state: 'established', localPort: 5900, remoteAddress: '192.168.1.77', pid: null },
      { state: 'established', localPort: 50100, remoteAddress: '17.57.144.10', pid: null },
      { state: 'listening', localPort: 5900, remoteAddress: '*', pid: null },
    ]);
  });
});
