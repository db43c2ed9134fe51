import { readdir, readFile, readlink } from 'node:fs/promises';
import { EMPTY, failed, notSupported, type Reading, told } from '#shared/incident/reading.ts';
import type { TcpSocket } from '#shared/incident/remote-rules.ts';
import type { RemoteProbe, ShownElsewhere } from './remote-probe.ts';
import { type RunTool, runTool, unreadTool } from './system-tool.ts';

/** One line of /proc/net/tcp: a socket and the inode by which its process is found. */
export interface ProcSocket extends Omit<TcpSocket, 'pid'> {
  readonly inode: string;
}

const STATES: Readonly<Record<string, TcpSocket['state']>> = {
  '01': 'established',
  '0A': 'listening',
};

/** Addresses stand there as hexadecimal words in the machine's byte order. */
const addressOf = (hex: string): string => {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)).reverse(),
  );
  const isMapped =
    bytes.length === 16 &&
    bytes.slice(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 255 &&
    bytes[11] === 255;
  if (bytes.length === 4 || isMapped) return bytes.slice(-4).join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return groups.join(':');
};

/** Listening and established sockets in /proc/net/tcp or /proc/net/tcp6. */
export const parseProcTcp = (text: string): readonly ProcSocket[] =>
  text.split('\n').flatMap((line): ProcSocket[] => {
    const fields = line.trim().split(/\s+/);
    const [, local, remote, code] = fields;
    const state = STATES[code ?? ''];
    const inode = fields[9];
    const port = local?.split(':')[1];
    if (state === undefined || port === undefined || inode === undefined) return [];
    return [
      {
        state,
        localPort: Number.parseInt(port, 16),
        remoteAddress: addressOf(remote?.split(':')[0] ?? ''),
        inode,
      },
    ];
  });

/** What `loginctl show-session ID -p Remote -p Service -p Type` says: which tool shows this session elsewhere. */
export const parseSession = (text: string): Reading<ShownElsewhere | null> => {
  const values = new Map(
    text.split('\n').map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1).trim()];
    }),
  );
  const remote = values.get('Remote');
  if (remote === 'no') return told(null);
  if (remote !== 'yes') return text.trim() === '' ? EMPTY : failed('tool-unread');
  const service = values.get('Service') ?? '';
  return told(
    /rdp|gnome-remote/.test(service)
      ? { id: 'rdp', name: 'Escritorio remoto' }
      : { id: 'remote-log-in', name: `Sesión remota (${service || 'desconocida'})`.slice(0, 60) },
  );
};

/** What a session's own variables say: remote desktops name themselves there. */
export const sessionInVariables = (
  env: Readonly<Record<string, string | undefined>>,
): ShownElsewhere | null => {
  if (env.XRDP_SESSION !== undefined || env.XRDP_SOCKET_PATH !== undefined)
    return { id: 'rdp', name: 'Escritorio remoto' };
  if (env.VNCDESKTOP !== undefined) return { id: 'vnc', name: 'VNC' };
  if (env.CHROME_REMOTE_DESKTOP_SESSION !== undefined)
    return { id: 'chrome-remote-desktop', name: 'Chrome Remote Desktop' };
  // `:10.0` of X forwarding has a host in front of it; a local display has none.
  if (/^(localhost|[^:/]+):1\d(\.\d+)?$/.test(env.DISPLAY ?? ''))
    return { id: 'x-forwarding', name: 'Pantalla en otra computadora' };
  return null;
};

const LOGIN_ANSWER_MS = 3_000;

/** Sockets from /proc, the session from logind. */
export const linuxRemoteProbe = (
  env: Readonly<Record<string, string | undefined>>,
  root = '/proc',
  run: RunTool = runTool,
): RemoteProbe => {
  let session: Promise<Reading<ShownElsewhere | null>> | null = null;
  const askLogin = async (): Promise<Reading<ShownElsewhere | null>> => {
    const own = sessionInVariables(env);
    const id = env.XDG_SESSION_ID;
    if (own !== null) return told(own);
    // Started outside any session, as by a service: nobody keeps account of where its screen is.
    if (id === undefined) return notSupported('not-supported');
    const args = ['show-session', id, '-p', 'Remote', '-p', 'Service', '-p', 'Type'];
    const answer = await run('loginctl', args, AbortSignal.timeout(LOGIN_ANSWER_MS));
    // Without logind nothing is known of it; the tools and ports are still looked for.
    return answer.ok ? parseSession(answer.value) : unreadTool(answer.error);
  };
  const ownerOf = async (inodes: ReadonlySet<string>, pids: readonly number[]) => {
    const owners = new Map<string, number>();
    if (inodes.size === 0) return owners;
    for (const pid of pids) {
      const files = await readdir(`${root}/${pid}/fd`).catch(() => []);
      for (const file of files) {
        const target = await readlink(`${root}/${pid}/fd/${file}`).catch(() => '');
        const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
        if (inode !== undefined && inodes.has(inode)) owners.set(inode, pid);
      }
    }
    return owners;
  };
  return {
    // A session does not become a remote one while it lasts: it is asked until it was told once.
    session: async () => {
      session ??= askLogin();
      const read = await session;
      if (read.state === 'failed' || read.state === 'empty') session = null;
      return read;
    },
    sockets: async (pids) => {
      const texts = await Promise.all([
        readFile(`${root}/net/tcp`, 'utf8').catch(() => null),
        // A kernel without IPv6 has no such file, and no such sockets.
        readFile(`${root}/net/tcp6`, 'utf8').catch(() => ''),
      ]);
      const [first, second] = texts;
      if (first === null) return notSupported('tool-blocked');
      // The head of the table is always there: without it the file says nothing, with it alone there is no socket.
      if (!/local_address/.test(first)) return first.trim() === '' ? EMPTY : failed('tool-unread');
      const sockets = [first, second].flatMap(parseProcTcp);
      const owners = await ownerOf(new Set(sockets.map(({ inode }) => inode)), pids);
      return told(
        sockets.map(({ inode, ...socket }) => ({ ...socket, pid: owners.get(inode) ?? null })),
      );
    },
  };
};
