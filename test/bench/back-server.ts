import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Build } from './side-by-side.ts';

/** A server of a build in a process of its own. */
export interface BackServer {
  /** `http://…` */
  readonly url: string;
  /** Processor time that it has taken, ms; NaN where the system does not tell (Linux does). */
  cpuMs(): number;
  /** As a power cut. */
  kill(): Promise<void>;
  /** As an administrator does. */
  stop(): Promise<void>;
}

/** Clock ticks per second in `/proc`, the same on every Linux that Node runs on. */
const TICKS = 100;

const cpuOf = (pid: number | undefined): number => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS;
  } catch {
    return Number.NaN;
  }
};

const end = async (server: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  const gone = once(server, 'exit');
  server.kill(signal);
  await gone;
};

/** @param demo whether an empty folder gets the demo. */
export const startBack = async (
  build: Build,
  folder: string,
  demo: boolean,
): Promise<BackServer> => {
  const server: ChildProcess = fork(
    join(build.root, 'server/main.ts'),
    ['--port', '0', '--data', folder, '--log', 'error', ...(demo ? [] : ['--no-demo'])],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], cwd: build.root },
  );
  const url = await new Promise<string>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`${build.name} ended with ${code}`)));
    createInterface({ input: server.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const said = JSON.parse(line) as { event: string; addresses: readonly string[] };
      if (said.event === 'listening') resolve(said.addresses[0] ?? '');
    });
  });
  return {
    url,
    cpuMs: () => cpuOf(server.pid),
    kill: () => end(server, 'SIGKILL'),
    stop: () => end(server, 'SIGTERM'),
  };
};
