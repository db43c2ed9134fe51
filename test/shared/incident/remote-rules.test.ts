import { describe, expect, it } from 'vitest';
import { programLists } from '#electron/sensors/probe/program-lists.ts';
import { remoteTools } from '#electron/sensors/probe/remote-tools.ts';
import type { ProgramPlatform } from '#shared/incident/program-rules.ts';
import { type RemoteCandidate, remoteView, type TcpSocket } from '#shared/incident/remote-rules.ts';

const tools = remoteTools([]);
const lists = programLists({});

const run = (
  file: string,
  args: string[] = [],
  more: Partial<RemoteCandidate> = {},
): RemoteCandidate => ({
  pid: 10,
  file,
  shown: [],
  args,
  onDesktop: true,
  hasWindow: null,
  ...more,
});
const listen = (localPort: number, pid: number | null = 10): TcpSocket => ({
  state: 'listening',
  localPort,
  remoteAddress: '0.0.0.0',
  pid,
});
const joined = (localPort: number, pid: number | null = 10): TcpSocket => ({
  state: 'established',
  localPort,
  remoteAddress: '192.168.1.77',
  pid,
});

interface Case {
  readonly on: ProgramPlatform;
  readonly programs?: readonly RemoteCandidate[];
  readonly sockets?: readonly TcpSocket[];
  readonly inUse?: readonly string[];
  readonly waiting?: readonly string[];
}

const cases: Record<string, Case> = {
  'nothing at all': { on: 'linux' },
  'AnyDesk installed: service and tray': {
    on: 'linux',
    programs: [run('anydesk', ['--service']), run('anydesk', ['--tray'], { pid: 11 })],
    sockets: [listen(7070, null)],
    waiting: ['AnyDesk'],
  },
  'AnyDesk’s idle connection to its relay': {
    on: 'windows',
    programs: [run('AnyDesk.exe', ['--service'])],
    sockets: [listen(7070), joined(50_212)],
    waiting: ['AnyDesk'],
  },
  'AnyDesk with somebody connected directly': {
    on: 'windows',
    programs: [run('AnyDesk.exe', ['--service'], { onDesktop: false })],
    sockets: [listen(7070), joined(7070)],
    inUse: ['anydesk connection 7070'],
  },
  'AnyDesk opened': { on: 'linux', programs: [run('anydesk')], inUse: ['anydesk opened'] },
  'AnyDesk renamed, known by its signer': {
    on: 'windows',
    programs: [run('tarea.exe', [], { signer: 'AnyDesk Software GmbH' })],
    inUse: ['anydesk opened renamed'],
  },
  'AnyDesk renamed, known by its original name, on another port': {
    on: 'windows',
    programs: [run('tarea.exe', ['--service'], { originalName: 'AnyDesk.exe' })],
    sockets: [listen(8123), joined(8123)],
    inUse: ['anydesk connection 8123 renamed'],
  },
  'TeamViewer’s service, and its window hidden in the tray': {
    on: 'windows',
    programs: [run('TeamViewer_Service.exe'), run('TeamViewer.exe', [], { hasWindow: false })],
    waiting: ['TeamViewer'],
  },
  'TeamViewer with somebody connected': {
    on: 'windows',
    programs: [run('TeamViewer_Service.exe'), run('TeamViewer_Desktop.exe', [], { pid: 12 })],
    inUse: ['teamviewer process'],
  },
  'RustDesk waiting': {
    on: 'linux',
    programs: [run('rustdesk', ['--service']), run('rustdesk', ['--server'], { pid: 11 })],
    waiting: ['RustDesk'],
  },
  'RustDesk with somebody connected': {
    on: 'linux',
    programs: [run('rustdesk', ['--server']), run('rustdesk', ['--cm'], { pid: 11 })],
    inUse: ['rustdesk process'],
  },
  'Windows remote desktop switched on': {
    on: 'windows',
    sockets: [listen(3389, null)],
    waiting: ['Escritorio remoto de Windows'],
  },
  'Windows remote desktop in use': {
    on: 'windows',
    sockets: [listen(3389, null), joined(3389, null)],
    inUse: ['rdp connection 3389'],
  },
  'Windows remote desktop shadowed': {
    on: 'windows',
    programs: [run('RdpSa.exe')],
    inUse: ['rdp process'],
  },
  'our own connection to somebody’s port 5900': {
    on: 'linux',
    sockets: [{ ...joined(48_000, null), remoteAddress: '10.0.0.5' }],
  },
  'a port that only looks like one': { on: 'linux', sockets: [listen(7070, 99), joined(7070, 99)] },
  'VNC waiting': {
    on: 'linux',
    programs: [run('x11vnc')],
    sockets: [listen(5900)],
    waiting: ['VNC'],
  },
  'VNC on a port of its own, in use': {
    on: 'linux',
    programs: [run('x11vnc')],
    sockets: [listen(6123), joined(6123)],
    inUse: ['vnc connection 6123'],
  },
  'VNC of somebody else, in use': {
    on: 'linux',
    sockets: [listen(5901, null), joined(5901, null)],
    inUse: ['vnc connection 5901'],
  },
  'macOS screen sharing in use': {
    on: 'darwin',
    programs: [run('screensharingd')],
    inUse: ['mac-screen-sharing process'],
  },
  'macOS remote management waiting': {
    on: 'darwin',
    programs: [run('ARDAgent')],
    waiting: ['Compartir pantalla de macOS'],
  },
  'Quick Assist': {
    on: 'windows',
    programs: [run('QuickAssist.exe')],
    inUse: ['quick-assist opened'],
  },
  'somebody else’s xrdp on another display': {
    on: 'linux',
    programs: [run('xrdp-chansrv', [], { onDesktop: false })],
    waiting: ['Escritorio remoto de Windows'],
  },
  'Veyon watches with its VNC server': {
    on: 'linux',
    programs: [run('veyon-server', [], { installed: true })],
    sockets: [listen(11_100), joined(11_100)],
  },
  'NetSupport School': {
    on: 'windows',
    programs: [run('client32.exe', [], { signer: 'NetSupport Ltd' })],
    sockets: [listen(5405), joined(5405)],
  },
};

describe('remote control that goes on, and tools that only wait', () => {
  it.each(Object.entries(cases))(
    '%s',
    (_, { on, programs = [], sockets = [], inUse = [], waiting = [] }) => {
      const view = remoteView(programs, sockets, null, tools, lists, on);
      const words = view.inUse.map(({ id, sign, port, renamed }) =>
        [id, sign, port, renamed && 'renamed'].filter(Boolean).join(' '),
      );
      expect({ inUse: words, waiting: view.waiting }).toEqual({ inUse, waiting });
    },
  );

  it('a session that is shown elsewhere is said first', () => {
    const view = remoteView(
      [],
      [listen(3389, null), joined(3389, null)],
      { id: 'rdp', name: 'Escritorio remoto' },
      tools,
      lists,
      'windows',
    );
    expect(view.inUse).toEqual([
      { id: 'rdp', name: 'Escritorio remoto', sign: 'session', renamed: false },
    ]);
  });

  it('what an institution allows is neither', () => {
    const own = programLists({
      allowed: [{ id: 'it', name: 'TI', category: 'classroom', names: { linux: ['anydesk'] } }],
    });
    const view = remoteView([run('anydesk')], [], null, tools, own, 'linux');
    expect(view).toEqual({ inUse: [], waiting: [] });
    expect(
      remoteView([run('anydesk')], [], null, remoteTools(['anydesk']), lists, 'linux').inUse,
    ).toEqual([]);
  });
});
