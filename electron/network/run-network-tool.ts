import { execFile } from 'node:child_process';

/** What a tool printed and how it ended. */
export interface ToolRun {
  /** null: it could not be started (`missing`, `blocked`) or was abandoned. */
  readonly exit: number | 'missing' | 'blocked' | 'abandoned';
  readonly stdout: string;
  /** What it complained of. Never shown or logged: it may repeat a network's name. */
  readonly stderr: string;
}

/** Runs a tool of the system. Tests put recorded output in its place. */
export type RunNetworkTool = (
  file: string,
  args: readonly string[],
  signal: AbortSignal,
  /** Typed into it; passwords go this way and never among the arguments, which every program may read. */
  input?: string,
) => Promise<ToolRun>;

const MAX_BYTES = 512 * 1024;
const BLOCKED: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'UNKNOWN']);

/** Without a shell, in English where the tool can, without a window; killed when `signal` aborts. Never rejects. */
export const runNetworkTool: RunNetworkTool = (file, args, signal, input = '') =>
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

/** Names that a network may have: whatever is longer or has control characters is none that can be asked for. */
export const isNetworkName = (name: string): boolean =>
  name !== '' && name.length <= 32 && !/\p{Cc}/u.test(name);
