import { EMPTY, failed, partial, told } from '#shared/incident/reading.ts';
import type { TcpSocket } from '#shared/incident/remote-rules.ts';
import type { PowerShellHost } from './powershell-host.ts';
import { REMOTE_QUESTION } from './powershell-scripts.ts';
import { parseTasklist } from './processes.windows.ts';
import type { RemoteProbe } from './remote-probe.ts';
import { type RunTool, reasonOf, unreadTool } from './system-tool.ts';

const RDP_PORT = 3_389;
const RDP = { id: 'rdp', name: 'Escritorio remoto' } as const;

/** States that end a connection; the other words are in the system's language. */
const ENDING = /WAIT|FIN|SYN|LAST|CLOS/i;

const portOf = (address: string, mark: ':' | '.'): number =>
  Number(address.slice(address.lastIndexOf(mark) + 1));

/** Reads Windows' `netstat -ano -p TCP` (and TCPv6): a socket that nobody is connected to shows port 0. */
export const parseWindowsNetstat = (text: string): readonly TcpSocket[] =>
  text.split(/\r?\n/).flatMap((line): TcpSocket[] => {
    const fields = line.trim().split(/\s+/);
    const [protocol, local = '', remote = ''] = fields;
    const pid = Number(fields.at(-1));
    if (protocol !== 'TCP' || fields.length < 5 || !Number.isInteger(pid) || pid === 0) return [];
    if (ENDING.test(fields.slice(3, -1).join(' '))) return [];
    const listening = portOf(remote, ':') === 0;
    return [
      {
        state: listening ? 'listening' : 'established',
        localPort: portOf(local, ':'),
        remoteAddress: remote.slice(0, remote.lastIndexOf(':')),
        pid,
      },
    ];
  });

/** Reads macOS' `netstat -an -p tcp`, which does not tell whose a socket is. */
export const parseDarwinNetstat = (text: string): readonly TcpSocket[] =>
  text.split('\n').flatMap((line): TcpSocket[] => {
    const [protocol = '', , , local = '', remote = '', word] = line.trim().split(/\s+/);
    const state =
      word === 'LISTEN' ? 'listening' : word === 'ESTABLISHED' ? 'established' : undefined;
    if (!protocol.startsWith('tcp') || state === undefined) return [];
    return [
      {
        state,
        localPort: portOf(local, '.'),
        remoteAddress: remote.slice(0, remote.lastIndexOf('.')),
        pid: null,
      },
    ];
  });

/**
 * Windows: whether this session is shown elsewhere, which may change while it lasts (somebody takes it over);
 * sockets with their processes from `netstat`.
 */
export const windowsRemoteProbe = (
  host: PowerShellHost,
  run: RunTool,
  ownPid: number,
): RemoteProbe => ({
  session: async (signal) => {
    const answer = await host.ask(REMOTE_QUESTION, signal).catch(() => 'blocked');
    if (/^(true|false)$/i.test(answer.trim())) return told(/true/i.test(answer) ? RDP : null);
    // Policy keeps PowerShell from it: the list of processes names the session of each, `RDP-Tcp#0` or `Console`.
    const own = await run('tasklist.exe', ['/fi', `PID eq ${ownPid}`, '/fo', 'csv', '/nh'], signal);
    if (!own.ok) return unreadTool(own.error);
    const [row] = parseTasklist(own.value).filter(({ pid }) => pid === ownPid);
    // A sentence instead of the row (no such process), or a row without the name of its session.
    if (row === undefined) return own.value.trim() === '' ? EMPTY : failed('tool-unread');
    if (row.session.trim() === '') return failed('tool-unread');
    return told(/^rdp-/i.test(row.session) ? RDP : null);
  },
  sockets: async (_pids, signal) => {
    const answers = await Promise.all(
      ['TCP', 'TCPv6'].map((protocol) => run('netstat.exe', ['-ano', '-p', protocol], signal)),
    );
    const [first, second] = answers;
    if (first?.ok !== true) return first === undefined ? EMPTY : unreadTool(first.error);
    const texts = second?.ok === true ? [first.value, second.value] : [first.value];
    // The service that takes remote desktops is one of many in its process: its port proves it.
    const sockets = texts
      .flatMap(parseWindowsNetstat)
      .map((socket) => (socket.localPort === RDP_PORT ? { ...socket, pid: null } : socket));
    // Windows always listens somewhere: no socket at all is no answer.
    if (sockets.length === 0) return first.value.trim() === '' ? EMPTY : failed('tool-unread');
    return partial(sockets, second?.ok === false ? reasonOf(second.error) : null);
  },
});

/** macOS: a session is shown elsewhere by screen sharing only, whose process tells; ports from `netstat`. */
export const darwinRemoteProbe = (run: RunTool): RemoteProbe => ({
  // A session is shown elsewhere by screen sharing only, whose process is looked for.
  session: async () => told(null),
  sockets: async (_pids, signal) => {
    const answer = await run('/usr/sbin/netstat', ['-an', '-p', 'tcp'], signal);
    if (!answer.ok) return unreadTool(answer.error);
    if (!/Local Address/i.test(answer.value))
      return answer.value.trim() === '' ? EMPTY : failed('tool-unread');
    return told(parseDarwinNetstat(answer.value));
  },
});
