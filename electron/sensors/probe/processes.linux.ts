import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { programName } from '#shared/incident/program-rules.ts';
import { EMPTY, notSupported, partial } from '#shared/incident/reading.ts';
import type { ProcessTable, RunningProgram } from './process-table.ts';

/** What /proc/PID/stat says and we need. */
export interface ProcStat {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  /** Since boot, in hundredths of a second. */
  readonly startTicks: number;
  /** Address of the program's code: another one after each exec of the same process. 0 for other users' processes. */
  readonly startCode: string;
}

/** Reads one line of /proc/PID/stat; null when it is none. The name in brackets may hold anything. */
export const parseStat = (text: string): ProcStat | null => {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const fields = text.slice(close + 2).split(' ');
  const [state, ppid] = fields;
  const startTicks = Number(fields[19]);
  if (state === undefined || !Number.isFinite(startTicks)) return null;
  return {
    pid: Number.parseInt(text, 10),
    comm: text.slice(open + 1, close),
    state,
    ppid: Number(ppid),
    startTicks,
    startCode: fields[23] ?? '0',
  };
};

/** Where only an administrator puts programs; the last three of snap, flatpak and Nix. */
const INSTALLED = /^\/(usr|bin|sbin|lib|lib64|opt|snap|app|nix\/store)\//;

/** Programs that run others: what they run is the name that counts as well. */
const INTERPRETERS =
  /^(python[\d.]*|pypy3?|perl|ruby|node|nodejs|electron\d*|java|bash|dash|sh|mono|wine\d*(-preloader)?|gjs(-console)?|env)$/;
const SCRIPT = /\.(py|pyw|pl|rb|m?[jt]s|jar|asar|sh|exe|appimage)$/;

/** Names of what an interpreter runs: the script, the jar, the Windows program under Wine. */
export const scriptNames = (file: string | null, args: readonly string[]): readonly string[] => {
  if (file === null || !INTERPRETERS.test(programName(file))) return [];
  const scripts: string[] = [];
  args.slice(0, 6).forEach((arg, i) => {
    const before = args[i - 1];
    // After -c and -e comes a text to run, not the name of a program.
    if (before === '-c' || before === '-e') return;
    const isScript =
      before === '-m' ||
      before === '-jar' ||
      (!arg.startsWith('-') && (before === undefined || before.startsWith('-')));
    if (isScript) scripts.push(programName(arg).replace(SCRIPT, ''));
  });
  return [...new Set(scripts)];
};

/** A display's name without what does not matter: `unix/:0.0`, `localhost:0`, `:0`. */
const displayOf = (name: string | undefined): string | undefined =>
  name === undefined || name === ''
    ? undefined
    : name.replace(/^(unix\/?|localhost)?/, '').replace(/\.\d+$/, '');

/** The desktop that a process was started on. */
export interface DesktopNames {
  readonly DISPLAY?: string;
  readonly WAYLAND_DISPLAY?: string;
  /** Where a Wayland socket would be found without its name. */
  readonly XDG_RUNTIME_DIR?: string;
}

/**
 * Whether a process can be seen on our desktop. One that was started for another display is not on it.
 * @param environment its own, or null when it cannot be read: then it is taken to be.
 */
export const sharesDesktop = (environment: DesktopNames | null, ours: DesktopNames): boolean => {
  if (environment === null) return true;
  const theirs = [displayOf(environment.DISPLAY), environment.WAYLAND_DISPLAY];
  const own = [displayOf(ours.DISPLAY), ours.WAYLAND_DISPLAY];
  if (theirs.every((name) => name === undefined || name === '')) return true;
  return theirs.some((name) => name !== undefined && name !== '' && own.includes(name));
};

/**
 * Whether a process was started without any display to show itself on, as services, timers and log-ins over the network
 * start theirs. Not where a display may be named on its command line, or found by itself (Wayland's usual socket).
 * @param environment its own, or null when it cannot be read: then nobody knows.
 */
export const hasNoDisplay = (
  environment: DesktopNames | null,
  args: readonly string[],
  ours: DesktopNames,
): boolean => {
  const named = ({ DISPLAY = '', WAYLAND_DISPLAY = '' }: DesktopNames): boolean =>
    DISPLAY !== '' || WAYLAND_DISPLAY !== '';
  if (environment === null || named(environment) || !named(ours)) return false;
  if (args.some((arg) => /^--?(display|wayland-display)\b/.test(arg))) return false;
  const wayland = (ours.WAYLAND_DISPLAY ?? '') !== '';
  return !wayland || (environment.XDG_RUNTIME_DIR ?? '') === '';
};

const environmentOf = (text: string): DesktopNames => {
  const wanted: Record<string, string> = {};
  for (const pair of text.split('\0')) {
    if (pair.startsWith('DISPLAY=')) wanted.DISPLAY = pair.slice(8);
    if (pair.startsWith('WAYLAND_DISPLAY=')) wanted.WAYLAND_DISPLAY = pair.slice(16);
    if (pair.startsWith('XDG_RUNTIME_DIR=')) wanted.XDG_RUNTIME_DIR = pair.slice(16);
  }
  return wanted;
};

