import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DemoCredentials } from '#server/demo/demo.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface ServerProcess {
  readonly url: string;
  /** The demo's log-ins; only on a new data folder. */
  readonly credentials: DemoCredentials | null;
  /** kill -9: nothing is flushed, nobody is told. */
  kill(): Promise<void>;
  /** SIGTERM. @returns the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `server/main.ts` as its own process on a free port and waits until it listens. */
export const startServerProcess = async (
  dataFolder: string,
  args: readonly string[] = [],
): Promise<ServerProcess> => {
  const child: ChildProcess = spawn(
    process.execPath,
    [
      join(ROOT, 'server/main.ts'),
      '--port',
      '0',
      '--data',
      dataFolder,
      '--log',
      'error',
      '--show-log-ins',
      ...args,
    ],
    // Its own pipes: a server that a failed test forgot would hold the test run's open, which then never ends.
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOST: '127.0.0.1' } },
  );
  if (child.stdout === null) throw new Error('no standard output');
  child.stderr?.pipe(process.stderr, { end: false });
  const endWithTests = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithTests);
  child.once('exit', () => process.off('exit', endWithTests));
  const lines = createInterface({ input: child.stdout });
  let credentials: DemoCredentials | null = null;
  const gone = once(child, 'exit');
  for await (const line of lines) {
    const said = JSON.parse(line) as { event: string; addresses?: readonly string[] };
    if (said.event === 'demo') credentials = said as unknown as DemoCredentials;
    const url = said.addresses?.[0];
    if (said.event !== 'listening' || url === undefined) continue;
    return {
      url,
      credentials,
      kill: async () => {
        child.kill('SIGKILL');
        await gone;
      },
      stop: async () => {
        child.kill('SIGTERM');
        await gone;
        return child.exitCode;
      },
    };
  }
  throw new Error(`the server ended with ${child.exitCode} before it listened`);
};
