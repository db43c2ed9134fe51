import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { WebSocket } from 'ws';
import { tokenHash } from '#server/platform/tokens.ts';
import { hashInput } from '#shared/chain/chain.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { KIOSK_SOCKET_PATH, PROTOCOL } from '#shared/wire/kiosk-socket.ts';
import { type BackServer, startBack } from './back-server.ts';
import type { BenchRow } from './bench-row.ts';
import { type Build, baseBuild, median, THIS_BUILD } from './side-by-side.ts';
import { fillStartData } from './start-data.ts';

const KIOSKS = 5_000;
const ENTRIES = 200;
/** So many entries before the restart the server was asked for each attempt for the last time, as it is now and then. */
const BEFORE = 32;
const ROUNDS = 3;
const GOAL = 0.5;
/** Files that this process and the server need besides their sockets. */
const OTHER_FILES = 500;
/** All come within this time, as the courier's first try after a lost connection does, ms. */
const WITHIN_MS = 3_000;
/** So long they stay before the restart, ms: whatever a server does of itself when it is quiet is done. */
const STAY_MS = 20_000;
/** Whose connection is lost comes again within this, ms. */
const AGAIN_MS = 1_000;

/** One kiosk as the server knows it, and the entry that it writes when it is back. */
interface Returning {
  readonly attemptId: string;
  readonly token: string;
  readonly entry: LedgerEntry;
}

interface Back {
  /** Until the last is welcomed, and until the last has its entry acknowledged, ms since the first asked. */
  readonly welcomedMs: number;
  readonly ackedMs: number;
  /** Processor time of the server meanwhile, ms. */
  readonly cpuMs: number;
  /** Connections that were lost on the way, and made again. */
  readonly cut: number;
}

/** How many sockets fit into what the system lets one process open. */
const fitting = (): number => {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return limit === 'unlimited' ? KIOSKS : Math.min(KIOSKS, Number(limit) - OTHER_FILES);
};

/**
 * A server that was restarted, and all kiosks of a university come back within three seconds: until each is
 * welcomed and the entry by which it says that it was off line is acknowledged. Every entry was checked before, and
 * each build had all these kiosks before the restart too, some entries earlier: it remembers what it remembers of them.
 */
