import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../..');
/** A server that is not up by then will not come, ms. */
const START_MS = 30_000;

export interface DemoCredentials {
  readonly staff: readonly {
    readonly user: string;
    readonly password: string;
    readonly role: string;
  }[];
  readonly enrolmentCodes: readonly string[];
  readonly examinees: readonly {
    readonly name: string;
    readonly document: string;
    readonly accessCode: string;
  }[];
}

export interface ServerProcess {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly credentials: DemoCredentials;
  readonly process: ChildProcess;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the real server in a process of its own on a free port, with a fresh demo university.
 * @param dataFolder an empty folder. @param pagesFolder the built pages to serve.
 * @param identity how every room checks identity; as the demo has it when left out.
 * @param clip whether a clip is judged: then the exam counts from its first moment on.
 * @throws with the server's own complaint when it does not come up.
 */
export const startServer = (
  dataFolder: string,
  pagesFolder: string,
  identity?: 'by-hand' | 'face' | 'face-with-turns',
  clip = false,
): Promise<ServerProcess> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        'server/main.ts',
        '--port',
        '0',
        '--data',
        dataFolder,
        '--pages',
        pagesFolder,
        '--log',
        'warn',
        '--show-log-ins',
        ...(identity === undefined ? [] : ['--demo-identity', identity]),
        ...(clip ? ['--demo-clip'] : []),
      ],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      complaints = `${complaints}${chunk}`.slice(-4_000);
    });
    const gone = new Promise<void>((done) => child.once('close', () => done()));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The server did not start in time. ${complaints}`));
    }, START_MS);
    void gone.then(() => reject(new Error(`The server ended. ${complaints}`)));
    let credentials: DemoCredentials | null = null;
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as { event: string; addresses?: string[] } & DemoCredentials;
      if (line.event === 'demo') credentials = line;
      if (line.event !== 'listening') return;
      clearTimeout(timer);
      const origin = line.addresses?.[0];
      if (credentials === null || origin === undefined)
        return reject(new Error('The server gave no demo log-ins.'));
      resolve({
        origin,
        credentials,
        process: child,
        stop: async () => {
          child.kill('SIGTERM');
          await gone;
        },
      });
    });
  });
