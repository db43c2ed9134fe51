import type { OpenDatabase } from '#server/platform/sql/sqlite.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { CommandOutcome, EntryLog, LedgerHead, SealedEntry } from './ports.ts';

/** Attempts whose row number is remembered: more than ever sit at once. */
const MOST_NUMBERS = 1_000;

/**
 * The ledgers in SQLite. Prepared statements instead of the query builder, which halves the rate
 * here; WAL with synchronous=FULL, so that a resolved `append` survives a power cut.
 */
export const sqliteEntryLog = ({
  sqlite,
  exclusive,
}: Pick<OpenDatabase, 'sqlite' | 'exclusive'>): EntryLog => {
  const insert = sqlite.prepare<[number, number, string, number, string]>(
    'INSERT INTO entries (attempt_no, seq, hash, received_at, body) VALUES (?, ?, ?, ?, ?)',
  );
  const settle = sqlite.prepare<[string, number, string, string]>(
    `UPDATE commands SET state = ?, settled_at = ?
     WHERE id = ? AND attempt_id = ? AND state IN ('sent', 'delivered')`,
  );
  const after = sqlite.prepare<[number, number], { body: string }>(
    'SELECT body FROM entries WHERE attempt_no = ? AND seq > ? ORDER BY seq',
  );
  const hash = sqlite.prepare<[number, number], { hash: string }>(
    'SELECT hash FROM entries WHERE attempt_no = ? AND seq = ?',
  );
  const head = sqlite.prepare<[number], LedgerHead>(
    'SELECT seq, hash FROM entries WHERE attempt_no = ? ORDER BY seq DESC LIMIT 1',
  );
  const weight = sqlite
    .prepare<[number, number], number>(
      'SELECT coalesce(sum(length(body)), 0) FROM entries WHERE attempt_no = ? AND seq > ?',
    )
    .pluck();
  const verified = sqlite.prepare<[number, string]>(
    'UPDATE attempts SET verified_seq = ? WHERE id = ?',
  );
  const unverified = sqlite.prepare<[string, number], { id: string; open: number | null }>(
    `SELECT a.id, a.verified_seq < (SELECT max(e.seq) FROM entries e WHERE e.attempt_no = a.no) AS open
     FROM attempts a WHERE a.id > ? ORDER BY a.id LIMIT ?`,
  );

  const number = sqlite.prepare<[string], { no: number }>('SELECT no FROM attempts WHERE id = ?');
  const numbers = new Map<AttemptId, number>();
  const numberOf = (attemptId: AttemptId): number => {
    let no = numbers.get(attemptId);
    if (no === undefined) {
      no = number.get(attemptId)?.no;
      if (no === undefined) throw new Error('no such attempt');
      // A cache, of which nothing is missed: it need not know which are used.
      if (numbers.size >= MOST_NUMBERS) numbers.clear();
      numbers.set(attemptId, no);
    }
    return no;
  };

  const appendAll = sqlite.transaction(
    (entries: readonly SealedEntry[], outcomes: readonly CommandOutcome[], now: number): void => {
      for (const { entry, text } of entries) {
        const no = numberOf(entry.attemptId);
        try {
          insert.run(no, entry.seq, entry.hash, now, text);
        } catch (failure) {
          if (hash.get(no, entry.seq)?.hash !== entry.hash) throw failure;
        }
      }
      for (const outcome of outcomes) {
        settle.run(outcome.state, now, outcome.commandId, outcome.attemptId);
      }
    },
  );
  const saveAll = sqlite.transaction(
    (marks: readonly { readonly attemptId: AttemptId; readonly seq: number }[]): void => {
      for (const mark of marks) verified.run(mark.seq, mark.attemptId);
    },
  );

  return {
    append: (entries, outcomes, now) =>
      exclusive(() => appendAll.immediate(entries, outcomes, now)),
    read: async (attemptId, afterSeq) =>
      after.all(numberOf(attemptId), afterSeq).map((row) => JSON.parse(row.body) as LedgerEntry),
    hashAt: async (attemptId, seq) => hash.get(numberOf(attemptId), seq)?.hash ?? null,
    head: async (attemptId) => head.get(numberOf(attemptId)) ?? null,
    weight: async (attemptId, afterSeq) => weight.get(numberOf(attemptId), afterSeq) ?? 0,
    saveVerified: (marks) => exclusive(() => saveAll.immediate(marks)),
    unverified: async (afterId, count) => {
      const rows = unverified.all(afterId ?? '', count);
      return {
        found: rows.filter(({ open }) => open === 1).map(({ id }) => id as AttemptId),
        last: rows.length < count ? null : ((rows.at(-1)?.id ?? null) as AttemptId | null),
      };
    },
  };
};
