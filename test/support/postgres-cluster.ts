import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const SYSTEM = '/usr/lib/postgresql';
const USER = 'atalaya';

/** Folder of the programs of the newest PostgreSQL that the system's packages brought; null without one. */
export const postgresPrograms = (): string | null => {
  if (!existsSync(SYSTEM)) return null;
  const found = readdirSync(SYSTEM)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(SYSTEM, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  return found ?? null;
};

/** PostgreSQL refuses to be run by root. */
const unprivileged = (): { readonly uid: number; readonly gid: number } | null => {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string): number =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
};

/** A PostgreSQL server of this test alone: own folder, own socket, no network. */
export class PostgresCluster {
  readonly #programs: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'atalaya-pg-'));
  readonly #user = unprivileged();
  readonly #settings: readonly string[];
  #server: ChildProcess | null = null;

  private constructor(programs: string, durable: boolean) {
    this.#programs = programs;
    const quick = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
    this.#settings = [
      'listen_addresses=',
      `unix_socket_directories=${this.#folder}`,
      'shared_buffers=32MB',
      'max_connections=60',
      'autovacuum=off',
      ...(durable ? [] : quick),
    ];
  }

  /** @param durable as a university runs it; otherwise faster and good for what survives no power cut. */
  static async start(programs: string, durable = false): Promise<PostgresCluster> {
    const cluster = new PostgresCluster(programs, durable);
    if (cluster.#user !== null) chownSync(cluster.#folder, cluster.#user.uid, cluster.#user.gid);
    const data = join(cluster.#folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    if (cluster.#user !== null) chownSync(data, cluster.#user.uid, cluster.#user.gid);
    // Words in the order of a Spanish dictionary, as a university would have them; bytes elsewhere.
    const locale = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=es'];
    execFileSync(
      join(programs, 'initdb'),
      ['-D', data, '-U', USER, '--auth=trust', '-E', 'UTF8', '--no-sync', ...locale],
      { ...cluster.#as(), stdio: ['ignore', 'ignore', 'inherit'] },
    );
    await cluster.run();
    return cluster;
  }

  /** Starts the server on its data and waits until it lets somebody in. */
  async run(): Promise<void> {
    const args = ['-D', join(this.#folder, 'data'), ...this.#settings.flatMap((s) => ['-c', s])];
    const program = join(this.#programs, 'postgres');
    // Dies with whoever started it, also when that one is killed.
    const [file, ...before] = existsSync('/usr/bin/setpriv')
      ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', program]
      : [program];
    this.#server = spawn(file ?? program, [...before, ...args], { ...this.#as(), stdio: 'ignore' });
    const deadline = Date.now() + 30_000;
    for (;;) {
      try {
        await this.sql('postgres', 'SELECT 1');
        return;
      } catch (failure) {
        if (Date.now() > deadline) throw failure;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  /** `SIGQUIT` ends it at once, as a crash does; `SIGINT` after it told its clients. */
  async stop(signal: 'SIGQUIT' | 'SIGINT' | 'SIGKILL'): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  url(database: string): string {
    return `postgres://${USER}@/${database}?host=${encodeURIComponent(this.#folder)}`;
  }

  /** Runs a statement as the owner of everything. */
  async sql(database: string, text: string): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(text)).rows as unknown[];
    } finally {
      await client.end().catch(() => {});
    }
  }

  async remove(): Promise<void> {
    await this.stop('SIGQUIT');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #as() {
    return { cwd: this.#folder, ...(this.#user ?? {}) };
  }
}
