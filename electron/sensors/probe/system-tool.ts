import type { CoverageReason } from '#shared/incident/coverage.ts';
import {
  EMPTY,
  failed,
  notSupported,
  type Reading,
  told,
  type Unread,
} from '#shared/incident/reading.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { runSystemTool } from './run-tool.ts';

/** Why a tool of the system gave nothing. `failed`: it ran and ended badly, or was abandoned. */
export type ToolFailure = Extract<CoverageReason, 'tool-missing' | 'tool-blocked'> | 'failed';

/** Runs a tool and gives what it printed. Tests put recorded output in its place. */
export type RunTool = (
  file: string,
  args: readonly string[],
  signal: AbortSignal,
) => Promise<Result<string, ToolFailure>>;

/** Runs it without a shell, in English, without a window; killed when `signal` aborts. Never rejects. */
export const runTool: RunTool = async (file, args, signal) => {
  const { exit, stdout } = await runSystemTool(file, args, signal);
  if (exit === 0) return ok(stdout);
  if (exit === 'missing') return fail('tool-missing');
  return fail(exit === 'blocked' ? 'tool-blocked' : 'failed');
};

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

/** The reason that people are told. */
export const reasonOf = (failure: ToolFailure): CoverageReason =>
  failure === 'failed' ? 'tool-failed' : failure;

/** What a tool that gave nothing comes to: one that is missing or refused stays so, another may answer next time. */
export const unreadTool = (failure: ToolFailure): Unread =>
  failure === 'failed' ? failed('tool-failed') : notSupported(failure);

export type ToolRecord = Readonly<Record<string, unknown>>;

/** What is an object among JSON values; a single object is one record, anything else none. */
export const recordsIn = (value: unknown): readonly ToolRecord[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (one): one is ToolRecord => typeof one === 'object' && one !== null && !Array.isArray(one),
  );

/** JSON of a tool as records: silence and empty lists are `empty`, text that is no JSON is unread. */
export const readRecords = (json: string): Reading<readonly ToolRecord[]> => {
  const text = json.replace(/^\uFEFF/, '').trim();
  if (text === '') return EMPTY;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed('tool-unread');
  }
  const records = recordsIn(value);
  if (records.length > 0) return told(records);
  // Lists of nothing (`[]`, `[null]`) name nothing; a number or a word is no answer to the question.
  const nothing = value === null || (Array.isArray(value) && value.every((one) => one === null));
  return nothing ? EMPTY : failed('tool-unread');
};

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Why WMI refused a class, by the name of its error: it is not there, its provider does not support it, or rights lack. */
export const refusedClass = (error: string): Unread => {
  if (/^(NotSupported|InvalidClass|InvalidNamespace|NotFound|MethodNotFound)$/i.test(error))
    return notSupported('not-supported');
  return /^AccessDenied$/i.test(error) ? notSupported('tool-blocked') : failed('tool-failed');
};
