import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ToolFailure } from './system-tool.ts';

/** A question that the host did not answer, and why. */
export class PowerShellError extends Error {
  readonly failure: ToolFailure;
  constructor(failure: ToolFailure, detail = '') {
    super(`powershell: ${failure} ${detail}`.trim());
    this.failure = failure;
  }
}

/**
 * One PowerShell that stays, since starting one costs half a second of processor time. It reads commands
 * from its input, which policy leaves open even where it allows the restricted language only.
 */
export interface PowerShellHost {
  /**
   * Runs one line and gives what it printed. One question at a time; others wait their turn.
   * @throws PowerShellError when PowerShell is missing, refused, or died; when `signal` aborts it is ended, and
   * the next question starts another.
   */
  ask(line: string, signal: AbortSignal): Promise<string>;
  close(): void;
}

export interface PowerShellOptions {
  /** Lines that define what the questions use; run once in each new PowerShell. */
  readonly prelude: readonly string[];
  /** The program to start; for tests. */
  readonly command?: readonly [string, ...string[]];
}

const COMMAND = [
  'powershell.exe',
  '-NoLogo',
  '-NoProfile',
  '-NonInteractive',
  '-Command',
  '-',
] as const;
const UTF8 = 'try { [Console]::OutputEncoding = [Text.Encoding]::UTF8 } catch { }';

const failureOf = (error: unknown): ToolFailure => {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return 'tool-missing';
  return code === 'EACCES' || code === 'EPERM' || code === 'UNKNOWN' ? 'tool-blocked' : 'failed';
};

/** A line that ends an answer. */
const endOf = (number: number): string => `@@atalaya ${number}@@`;

export const createPowerShellHost = (options: PowerShellOptions): PowerShellHost => {
  const [program, ...args] = options.command ?? COMMAND;
  let child: ChildProcess | null = null;
  let questions = 0;
  let turn: Promise<unknown> = Promise.resolve();
  let hear: ((line: string) => void) | null = null;
  let giveUp: ((failure: PowerShellError) => void) | null = null;

  const end = (): void => {
    child?.kill('SIGKILL');
    child = null;
  };

  const started = (): ChildProcess => {
    if (child !== null) return child;
    const one = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
    const lost = (failure: ToolFailure): void => {
      if (child !== one) return;
      child = null;
      giveUp?.(new PowerShellError(failure));
    };
    one.once('error', (error) => lost(failureOf(error)));
    // Policy that forbids it ends it at once.
    one.once('exit', () => lost('tool-blocked'));
    // A pipe that breaks says the same as the exit behind it.
    one.stdin?.on('error', () => undefined);
    if (one.stdout !== null) {
      createInterface({ input: one.stdout }).on('line', (line) => {
        if (child === one) hear?.(line);
      });
    }
    child = one;
    for (const line of [UTF8, ...options.prelude]) one.stdin?.write(`${line}\n`);
    return one;
  };

  const answer = (line: string, signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new PowerShellError('failed', 'too late'));
        return;
      }
      questions += 1;
      const last = endOf(questions);
      const lines: string[] = [];
      const settle = (): void => {
        hear = null;
        giveUp = null;
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        settle();
        // It may hang in this question for ever: the next one gets another PowerShell.
        end();
        reject(new PowerShellError('failed', 'abandoned'));
      };
      hear = (text) => {
        if (text.trim() !== last) {
          lines.push(text);
          return;
        }
        settle();
        resolve(lines.join('\n'));
      };
      giveUp = (failure) => {
        settle();
        reject(failure);
      };
      signal.addEventListener('abort', onAbort);
      started().stdin?.write(`${line}\nWrite-Output '${last}'\n`);
    });

  return {
    ask: (line, signal) => {
      const next = turn.then(() => answer(line, signal));
      turn = next.catch(() => undefined);
      return next;
    },
    close: end,
  };
};