/** What does not change while a process runs the same program. */
interface Identity {
  readonly key: string;
  /** Null for what is nobody's program: threads of the kernel, processes that have ended. */
  readonly program: Omit<RunningProgram, 'ageMs' | 'ppid'> | null;
}

/** How often new processes are looked for between listings, ms: short enough for all that live a second. */
const PULSE_MS = 300;
const TICK_MS = 10;
const ARGS = 8;

export interface LinuxTableOptions {
  /** Where /proc is; for tests. */
  readonly root?: string;
  readonly desktop: DesktopNames;
  /** The name under which the same executable is installed, and its hash if that is of interest. */
  readonly originOf?: (path: string, pid: number) => Promise<{ name?: string; sha256?: string }>;
}

/** Reads /proc directly: no tool, a few milliseconds a listing. */
export const linuxProcessTable = (options: LinuxTableOptions): ProcessTable => {
  const root = options.root ?? '/proc';
  const known = new Map<number, Identity>();
  const buffer = Buffer.alloc(1_024);

  const readStat = (pid: number): ProcStat | null => {
    try {
      const file = openSync(`${root}/${pid}/stat`, 'r');
      try {
        return parseStat(buffer.toString('latin1', 0, readSync(file, buffer, 0, 1_024, 0)));
      } finally {
        closeSync(file);
      }
    } catch {
      // It ended between the listing and the reading.
      return null;
    }
  };

  // These three may wait for a process that is stuck in the kernel: never in the main thread.
  const text = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

  const identify = async ({ pid, comm, state }: ProcStat): Promise<Identity['program']> => {
    if (state === 'Z' || state === 'X') return null;
    const folder = `${root}/${pid}`;
    const [link, commandLine, environment] = await Promise.all([
      readlink(`${folder}/exe`).catch(() => null),
      text(`${folder}/cmdline`),
      text(`${folder}/environ`),
    ]);
    // A kernel thread, or one that has ended and waits to be collected: nobody's program.
    if (state === 'Z' || state === 'X' || (link === null && (commandLine ?? '') === ''))
      return null;
    const path = link?.replace(/ \(deleted\)$/, '') ?? null;
    const [argv0 = '', ...args] = (commandLine ?? '').split('\0').slice(0, ARGS + 1);
    const origin = path === null ? {} : await options.originOf?.(path, pid);
    const shown = [comm, ...scriptNames(path, args)];
    // The name it gives itself counts only while the executable is not to be seen: it is free to say anything.
    if (path === null && argv0 !== '') shown.push(argv0);
    const names = environment === null || environment === '' ? null : environmentOf(environment);
    return {
      pid,
      file: path === null ? null : programName(path),
      shown,
      path,
      args,
      onDesktop: sharesDesktop(names, options.desktop),
      hasWindow: null,
      ...(hasNoDisplay(names, args, options.desktop) && { noDisplay: true }),
      ...(path === null ? {} : { installed: INSTALLED.test(path) }),
      ...(origin?.name === undefined ? {} : { originalName: origin.name }),
      ...(origin?.sha256 === undefined ? {} : { sha256: origin.sha256 }),
    };
  };

  const pids = (): number[] => {
    const found: number[] = [];
    for (const name of readdirSync(root)) {
      const first = name.charCodeAt(0);
      if (first >= 48 && first <= 57) found.push(Number(name));
    }
    return found;
  };

  /** Null where there is no /proc. */
  const present = (): number[] | null => {
    try {
      return pids();
    } catch {
      return null;
    }
  };

  const uptimeMs = (): number => Number.parseFloat(readFileSync(`${root}/uptime`, 'utf8')) * 1_000;

  const read = async (wanted: readonly number[]): Promise<readonly RunningProgram[]> => {
    const nowMs = uptimeMs();
    const found = await Promise.all(
      wanted.map(async (pid): Promise<RunningProgram[]> => {
        const stat = readStat(pid);
        if (stat === null) return [];
        const key = `${stat.startTicks} ${stat.startCode} ${stat.comm} ${stat.state === 'Z'}`;
        let identity = known.get(pid);
        if (identity?.key !== key) {
          identity = { key, program: await identify(stat) };
          known.set(pid, identity);
        }
        if (identity.program === null) return [];
        const ageMs = Math.max(0, nowMs - stat.startTicks * TICK_MS);
        return [{ ...identity.program, ppid: stat.ppid, ageMs }];
      }),
    );
    return found.flat();
  };

  return {
    list: async () => {
      const all = present();
      if (all === null) return notSupported('platform');
      const living = new Set(all);
      for (const pid of known.keys()) if (!living.has(pid)) known.delete(pid);
      // With hidepid a user sees only the own processes; the first one is the sign of it.
      const programs = await read(all);
      if (programs.length === 0) return EMPTY;
      return partial(programs, living.has(1) ? null : 'tool-blocked');
    },
    watch: (onNew, onGone) => {
      let seen = new Set(present() ?? []);
      const timer = setInterval(() => {
        const now = new Set(present() ?? seen);
        const added = [...now].filter((pid) => !seen.has(pid));
        for (const pid of seen) if (!now.has(pid)) onGone(pid);
        seen = now;
        if (added.length > 0) read(added).then(onNew, () => undefined);
      }, PULSE_MS);
      return () => clearInterval(timer);
    },
  };
};
