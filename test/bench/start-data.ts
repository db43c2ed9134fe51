import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { tokenHash } from '#server/platform/tokens.ts';
import type { JsonObject } from '#shared/ledger/entry.ts';
import { sealedLedger } from './ingest-ledgers.ts';
import { benchKey } from './ingest-setup.ts';

/** What a filled data folder holds. */
export interface StartData {
  readonly roomId: string;
  /** One room of thirty, one session after the other. */
  readonly sessions: readonly string[];
}

const SEATS = 30;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Fills the database of a fresh demo with attempts of the past, by SQL that every build's schema understands.
 * @param token a staff session that is open: passwords are slow on purpose.
 */
export const fillStartData = (
  dataFolder: string,
  token: string,
  size: { readonly attempts: number; readonly entries: number },
): StartData => {
  const sqlite = new SqliteDatabase(join(dataFolder, 'atalaya.sqlite'));
  sqlite.pragma('synchronous = OFF');
  const one = <T>(sql: string): T => sqlite.prepare(sql).get() as T;
  const key = benchKey();
  sqlite
    .prepare(
      'INSERT INTO devices (id, name, public_key, token_hash, enrolled_at) VALUES (?, ?, ?, ?, ?)',
    )
    .run('device-1', 'PC', key.publicKey, 'x', 0);
  const staff = one<{ id: string }>("SELECT id FROM staff WHERE role = 'coordinator'");
  sqlite
    .prepare(
      'INSERT INTO staff_sessions (token_hash, staff_id, opened_at, last_seen_at) VALUES (?, ?, ?, ?)',
    )
    .run(tokenHash(token), staff.id, Date.now(), Date.now() + 60 * 60_000);
  const sessions = seat(sqlite, size.attempts);

  const { policy } = one<{ policy: string }>('SELECT policy FROM exams');
  const insert = sqlite.prepare(
    'INSERT INTO entries (attempt_no, seq, hash, received_at, body) VALUES (?, ?, ?, ?, ?)',
  );
  const write = sqlite.transaction((no: number, attemptId: string, sessionId: string) => {
    const opening = {
      deviceId: 'device-1',
      sessionId,
      publicKey: key.publicKey,
      host: { kind: 'fake', version: '1', build: null },
      coverage: {},
      policy: JSON.parse(policy) as JsonObject,
      identity: { check: 'by-hand', enrolled: false, challenge: false },
    };
    const ledger = sealedLedger({ attemptId, opening, privateKey: key.privateKey }, size.entries);
    for (const entry of ledger) insert.run(no, entry.seq, entry.hash, 0, JSON.stringify(entry));
  });
  const rows = sqlite.prepare('SELECT no, id, session_id FROM attempts').all();
  for (const { no, id, session_id } of rows as { no: number; id: string; session_id: string }[]) {
    write(no, id, session_id);
  }
  const { room_id } = one<{ room_id: string }>('SELECT room_id FROM sessions');
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
  return { roomId: room_id, sessions };
};

/** Copies the demo's first session, with who sits there, until there are enough attempts; nothing else stays. */
const seat = (sqlite: SqliteDatabase.Database, attempts: number): readonly string[] => {
  const columns = (table: string, without: readonly string[]): string =>
    sqlite
      .prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
      .pluck()
      .all(table)
      .filter((name) => !without.includes(name))
      .join();
  const [others, sitting] = [
    columns('sessions', ['id', 'starts_at', 'ends_at']),
    columns('attempts', ['no', 'id', 'session_id', 'camera_exempt']),
  ];
  const [first = ''] = sqlite
    .prepare<[], string>('SELECT session_id FROM attempts GROUP BY 1 ORDER BY count(*) DESC')
    .pluck()
    .all();
  const sessions: string[] = [first];
  sqlite.transaction(() => {
    sqlite.prepare('DELETE FROM attempts WHERE session_id <> ?').run(first);
    sqlite.prepare('DELETE FROM sessions WHERE id <> ?').run(first);
    while (sessions.length * SEATS < attempts) {
      const id = `session-bench-${sessions.length}`;
      const before = sessions.length * DAY_MS;
      sqlite
        .prepare(
          `INSERT INTO sessions (id, starts_at, ends_at, ${others})
           SELECT ?, starts_at - ?, ends_at - ?, ${others} FROM sessions WHERE id = ?`,
        )
        .run(id, before, before, first);
      sqlite
        .prepare(
          `INSERT INTO attempts (id, session_id, ${sitting})
           SELECT 'attempt-' || lower(hex(randomblob(16))), ?, ${sitting} FROM attempts
           WHERE session_id = ?`,
        )
        .run(id, first);
      sessions.push(id);
    }
    sqlite
      .prepare(
        "UPDATE attempts SET extra_ms = 0, accommodations = '[]', device_id = 'device-1', verified_seq = 0",
      )
      .run();
    sqlite.prepare("UPDATE sessions SET identity_check = 'by-hand', challenge = 0").run();
  })();
  return sessions;
};
