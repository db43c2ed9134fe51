import { userInfo } from 'node:os';
import { EMPTY, failed, partial, type Reading, told } from '#shared/incident/reading.ts';
import { isSystemAccount, isSystemUid } from './system-accounts.ts';
import {
  type RunTool,
  readRecords,
  runPowerShell,
  runTool,
  textOf,
  unreadTool,
} from './system-tool.ts';

/** Who else is logged in at this machine, and whether its screen is locked. */
export interface SessionListing {
  /** Local log-ins besides the exam's own. Their names stay on the machine. */
  readonly others: number;
  /** null where the power monitor tells of locks by itself. */
  readonly locked: boolean | null;
  /** Whether the exam's session is the one on the screen; null where the system does not tell. */
  readonly active: boolean | null;
}

export interface SessionProbe {
  readonly everyMs: number;
  list(signal: AbortSignal): Promise<Reading<SessionListing>>;
}

const SHOWN = ['Id', 'User', 'Name', 'Remote', 'Class', 'Active', 'State', 'LockedHint'] as const;

/**
 * @param text `loginctl show-session` of all sessions, with the properties that are asked for.
 * @param own the exam's session id, from its environment; otherwise the first of its user counts.
 * @param uid the exam's user.
 * @returns `empty` when no session is shown; in part when one does not say whose it is or whether it is a person's.
 */
export const parseSessions = (
  text: string,
  own: string | undefined,
  uid: number,
): Reading<SessionListing> => {
  const shown = text
    .split(/\n\s*\n/)
    .map((block) =>
      Object.fromEntries(
        [...block.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
      ),
    )
    .filter(({ Id }) => Id !== undefined);
  if (shown.length === 0) return text.trim() === '' ? EMPTY : failed('tool-unread');
  // Log-in screens and the system's own services are nobody; who logged out is closing.
  const sessions = shown.filter(
    ({ Class, State, User, Name = '' }) =>
      (Class === undefined || /^user(-|$)/.test(Class)) &&
      State !== 'closing' &&
      !isSystemUid(User) &&
      !isSystemAccount('linux', Name),
  );
  const mine =
    sessions.find(({ Id }) => Id === own) ??
    sessions.find(({ User, Remote }) => User === String(uid) && Remote === 'no') ??
    // Started for another user than the one at the screen, as by a service.
    sessions.find(({ Active, Remote }) => Active === 'yes' && Remote === 'no');
  const others = sessions.filter((one) => one !== mine && one.Remote !== 'yes');
  // A manager of the own user's services is not somebody else; who says neither class nor place is not known.
  const sure = others.filter((one) => one.Class !== undefined && one.Remote === 'no');
  const tells = (value: string | undefined): boolean | null =>
    value === undefined || value === '' ? null : value === 'yes';
  const listing = {
    others: sure.length,
    locked: tells(mine?.LockedHint),
    active: tells(mine?.Active),
  };
  const open = sure.length < others.length || mine === undefined;
  return partial(listing, open ? 'tool-unread' : null);
};

const linux = (run: RunTool, environment: NodeJS.ProcessEnv): SessionProbe => ({
  everyMs: 5_000,
  list: async (signal) => {
    const listed = await run('loginctl', ['list-sessions', '--no-legend'], signal);
    if (!listed.ok) return unreadTool(listed.error);
    const ids = [...listed.value.matchAll(/^\s*(\S+)\s+\d+/gm)].map(([, id = '']) => id);
    // Whoever asks has a session: a service manager that knows of none keeps no account of them (containers).
    if (ids.length === 0) return EMPTY;
    const shown = await run(
      'loginctl',
      ['show-session', ...ids.slice(0, 50), ...SHOWN.map((name) => `--property=${name}`)],
      signal,
    );
    if (!shown.ok) return unreadTool(shown.error);
    return parseSessions(shown.value, environment.XDG_SESSION_ID, userInfo().uid);
  },
});

/**
 * `query user` is not on every edition and speaks every language: who has a desktop has Explorer running. Whose it is,
 * the log-in screen remembers by session; where it does not, it is somebody.
 */
const SESSIONS_SCRIPT =
  '$r = @{}; try { $r.own = (Get-Process -Id $PID -ErrorAction Stop).SessionId; $r.desktops = @(Get-Process -ErrorAction Stop | Where-Object { $_.ProcessName -eq "explorer" } | ForEach-Object { $_.SessionId }) } catch { }; $r.names = @{}; try { Get-ChildItem "HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Authentication\\LogonUI\\SessionData" -ErrorAction Stop | ForEach-Object { $r.names[$_.PSChildName] = [string]$_.GetValue("LoggedOnSAMUser") } } catch { }; ConvertTo-Json -Compress $r';

/**
 * @param json what `SESSIONS_SCRIPT` printed.
 * @returns in part when nobody at all has a desktop: here the kiosk took its place (Shell Launcher), and somebody
 * else's session may have done the same.
 */
export const parseDesktops = (json: string): Reading<SessionListing> => {
  const read = readRecords(json);
  if (!('value' in read)) return read;
  const { own, desktops, names } = read.value[0] ?? {};
  if (typeof own !== 'number' || !Array.isArray(desktops)) return failed('tool-unread');
  const numbers = desktops.filter((one): one is number => Number.isInteger(one));
  const nameOf = (session: number): string =>
    typeof names === 'object' && names !== null ? textOf(Reflect.get(names, String(session))) : '';
  // Session 0 is the services'.
  const others = new Set(
    numbers.filter((one) => one !== own && one !== 0 && !isSystemAccount('windows', nameOf(one))),
  );
  const listing = { others: others.size, locked: null, active: null };
  return partial(listing, numbers.length === 0 ? 'tool-empty' : null);
};

/**
 * @param text `who`: `maria    console      Nov 21 08:00`; each user with a desktop has a console.
 * @param user the exam's own.
 * @returns in part when the own user is not among them: then nobody knows which of them sits here.
 */
export const parseWho = (text: string, user: string): Reading<SessionListing> => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return EMPTY;
  const consoles = new Set([...text.matchAll(/^(\S+)\s+console\s/gm)].map(([, name = '']) => name));
  const people = [...consoles].filter((name) => !isSystemAccount('darwin', name));
  const others = people.filter((name) => name !== user);
  const listing = (count: number) => ({ others: count, locked: null, active: null });
  if (people.includes(user)) return told(listing(others.length));
  return partial(listing(Math.max(0, others.length - 1)), 'tool-unread');
};

/** How a platform tells who is logged in; null where there is no way. */
export const sessionProbe = (
  platform: NodeJS.Platform,
  options: { readonly run?: RunTool; readonly environment?: NodeJS.ProcessEnv } = {},
): SessionProbe | null => {
  const { run = runTool, environment = process.env } = options;
  if (platform === 'linux') return linux(run, environment);
  if (platform === 'win32')
    return {
      everyMs: 60_000,
      list: async (signal) => {
        const printed = await runPowerShell(run, SESSIONS_SCRIPT, signal);
        return printed.ok ? parseDesktops(printed.value) : unreadTool(printed.error);
      },
    };
  if (platform === 'darwin')
    return {
      everyMs: 20_000,
      list: async (signal) => {
        const printed = await run('who', [], signal);
        return printed.ok
          ? parseWho(printed.value, userInfo().username)
          : unreadTool(printed.error);
      },
    };
  return null;
};
