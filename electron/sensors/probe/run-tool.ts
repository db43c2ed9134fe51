import { execFile } from 'node:child_process';

/** What a tool printed and how it ended. */
export interface ToolRun {
  /** `missing`, `blocked`: it could not be started. `abandoned`: it was killed, or printed too much. */
  readonly exit: number | 'missing' | 'blocked' | 'abandoned';
  readonly stdout: string;
  /** What it complained of. Of a network's tool never shown or logged: it may repeat a network's name. */
  readonly stderr: string;
}

/** Runs a tool of the system. Tests put recorded output in its place. */
export type RunSystemTool = (
  file: string,
  args: readonly string[],
  signal: AbortSignal,
  /** Typed into it; passwords go this way and never among the arguments, which every program may read. */
  input?: string,
) => Promise<ToolRun>;

/** Output beyond this is no listing of one machine, bytes. */
const MAX_BYTES = 4 * 1024 * 1024;
const BLOCKED: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'UNKNOWN']);

/** Without a shell, in English where the tool can, without a window; killed when `signal` aborts. Never rejects. */
export const runSystemTool: RunSystemTool = (file, args, signal, input = '') =>
  new Promise((resolve) => {
    const child = execFile(
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
      (failure, stdout, stderr) => {
        if (failure === null) return resolve({ exit: 0, stdout, stderr });
        const { code } = failure;
        if (typeof code === 'number') return resolve({ exit: code, stdout, stderr });
        const exit = String(code) === 'ENOENT' ? 'missing' : BLOCKED.has(code) ? 'blocked' : null;
        resolve({ exit: exit ?? 'abandoned', stdout, stderr });
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
