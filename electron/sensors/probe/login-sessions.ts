import { userInfo } from 'node:os';
import type { CoverageReason } from '#shared/incident/coverage.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { type RunTool, reasonOf, recordsOf, runPowerShell, runTool } from './system-tool.ts';

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
  list(signal: AbortSignal): Promise<Result<SessionListing, CoverageReason>>;
}

const SHOWN = ['Id', 'User', 'Remote', 'Class', 'Active', 'State', 'LockedHint'] as const;

/**
 * @param text `loginctl show-session` of all sessions, with the properties that are asked for.
 * @param own the exam's session id, from its environment; otherwise the first of its user counts.
 * @param uid the exam's user.
 */
export const parseSessions = (
  text: string,
  own: string | undefined,
  uid: number,
): SessionListing => {
  const sessions = text
    .split(/\n\s*\n/)
    .map((block) =>
      Object.fromEntries(
        [...block.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
      ),
    )
    .filter(({ Id }) => Id !== undefined)
    // Log-in screens and the system's own services are nobody; who logged out is closing.
    .filter(({ Class, State }) => Class === 'user' && State !== 'closing');
  const mine =
    sessions.find(({ Id }) => Id === own) ??
    sessions.find(({ User, Remote }) => User === String(uid) && Remote === 'no') ??
    // Started for another user than the one at the screen, as by a service.
    sessions.find(({ Active, Remote }) => Active === 'yes' && Remote === 'no');
  const others = sessions.filter((one) => one !== mine && one.Remote === 'no');
  const told = (value: string | undefined): boolean | null =>
    value === undefined ? null : value === 'yes';
  return { others: others.length, locked: told(mine?.LockedHint), active: told(mine?.Active) };
};

const linux = (run: RunTool, environment: NodeJS.ProcessEnv): SessionProbe => ({
  everyMs: 5_000,
  list: async (signal) => {
    const listed = await run('loginctl', ['list-sessions', '--no-legend'], signal);
    if (!listed.ok) return fail(reasonOf(listed.error));
    const ids = [...listed.value.matchAll(/^\s*(\S+)\s+\d+/gm)].map(([, id = '']) => id);
    if (ids.length === 0) return ok({ others: 0, locked: null, active: null });
    const shown = await run(
      'loginctl',
      ['show-session', ...ids.slice(0, 50), ...SHOWN.map((name) => `--property=${name}`)],
      signal,
    );
    if (!shown.ok) return fail(reasonOf(shown.error));
    return ok(parseSessions(shown.value, environment.XDG_SESSION_ID, userInfo().uid));
  },
});

/** `query user` is not on every edition and speaks every language: who has a desktop has Explorer running. */
const SESSIONS_SCRIPT =
  'ConvertTo-Json -Compress @(@{ own = [Diagnostics.Process]::GetCurrentProcess().SessionId; desktops = @(Get-Process -Name explorer -ErrorAction SilentlyContinue | ForEach-Object { $_.SessionId }) })';

/** @param json what `SESSIONS_SCRIPT` printed; null when it makes no sense. */
export const parseDesktops = (json: string): SessionListing | null => {
  const [told] = recordsOf(json);
  const { own, desktops } = told ?? {};
  if (typeof own !== 'number' || !Array.isArray(desktops)) return null;
  const others = new Set(desktops.filter((one) => typeof one === 'number' && one !== own));
  return { others: others.size, locked: null, active: null };
};

/**
 * @param text `who`: `maria    console      Nov 21 08:00`; each user with a desktop has a console.
 * @param user the exam's own.
 */
export const parseWho = (text: string, user: string): SessionListing => {
  const consoles = [...text.matchAll(/^(\S+)\s+console\s/gm)].map(([, name]) => name);
  const others = new Set(consoles.filter((name) => name !== user));
  return { others: others.size, locked: null, active: null };
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
        if (!printed.ok) return fail(reasonOf(printed.error));
        const listing = parseDesktops(printed.value);
        return listing === null ? fail('tool-blocked') : ok(listing);
      },
    };
  if (platform === 'darwin')
    return {
      everyMs: 20_000,
      list: async (signal) => {
        const printed = await run('who', [], signal);
        return printed.ok
          ? ok(parseWho(printed.value, userInfo().username))
          : fail(reasonOf(printed.error));
      },
    };
  return null;
};
