import { programName } from '#shared/incident/program-rules.ts';
import { EMPTY, failed, partial } from '#shared/incident/reading.ts';
import type { ProcessTable, RunningProgram } from './process-table.ts';
import { type RunTool, reasonOf, unreadTool } from './system-tool.ts';

const ARGS = 8;
const INSTALLED = /^\/(System|Applications|Library|usr|bin|sbin)\//;
const SECOND = 1_000;

/** `[[days-]hours:]minutes:seconds` as ps prints it, in ms; null when it is something else. */
export const elapsedMs = (text: string): number | null => {
  const parts = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)$/.exec(text);
  if (parts === null) return null;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * SECOND;
};

/** An application as the window server knows it. */
export interface DarwinApp {
  readonly bundle?: string;
  /** In the Dock, with windows of its own. */
  readonly foreground: boolean;
}

/** Reads `lsappinfo list`: applications by process id. */
export const parseApps = (text: string): ReadonlyMap<number, DarwinApp> => {
  const apps = new Map<number, DarwinApp>();
  for (const block of text.split(/^\s*\d+\) /m).slice(1)) {
    const pid = /\bpid = (\d+)/.exec(block)?.[1];
    const bundle = /\bbundleID="([^"]+)"/.exec(block)?.[1];
    if (pid === undefined) continue;
    apps.set(Number(pid), {
      foreground: /\btype="Foreground"/.test(block),
      ...(bundle === undefined ? {} : { bundle }),
    });
  }
  return apps;
};

/**
 * Reads `ps -axwwo pid=,ppid=,etime=,comm=` beside `ps -axwwo pid=,args=`: on macOS the first has the whole
 * path, blanks included, and the second repeats it before the arguments.
 */
export const parsePs = (
  processes: string,
  commandLines: string,
  apps: ReadonlyMap<number, DarwinApp>,
): readonly RunningProgram[] => {
  const lines = new Map(
    commandLines.split('\n').flatMap((line): [number, string][] => {
      const [, pid, text] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [[Number(pid), text ?? '']];
    }),
  );
  return processes.split('\n').flatMap((line): RunningProgram[] => {
    const [, id, parent, elapsed, path] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
    if (id === undefined || path === undefined || elapsed === undefined) return [];
    const pid = Number(id);
    const app = apps.get(pid);
    const args = (lines.get(pid) ?? '').slice(path.length).trim().split(/\s+/).slice(0, ARGS);
    const isPath = path.startsWith('/');
    return [
      {
        pid,
        ppid: Number(parent),
        file: programName(path),
        shown: [],
        path: isPath ? path : null,
        args: args.filter((word) => word !== ''),
        ageMs: elapsedMs(elapsed),
        onDesktop: true,
        hasWindow: apps.size === 0 ? null : app?.foreground === true,
        ...(isPath ? { installed: INSTALLED.test(path) } : {}),
        ...(app?.bundle === undefined ? {} : { bundle: app.bundle }),
      },
    ];
  });
};

/** The processes of macOS through `ps`, their applications through `lsappinfo`. */
export const darwinProcessTable = (run: RunTool): ProcessTable => ({
  list: async (signal) => {
    const [processes, commandLines, apps] = await Promise.all([
      run('/bin/ps', ['-axwwo', 'pid=,ppid=,etime=,comm='], signal),
      run('/bin/ps', ['-axwwo', 'pid=,args='], signal),
      run('/usr/bin/lsappinfo', ['list'], signal),
    ]);
    if (!processes.ok) return unreadTool(processes.error);
    // A window server that names no application was not asked well: Finder is always one.
    const known = apps.ok ? parseApps(apps.value) : new Map<number, DarwinApp>();
    const programs = parsePs(processes.value, commandLines.ok ? commandLines.value : '', known);
    if (programs.length === 0) return processes.value.trim() === '' ? EMPTY : failed('tool-unread');
    // Without the window server's list programs are still known by name.
    if (!apps.ok) return partial(programs, reasonOf(apps.error));
    return partial(programs, known.size === 0 ? 'tool-empty' : null);
  },
});
