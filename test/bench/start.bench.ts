import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import SqliteDatabase from 'better-sqlite3';
import { WebSocket } from 'ws';
import { STAFF_COOKIE } from '#server/people/access.http.ts';
import { roomSocketPath } from '#shared/wire/dashboard.ts';
import type { BenchRow } from './bench-row.ts';
import { type Build, baseBuild, median, THIS_BUILD } from './side-by-side.ts';
import { fillStartData, type StartData } from './start-data.ts';

const ATTEMPTS = 5_000;
const ENTRIES = 200;
const ROUNDS = 5;
const TOKEN = 'a'.repeat(43);
const GOALS = { start: 0.5, memory: 0.2 } as const;

interface Started {
  /** From the program's start to its `listening`, ms. */
  readonly listening: number;
  /** And to the first room's snapshot, ms. */
  readonly shown: number;
  readonly url: string;
  readonly server: ChildProcess;
}

/**
 * Start of a server that has 5,000 attempts of 200 entries: from the start of the program until a dashboard
 * shows the first room of thirty; once with every entry checked before, and once after a crash that left none
 * checked. And what it remembers of each attempt after every room was open once and none is any more.
 */
export const run = async (): Promise<readonly BenchRow[]> => {
  const base = baseBuild();
  const builds = base === null ? [THIS_BUILD] : [base, THIS_BUILD];
  const oldest = base ?? THIS_BUILD;
  const work = mkdtempSync(join(tmpdir(), 'atalaya-start-'));
  try {
    const first = folderOf(work, oldest);
    // The older build makes the data: the newer one must be able to open them.
    await stop((await start(oldest, work, null)).server);
    const data = fillStartData(first, TOKEN, { attempts: ATTEMPTS, entries: ENTRIES });
    if (base !== null) cpSync(first, folderOf(work, THIS_BUILD), { recursive: true });
    // Once unmeasured: a newer build brings the schema up to date.
    for (const build of builds) await stop((await start(build, work, data)).server);
    const rows: BenchRow[] = [];
    for (const checked of [true, false]) rows.push(...(await starts(builds, work, data, checked)));
    rows.push(...(await memories(builds, work, data)));
    return rows;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

const folderOf = (work: string, build: Build): string => join(work, build.name.replace(' ', '-'));

/** As a crash leaves it that came before any check, or as checks leave it. */
const mark = (folder: string, checked: boolean): void => {
  const sqlite = new SqliteDatabase(join(folder, 'atalaya.sqlite'));
  sqlite.prepare('UPDATE attempts SET verified_seq = ?').run(checked ? ENTRIES : 0);
  sqlite.close();
};

/** @param data whose first room is shown; null fills an empty folder with the demo. */
const start = async (build: Build, work: string, data: StartData | null): Promise<Started> => {
  const options = data === null ? [] : ['--no-demo'];
  const began = performance.now();
  const server = fork(
    join(build.root, 'server/main.ts'),
    ['--port', '0', '--data', folderOf(work, build), '--log', 'error', ...options],
    {
      execArgv: ['--expose-gc', '--import', join(import.meta.dirname, 'start-memory.ts')],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      cwd: build.root,
    },
  );
  const url = await new Promise<string>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`${build.name} ended with ${code}`)));
    createInterface({ input: server.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const said = JSON.parse(line) as { event: string; addresses: readonly string[] };
      if (said.event === 'listening') resolve(said.addresses[0] ?? '');
    });
  });
  const listening = performance.now() - began;
  if (data !== null) await open(url, data.roomId, data.sessions[0] ?? '');
  return { listening, shown: performance.now() - began, url, server };
};

/** Shows one room and leaves it. */
const open = async (url: string, roomId: string, sessionId: string): Promise<void> => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${roomSocketPath(roomId, sessionId)}`, {
    headers: { cookie: `${STAFF_COOKIE}=${TOKEN}` },
  });
  const [text] = (await once(socket, 'message')) as [Buffer];
  const said = JSON.parse(text.toString()) as { type: string; tiles?: readonly unknown[] };
  if (said.type !== 'snapshot' || said.tiles?.length === 0) throw new Error(text.toString());
  const closed = once(socket, 'close');
  socket.close();
  await closed;
};

const stop = async (server: ChildProcess): Promise<void> => {
  const gone = once(server, 'exit');
  server.kill('SIGKILL');
  await gone;
};

const starts = async (
  builds: readonly Build[],
  work: string,
  data: StartData,
  checked: boolean,
): Promise<readonly BenchRow[]> => {
  const shown = new Map<Build, number[]>(builds.map((build) => [build, []]));
  const listening = new Map<Build, number[]>(builds.map((build) => [build, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const build of builds) {
      mark(folderOf(work, build), checked);
      const started = await start(build, work, data);
      await stop(started.server);
      shown.get(build)?.push(started.shown);
      listening.get(build)?.push(started.listening);
    }
  }
  const state = checked ? 'all checked' : 'none checked';
  return builds.flatMap((build) => [
    {
      name: `${build.name}: start until it listens, ${state}`,
      value: median(listening.get(build) ?? []),
      unit: 'ms',
    },
    row(build, builds, shown, `start until the first room is shown, ${state}`, 'ms', GOALS.start),
  ]);
};

const memories = async (
  builds: readonly Build[],
  work: string,
  data: StartData,
): Promise<readonly BenchRow[]> => {
  const used = new Map<Build, number[]>();
  for (const build of builds) {
    mark(folderOf(work, build), true);
    const { server, url } = await start(build, work, data);
    const memory = async (): Promise<number> => {
      server.send('memory');
      const [answer] = (await once(server, 'message')) as [{ memory: number }];
      return answer.memory;
    };
    const before = await memory();
    for (const session of data.sessions.slice(1)) await open(url, data.roomId, session);
    // What nobody holds is gone, and whatever is decided some seconds later is decided.
    await memory();
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    used.set(build, [((await memory()) - before) / (ATTEMPTS - 30)]);
    await stop(server);
  }
  return builds.map((build) =>
    row(build, builds, used, 'memory per idle attempt that was shown', 'bytes', GOALS.memory),
  );
};

/** This build beside the other one, when there is another one. */
const row = (
  build: Build,
  builds: readonly Build[],
  values: ReadonlyMap<Build, readonly number[]>,
  what: string,
  unit: string,
  goal: number,
): BenchRow => {
  const value = median(values.get(build) ?? []);
  const plain = { name: `${build.name}: ${what}`, value, unit };
  const base = builds.find((other) => other !== THIS_BUILD);
  if (base === undefined || build !== THIS_BUILD) return plain;
  const ratio = value / median(values.get(base) ?? []);
  return { ...plain, ratio, goal: `<= ${goal} x base`, ok: ratio <= goal };
};
