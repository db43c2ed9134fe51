// A child of the ingest bench: commits per second, raw and through the ingest, on the same disk.

import { NOTHING_FOLDED } from '#server/record/attempt-fold.ts';
import { effectivePolicy } from '#server/record/given-out.ts';
import { ingest } from '#server/record/ingest.ts';
import { advance, type LiveAttempt } from '#server/record/live-attempt.ts';
import { liveAttempts } from '#server/record/live-attempts.ts';
import { recordFacts } from '#server/record/record-facts.ts';
import { roomHub } from '#server/room/room-hub.ts';
import type { AttemptId, DeviceId } from '#shared/kernel/ids.ts';
import type { JsonObject, LedgerEntry } from '#shared/ledger/entry.ts';
import { sealedLedger } from './ingest-ledgers.ts';
import { benchKey, benchServer } from './ingest-setup.ts';

const ATTEMPTS = 100;
const PER_ATTEMPT = 200;
const ROUNDS = 5;

const server = await benchServer(ATTEMPTS * 2);
const { sqlite } = server.database;
const { registry, records, folds, entryLog: log, clock } = server.deps;
const key = benchKey();
sqlite
  .prepare(
    'INSERT INTO devices (id, name, public_key, token_hash, enrolled_at) VALUES (?, ?, ?, ?, ?)',
  )
  .run('device-1', 'PC', key.publicKey, 'x', 0);
sqlite.prepare("UPDATE attempts SET device_id = 'device-1'").run();

const attempts = liveAttempts({
  registry,
  records,
  log,
  folds,
  tampered: () => {},
  loaded: () => {},
});
const silent = () => {};
const facts = recordFacts(silent);
facts.listen(
  roomHub({
    registry,
    attempts,
    judgeBuild: () => 'not-checked',
    storageFailed: () => false,
    clock,
  }),
);
const intake = ingest({
  log,
  clock,
  chain: {
    altered: silent,
    broken: silent,
    contradicted: async () => {},
    gap: silent,
    full: silent,
  },
  attempts,
  facts,
  serverLog: silent,
});

const ids = sqlite.prepare<[], string>('SELECT id FROM attempts ORDER BY id').pluck().all();
const numbers = new Map(
  sqlite
    .prepare<[], { id: string; no: number }>('SELECT id, no FROM attempts')
    .all()
    .map(({ id, no }) => [id, no]),
);
const ledgerOf = async (
  id: string,
): Promise<{ live: LiveAttempt; entries: readonly LedgerEntry[] }> => {
  const live = await attempts.load(id as AttemptId);
  if (live === null) throw new Error('no such attempt');
  const opening = {
    deviceId: 'device-1' as DeviceId,
    sessionId: live.registration.sessionId,
    publicKey: key.publicKey,
    host: { kind: 'fake', version: '1', build: null },
    coverage: {},
    policy: effectivePolicy(live.registration),
  } as unknown as JsonObject;
  return {
    live,
    entries: sealedLedger({ attemptId: id, opening, privateKey: key.privateKey }, PER_ATTEMPT),
  };
};

const rate = async (work: () => Promise<number>): Promise<number> => {
  const started = performance.now();
  const events = await work();
  return (events * 1_000) / (performance.now() - started);
};

/** 100 rows in one transaction, one after the other: what the disk and SQLite give. */
const raw = async (entries: readonly (readonly LedgerEntry[])[]): Promise<number> => {
  const insert = sqlite.prepare(
    'INSERT INTO entries (attempt_no, seq, hash, received_at, body) VALUES (?, ?, ?, ?, ?)',
  );
  const hundred = sqlite.transaction(
    (rows: readonly (readonly [LedgerEntry, number, string])[]) => {
      for (const [entry, no, body] of rows) insert.run(no, entry.seq, entry.hash, 0, body);
    },
  );
  const texts = turns(entries).map((turn) =>
    turn.map((entry) => [entry, numbers.get(entry.attemptId) ?? 0, JSON.stringify(entry)] as const),
  );
  return rate(async () => {
    for (const turn of texts) hundred.immediate(turn);
    return texts.length * ATTEMPTS;
  });
};

/** The n-th entry of every attempt: what comes in one turn. */
const turns = (entries: readonly (readonly LedgerEntry[])[]): readonly (readonly LedgerEntry[])[] =>
  Array.from({ length: entries[0]?.length ?? 0 }, (_, n) =>
    entries.flatMap((ledger) => ledger[n] ?? []),
  );

const through = (
  ledgers: readonly { readonly live: LiveAttempt; readonly entries: readonly LedgerEntry[] }[],
): Promise<number> =>
  rate(async () => {
    for (let n = 0; n < PER_ATTEMPT; n += 1) {
      let left = ledgers.length;
      await new Promise<void>((resolve, reject) => {
        for (const { live, entries } of ledgers) {
          const entry = entries[n];
          if (entry === undefined) continue;
          intake.submit(live, [entry], {
            settled: ({ ack }) => {
              if (ack === null) reject(new Error('refused'));
              left -= 1;
              if (left === 0) resolve();
            },
          });
        }
      });
    }
    return PER_ATTEMPT * ledgers.length;
  });

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const wipe = (): void => {
  sqlite.exec('DELETE FROM entries');
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
};

const rawRates: number[] = [];
const ingestRates: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const from = round % 2 === 0 ? 0 : ATTEMPTS;
  const ledgers = await Promise.all(ids.slice(from, from + ATTEMPTS).map(ledgerOf));
  rawRates.push(await raw(ledgers.map(({ entries }) => entries)));
  wipe();
  for (const { live } of ledgers) advance(live, NOTHING_FOLDED);
  ingestRates.push(await through(ledgers));
  wipe();
}
await server.dispose();
process.send?.({ raw: median(rawRates), ingest: median(ingestRates) });