export const run = async (): Promise<readonly BenchRow[]> => {
  const base = baseBuild();
  const builds = base === null ? [THIS_BUILD] : [base, THIS_BUILD];
  const kiosks = fitting();
  const work = mkdtempSync(join(tmpdir(), 'atalaya-back-'));
  const folderOf = ({ name }: Build) => join(work, name.replace(' ', '-'));
  try {
    const oldest = base ?? THIS_BUILD;
    const first = folderOf(oldest);
    await (await startBack(oldest, first, true)).kill();
    fillStartData(first, 'a'.repeat(43), { attempts: kiosks, entries: ENTRIES });
    const [earlier, returning] = giveTokens(first, kiosks);
    if (base !== null) cpSync(first, folderOf(THIS_BUILD), { recursive: true });
    // Once unmeasured: a newer build brings the schema up to date, and each gets to know the kiosks.
    for (const build of builds) {
      const later = join(work, 'later.sqlite');
      takeAway(folderOf(build), later);
      const server = await startBack(build, folderOf(build), false);
      await comeBack(server, earlier, STAY_MS);
      await server.stop();
      putBack(folderOf(build), later);
    }
    const found = new Map<Build, Back[]>(builds.map((build) => [build, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const build of builds) {
        asBefore(folderOf(build));
        const server = await startBack(build, folderOf(build), false);
        try {
          found.get(build)?.push(await comeBack(server, returning));
        } finally {
          await server.kill();
        }
      }
    }
    return rowsOf(builds, found, returning.length);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};

/** Gives each attempt its examinee's token. @returns what each kiosk knows at its last but `BEFORE` entry, and at its last. */
const giveTokens = (
  folder: string,
  kiosks: number,
): readonly [readonly Returning[], readonly Returning[]] => {
  const sqlite = new SqliteDatabase(join(folder, 'atalaya.sqlite'));
  try {
    const insert = sqlite.prepare(
      'INSERT INTO examinee_tokens (token_hash, attempt_id, device_id, issued_at, expires_at) VALUES (?, ?, ?, 0, ?)',
    );
    const entriesAt = (seq: number): readonly LedgerEntry[] =>
      sqlite
        .prepare<[number, number], string>(
          'SELECT body FROM entries WHERE seq = ? ORDER BY attempt_no LIMIT ?',
        )
        .pluck()
        .all(seq, kiosks)
        .map((body) => JSON.parse(body) as LedgerEntry);
    const tokenOf = (i: number): string => `kiosk-${i}-`.padEnd(43, 'x');
    // They are where they were.
    sqlite.prepare("UPDATE attempts SET address = 'loopback'").run();
    const last = entriesAt(ENTRIES);
    sqlite.transaction(() => {
      for (const [i, { attemptId }] of last.entries())
        insert.run(tokenHash(tokenOf(i)), attemptId, 'device-1', Date.now() * 2);
    })();
    const returning = (entry: LedgerEntry, i: number): Returning => ({
      attemptId: entry.attemptId,
      token: tokenOf(i),
      entry,
    });
    return [entriesAt(ENTRIES - BEFORE).map(returning), last.map(after).map(returning)];
  } finally {
    sqlite.close();
  }
};

const after = (head: LedgerEntry): LedgerEntry => {
  const draft = {
    attemptId: head.attemptId,
    seq: head.seq + 1,
    t: head.t + 5_000,
    wall: head.wall + 5_000,
    type: 'observation',
    data: { kind: 'connectivity-lost', phase: 'ended', t: head.t + 5_000, facts: {} },
    previous: head.hash,
  };
  return { ...draft, hash: hash('sha256', hashInput(draft), 'hex') };
};

/** Takes the last entries of each attempt away, into a file of their own. */
const takeAway = (folder: string, later: string): void => {
  rmSync(later, { force: true });
  changing(folder, later, (sqlite) => {
    sqlite
      .prepare('CREATE TABLE later.entries AS SELECT * FROM main.entries WHERE seq >= ?')
      .run(ENTRIES - BEFORE);
    sqlite.prepare('DELETE FROM main.entries WHERE seq >= ?').run(ENTRIES - BEFORE);
    sqlite.prepare('UPDATE attempts SET verified_seq = ?').run(ENTRIES - BEFORE - 1);
  });
};

const putBack = (folder: string, later: string): void =>
  changing(folder, later, (sqlite) => {
    sqlite.exec('INSERT OR IGNORE INTO main.entries SELECT * FROM later.entries');
  });

const changing = (
  folder: string,
  later: string,
  change: (sqlite: SqliteDatabase.Database) => void,
): void => {
  const sqlite = new SqliteDatabase(join(folder, 'atalaya.sqlite'));
  sqlite.prepare('ATTACH ? AS later').run(later);
  change(sqlite);
  sqlite.close();
};

/** What the rounds before left is taken away again. */
const asBefore = (folder: string): void => {
  const sqlite = new SqliteDatabase(join(folder, 'atalaya.sqlite'));
  sqlite.prepare('DELETE FROM entries WHERE seq > ?').run(ENTRIES);
  // A fold of what is gone would say that somebody took it away.
  sqlite.prepare('DELETE FROM folds WHERE seq > ?').run(ENTRIES);
  sqlite.prepare('UPDATE attempts SET verified_seq = ?').run(ENTRIES);
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
};

/** @param stayMs how long they stay when the last has its acknowledgement. */
const comeBack = async (
  server: BackServer,
  returning: readonly Returning[],
  stayMs = 0,
): Promise<Back> => {
  const url = `${server.url.replace('http', 'ws')}${KIOSK_SOCKET_PATH}`;
  const cpuBefore = server.cpuMs();
  const began = performance.now();
  let welcomedMs = 0;
  let cut = 0;
  const sockets = new Set<WebSocket>();
  /** @returns whether its entry was acknowledged; else the connection was lost, and it comes again. */
  const connect = ({ attemptId, token, entry }: Returning): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        resolve(false);
      });
      socket.on('open', () =>
        socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL, token, attemptId })),
      );
      socket.on('message', (data) => {
        const said = JSON.parse(data.toString()) as { type: string; seq?: number };
        if (said.type === 'welcome') {
          welcomedMs = performance.now() - began;
          socket.send(JSON.stringify({ type: 'entries', entries: [entry] }));
        } else if (said.type === 'ack' && (said.seq ?? 0) >= entry.seq) resolve(true);
        else if (said.type === 'refused') reject(new Error(data.toString()));
      });
    });
  try {
    await Promise.all(
      returning.map(async (one, i) => {
        await new Promise((resolve) => setTimeout(resolve, (i * WITHIN_MS) / returning.length));
        while (!(await connect(one))) {
          cut += 1;
          await new Promise((resolve) => setTimeout(resolve, AGAIN_MS * Math.random()));
        }
      }),
    );
    const ackedMs = performance.now() - began;
    const cpuMs = server.cpuMs() - cpuBefore;
    await new Promise((resolve) => setTimeout(resolve, stayMs));
    return { welcomedMs, ackedMs, cpuMs, cut };
  } finally {
    for (const socket of sockets) socket.terminate();
  }
};

const rowsOf = (
  builds: readonly Build[],
  found: ReadonlyMap<Build, readonly Back[]>,
  kiosks: number,
): readonly BenchRow[] => {
  const value = (build: Build, of: keyof Back): number =>
    median((found.get(build) ?? []).map((one) => one[of]));
  const base = builds.find((build) => build !== THIS_BUILD);
  const row = (build: Build, of: keyof Back, what: string): BenchRow => {
    const plain = {
      name: `${build.name}: ${kiosks} kiosks back, ${what}`,
      value: value(build, of),
      unit: 'ms',
    };
    if (base === undefined || build !== THIS_BUILD) return plain;
    const ratio = plain.value / value(base, of);
    return { ...plain, ratio, goal: `<= ${GOAL} x base`, ok: ratio <= GOAL };
  };
  return builds.flatMap((build) => [
    row(build, 'welcomedMs', 'all welcomed'),
    row(build, 'ackedMs', 'all acknowledged'),
    row(build, 'cpuMs', 'processor time'),
    {
      name: `${build.name}: connections lost on the way`,
      value: value(build, 'cut'),
      unit: '',
    },
  ]);
};
