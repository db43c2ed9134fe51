import { execFile } from 'node:child_process';
import type { CoverageReason } from '#shared/incident/coverage.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';

/** Why a tool of the system gave nothing. `failed`: it ran and ended badly, or was abandoned. */
export type ToolFailure = Extract<CoverageReason, 'tool-missing' | 'tool-blocked'> | 'failed';

/** Runs a tool and gives what it printed. Tests put recorded output in its place. */
export type RunTool = (
  file: string,
  args: readonly string[],
  signal: AbortSignal,
) => Promise<Result<string, ToolFailure>>;

/** Output beyond this is no listing of one machine, bytes. */
const MAX_BYTES = 4 * 1024 * 1024;
const BLOCKED: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'UNKNOWN']);

/** Runs it without a shell, in English, without a window; killed when `signal` aborts. Never rejects. */
export const runTool: RunTool = (file, args, signal) =>
  new Promise((resolve) => {
    execFile(
      file,
      [...args],
      {
        signal,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_BYTES,
        windowsHide: true,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C', LANG: 'C' },
      },
      (failure, stdout) => {
        if (failure === null) return resolve(ok(stdout));
        const code = String(failure.code ?? '');
        if (code === 'ENOENT') return resolve(fail('tool-missing'));
        resolve(fail(BLOCKED.has(code) ? 'tool-blocked' : 'failed'));
      },
    );
  });

/**
 * Runs a PowerShell script that prints JSON. `-Command` and no encoded text: encoded commands are what
 * protection programs stop. Where policy allows PowerShell its restricted language only, this still runs.
 */
export const runPowerShell = (
  run: RunTool,
  script: string,
  signal: AbortSignal,
): Promise<Result<string, ToolFailure>> =>
  run(
    'powershell.exe',
    [
      '-NoLogo',
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      `try { [Console]::OutputEncoding = [Text.Encoding]::UTF8 } catch { }; ${script}`,
    ],
    signal,
  );

/** The reason that people are told; a tool that failed once may answer next time. */
export const reasonOf = (failure: ToolFailure): CoverageReason =>
  failure === 'failed' ? 'tool-blocked' : failure;

/** JSON of a tool as records; what is not an object is left out, a single object is one record. */
export const recordsOf = (json: string): readonly Readonly<Record<string, unknown>>[] => {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    return [];
  }
  return (Array.isArray(value) ? value : [value]).filter(
    (one): one is Record<string, unknown> =>
      typeof one === 'object' && one !== null && !Array.isArray(one),
  );
};

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
