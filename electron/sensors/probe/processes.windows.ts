import { programName } from '#shared/incident/program-rules.ts';
import { EMPTY, failed, partial, type Reading, told } from '#shared/incident/reading.ts';
import { PowerShellError, type PowerShellHost } from './powershell-host.ts';
import { PROGRAMS_QUESTION } from './powershell-scripts.ts';
import type { ProcessTable, RunningProgram } from './process-table.ts';
import { type RunTool, unreadTool } from './system-tool.ts';

const ARGS = 8;
/** Listings through `tasklist` before PowerShell is tried again. */
const RETRY_AFTER = 30;
/** Where only an administrator puts programs. */
const INSTALLED = /^[a-z]:\\(windows|program files|program files \(x86\))\\/i;

/** Words of a command line behind the program's own name. */
export const argumentsIn = (commandLine: string): readonly string[] =>
  [...commandLine.matchAll(/"([^"]*)"|(\S+)/g)]
    .map(([, quoted, plain]) => quoted ?? plain ?? '')
    .slice(1, ARGS + 1);

/** The publisher's name in a certificate's subject: `CN="NV Access Limited", O=…`. */
export const publisherIn = (subject: string): string | undefined => {
  const [, quoted, plain] = /\bCN=(?:"((?:[^"]|"")*)"|([^,]*))/.exec(subject) ?? [];
  return (quoted?.replaceAll('""', '"') ?? plain)?.trim() || undefined;
};

const isText = (value: unknown): value is string => typeof value === 'string';

/** Reads what `Get-AtalayaPrograms` prints; null when it is no such list. */
export const parsePrograms = (json: string): readonly RunningProgram[] | null => {
  let rows: unknown;
  try {
    rows = JSON.parse(json);
  } catch {
    return null;
  }
  if (!Array.isArray(rows)) return null;
  const programs = rows.flatMap((row: unknown): (RunningProgram & { session: number })[] => {
    if (!Array.isArray(row)) return [];
    const [pid, ppid, name, path, session, ageMs, hasWindow, original, subject, commandLine] = row;
    if (typeof pid !== 'number' || !isText(name)) return [];
    const signer = isText(subject) ? publisherIn(subject) : undefined;
    const file = isText(path) && path !== '' ? path : null;
    return [
      {
        pid,
        ppid: typeof ppid === 'number' ? ppid : 0,
        file: programName(file ?? name),
        shown: [name],
        path: file,
        args: isText(commandLine) ? argumentsIn(commandLine) : [],
        ageMs: typeof ageMs === 'number' && ageMs >= 0 ? ageMs : null,
        onDesktop: true,
        hasWindow: typeof hasWindow === 'boolean' ? hasWindow : null,
        session: typeof session === 'number' ? session : 0,
        ...(file === null ? {} : { installed: INSTALLED.test(file) }),
        ...(isText(original) && original !== '' ? { originalName: original } : {}),
        ...(signer === undefined ? {} : { signer }),
      },
    ];
  });
  return programs.map(({ session, ...program }) => ({ ...program, onDesktop: session !== 0 }));
};

/**
 * Reads `tasklist /fo csv /nh`: name, id, session's name and number, memory. Words in the system's language
 * stand in columns that are not read.
 */
export const parseTasklist = (text: string): readonly (RunningProgram & { session: string })[] =>
  text.split(/\r?\n/).flatMap((line) => {
    const [name, id, session, number] = [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(
      ([, value]) => value ?? '',
    );
    const pid = Number(id);
    if (name === undefined || session === undefined || !Number.isInteger(pid)) return [];
    return [
      {
        pid,
        ppid: 0,
        file: programName(name),
        shown: [],
        path: null,
        args: [],
        ageMs: null,
        onDesktop: number !== '0',
        hasWindow: null,
        session,
      },
    ];
  });

/**
 * The processes of Windows through a PowerShell that stays; where policy blocks it, through `tasklist`,
 * which knows neither windows nor publishers.
 */
export const windowsProcessTable = (host: PowerShellHost, run: RunTool): ProcessTable => {
  const throughTasklist = async (
    signal: AbortSignal,
  ): Promise<Reading<readonly RunningProgram[]>> => {
    const answer = await run('tasklist.exe', ['/fo', 'csv', '/nh'], signal);
    if (!answer.ok) return unreadTool(answer.error);
    const programs = parseTasklist(answer.value);
    if (programs.length > 0) return partial(programs, 'tool-blocked');
    return answer.value.trim() === '' ? EMPTY : failed('tool-unread');
  };
  /** Not asked again for a while where policy refuses it. */
  let blocked = 0;
  return {
    list: async (signal) => {
      if (blocked > 0) {
        blocked -= 1;
        return throughTasklist(signal);
      }
      try {
        const programs = parsePrograms(await host.ask(PROGRAMS_QUESTION, signal));
        if (programs !== null && programs.length > 0) return told(programs);
      } catch (error) {
        if (signal.aborted || !(error instanceof PowerShellError)) throw error;
      }
      blocked = RETRY_AFTER;
      return throughTasklist(signal);
    },
    close: () => host.close(),
  };
};
