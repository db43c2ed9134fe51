import { execFile } from 'node:child_process';

/** How a tool of the system ended. */
export interface ToolResult {
  /** Its exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a tool of the system, never through a shell. @throws ToolMissing, ToolHung. */
export type RunTool = (args: readonly string[]) => Promise<ToolResult>;

/** The tool is not on this machine, or may not be run. */
export class ToolMissing extends Error {
  override readonly name = 'ToolMissing';
}

/** The tool was started and did not answer: the next call would not either. */
export class ToolHung extends Error {
  override readonly name = 'ToolHung';
}

/** Whether it makes sense to go on with this tool. */
export const toolIsLost = (error: unknown): boolean =>
  error instanceof ToolMissing || error instanceof ToolHung;

/** A tool that has not answered by then is not going to, ms. */
const TIMEOUT_MS = 5_000;

/**
 * @param program its name on the PATH, or its absolute path.
 * @param environment of the tool; this process's own when absent.
 */
export const toolRunner =
  (program: string, environment: NodeJS.ProcessEnv = process.env): RunTool =>
  (args) =>
    new Promise((resolve, reject) => {
      execFile(
        program,
        [...args],
        // Tools translate their sentences; the parsers read values only, but the log should be one language.
        { timeout: TIMEOUT_MS, windowsHide: true, env: { ...environment, LC_ALL: 'C.UTF-8' } },
        (error, stdout, stderr) => {
          if (error === null) resolve({ code: 0, stdout, stderr });
          else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
          else if (error.killed === true) reject(new ToolHung(`${program} did not answer`));
          else reject(new ToolMissing(`${program}: ${error.code ?? error.message}`));
        },
      );
    });
