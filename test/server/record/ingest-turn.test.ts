import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StorageLostError } from '#server/platform/unit-of-work.ts';
import { type IngestOutcome, ingest } from '#server/record/ingest.ts';
import type { LiveAttempt } from '#server/record/live-attempt.ts';
import { liveAttempts } from '#server/record/live-attempts.ts';
import type { EntryLog } from '#server/record/ports.ts';
import { recordFacts } from '#server/record/record-facts.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { kiosk, seal, startServer, type TestKiosk, type TestServer } from '#test/server/harness.ts';

// One turn of the ingest, on a real store: what one attempt spoils is not its neighbours' trouble.

let server: TestServer;
let kiosks: readonly TestKiosk[];
beforeEach(async () => {
  server = await startServer({ enrolmentCodes: 8 });
  const signedIn: TestKiosk[] = [];
  for (let i = 0; i < 8; i += 1) signedIn.push(await kiosk(server, i));
  kiosks = signedIn;
});
afterEach(() => server.close());

interface Sent {
  readonly attempt: LiveAttempt;
  readonly entries: readonly LedgerEntry[];
}

/** The ingest beside the server's own, with its store and whatever log a test puts before it. */
const intake = (change: (log: EntryLog) => EntryLog = (log) => log) => {
  const { registry, records, clock } = server.deps;
  const tries: number[] = [];
  const real = server.deps.entryLog;
  const log = change({
    ...real,
    append: (entries, outcomes, now) => {
      tries.push(entries.length);
      return real.append(entries, outcomes, now);
    },
  });
  const logged: string[] = [];
  const told: string[] = [];
  const attempts = liveAttempts({ registry, records, log, tampered: () => {} });
  const facts = recordFacts((_level, message) => logged.push(message));
  const handler = ingest({
    log,
    clock,
    attempts,
    facts,
    chain: { broken: () => {}, gap: () => {} },
    serverLog: (_level, message) => logged.push(message),
  });
  facts.listen({
    committed: ({ registration }, { entries }) =>
      told.push(`${registration.attemptId}:${entries.length}`),
  });
  const load = async (examinee: TestKiosk): Promise<LiveAttempt> => {
    const attempt = await attempts.load(examinee.attemptId);
    if (attempt === null) throw new Error('no such attempt');
    return attempt;
  };
  /** Sends everything within one turn of the loop. */
  const turn = (sent: readonly Sent[]): Promise<readonly IngestOutcome[]> =>
    Promise.all(
      sent.map(
        ({ attempt, entries }) =>
          new Promise<IngestOutcome>((settled) => handler.submit(attempt, entries, { settled })),
      ),
    );
  return { load, turn, tries, told, logged, facts, handler };
};

const opening = async (
  load: (examinee: TestKiosk) => Promise<LiveAttempt>,
): Promise<readonly Sent[]> =>
  Promise.all(
    kiosks.map(async (examinee) => ({
      attempt: await load(examinee),
      entries: [examinee.opened(), ...examinee.visits(2)],
    })),
  );

const refuseRowsOf = (attemptId: string, name = 'poison'): void => {
  server.sqlite.exec(
    `CREATE TRIGGER ${name} BEFORE INSERT ON entries
     WHEN new.attempt_no = (SELECT no FROM attempts WHERE id = '${attemptId}')
     BEGIN SELECT RAISE(ABORT, 'refused'); END`,
  );
};

const codes = (outcomes: readonly IngestOutcome[]): readonly (string | number)[] =>
  outcomes.map(({ ack, refusal }) => refusal?.problem.code ?? ack?.seq ?? 'nothing');

describe('the store refuses', () => {
  test.each([0, 3, 7])(
    'the rows of kiosk %i: the others are stored and acknowledged',
    async (bad) => {
      const { load, turn, tries, told } = intake();
      const sent = await opening(load);
      const poisoned = kiosks[bad] as TestKiosk;
      refuseRowsOf(poisoned.attemptId);
      const outcomes = await turn(sent);
      expect(codes(outcomes)).toEqual(kiosks.map((_, i) => (i === bad ? 'storage-failed' : 3)));
      expect(outcomes[bad]?.refusal?.expectedSeq).toBe(1);
      expect(kiosks.map(({ attemptId }) => server.stored(attemptId))).toEqual(
        kiosks.map((_, i) => (i === bad ? 0 : 3)),
      );
      expect(sent.map(({ attempt }) => attempt.state.seq)).toEqual(
        kiosks.map((_, i) => (i === bad ? 0 : 3)),
      );
      expect(told).toHaveLength(7);
      expect(told).not.toContain(`${poisoned.attemptId}:3`);
      expect(tries.length).toBeLessThanOrEqual(2 * Math.log2(8) + 1);
    },
  );

  test('it stays alone until it is taken again', async () => {
    const { load, turn, tries } = intake();
    const sent = await opening(load);
    const [poisoned] = kiosks as [TestKiosk];
    refuseRowsOf(poisoned.attemptId);
    await turn(sent);
    tries.length = 0;
    const next = sent.map(({ attempt, entries }, i) => ({
      attempt,
      entries: i === 0 ? entries : (kiosks[i] as TestKiosk).visits(1),
    }));
    expect(codes(await turn(next))).toEqual(kiosks.map((_, i) => (i === 0 ? 'storage-failed' : 4)));
    expect(tries).toEqual([7, 3]);
    server.sqlite.exec('DROP TRIGGER poison');
    expect(codes(await turn([next[0] as Sent]))).toEqual([3]);
    tries.length = 0;
    const last = sent.map(({ attempt }, i) => ({
      attempt,
      entries: (kiosks[i] as TestKiosk).visits(1),
    }));
    expect(codes(await turn(last))).toEqual(kiosks.map((_, i) => (i === 0 ? 4 : 5)));
    expect(tries).toEqual([8]);
  });

  test('two of them', async () => {
    const { load, turn } = intake();
    const sent = await opening(load);
    refuseRowsOf((kiosks[1] as TestKiosk).attemptId, 'one');
    refuseRowsOf((kiosks[6] as TestKiosk).attemptId, 'two');
    expect(codes(await turn(sent))).toEqual(
      kiosks.map((_, i) => (i === 1 || i === 6 ? 'storage-failed' : 3)),
    );
  });

  test('everything: all are told so, nothing is stored, and it is not asked for ever', async () => {
    const { load, turn, tries } = intake();
    const sent = await opening(load);
    server.sqlite.exec(
      "CREATE TRIGGER sick BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    expect(codes(await turn(sent))).toEqual(kiosks.map(() => 'storage-failed'));
    expect(tries.length).toBeLessThanOrEqual(32);
    server.sqlite.exec('DROP TRIGGER sick');
    expect(codes(await turn(sent))).toEqual(kiosks.map(() => 3));
  });

  test('nothing, for it is away: it is asked once', async () => {
    let tries = 0;
    const { load, turn } = intake((log) => ({
      ...log,
      append: () => {
        tries += 1;
        return Promise.reject(new StorageLostError('the connection is gone'));
      },
    }));
    expect(codes(await turn(await opening(load)))).toEqual(kiosks.map(() => 'storage-failed'));
    expect(tries).toBe(1);
  });

  test('a place that another took: memory reads on, and the kiosk hears where the store stands', async () => {
    const { load, turn } = intake();
    const [sent] = (await opening(load)) as [Sent];
    const [examinee] = kiosks as [TestKiosk];
    const [first] = sent.entries as [LedgerEntry];
    const foreign = seal(
      {
        attemptId: examinee.attemptId,
        seq: 2,
        t: 15,
        wall: server.clock.now(),
        type: 'question-visited',
        data: { questionId: 'q-9' },
        previous: first.hash,
      },
      examinee.device.privateKey,
    );
    await server.deps.entryLog.append(
      [first, foreign].map((entry) => ({ entry, text: JSON.stringify(entry) })),
      [],
      server.clock.now(),
    );
    const [refused] = await turn([sent]);
    expect(refused).toMatchObject({
      ack: null,
      refusal: { problem: { code: 'storage-failed' }, expectedSeq: 3 },
    });
    expect(codes(await turn([sent]))).toEqual(['chain-broken']);
    expect(server.stored(examinee.attemptId)).toBe(2);
  });
});

describe('what cannot be folded or judged', () => {
  test('an entry that no state can take is never stored; what came before it is', async () => {
    const { load, turn, told } = intake();
    const [sent, neighbour] = (await opening(load)) as [Sent, Sent];
    await turn([sent, neighbour]);
    // A memory gone wrong in a way that only some entries meet.
    Object.assign(sent.attempt, { state: { ...sent.attempt.state, messages: null } });
    const [examinee, other] = kiosks as [TestKiosk, TestKiosk];
    const entries = [
      ...examinee.visits(1),
      examinee.next('message-read', { commandId: 'command-1' as never }),
    ];
    told.length = 0;
    const outcomes = await turn([
      { attempt: sent.attempt, entries },
      { attempt: neighbour.attempt, entries: other.visits(1) },
    ]);
    expect(codes(outcomes)).toEqual(['server-failed', 4]);
    expect(outcomes[0]).toMatchObject({ ack: { seq: 4 }, refusal: { expectedSeq: 5 } });
    expect(server.stored(examinee.attemptId)).toBe(4);
    expect(told).toHaveLength(2);
  });

  test('the store cannot say what it has of one attempt', async () => {
    let sick = '';
    const { load, turn } = intake((log) => ({
      ...log,
      hashAt: (attemptId, seq) =>
        attemptId === sick ? Promise.reject(new Error('unreadable')) : log.hashAt(attemptId, seq),
    }));
    const sent = await opening(load);
    await turn(sent);
    sick = (kiosks[2] as TestKiosk).attemptId;
    expect(codes(await turn(sent))).toEqual(kiosks.map((_, i) => (i === 2 ? 'server-failed' : 3)));
  });
});

describe('who hears of it', () => {
  test('a listener and a sender that fail keep nothing from the others', async () => {
    const { load, facts, handler, told, logged } = intake();
    const [sent, other] = (await opening(load)) as [Sent, Sent];
    facts.listen({
      committed: () => {
        throw new Error('a room that cannot be drawn');
      },
    });
    const heard: string[] = [];
    facts.listen({ committed: ({ registration }) => heard.push(registration.attemptId) });
    handler.submit(sent.attempt, sent.entries, {
      settled: () => {
        throw new Error('gone');
      },
    });
    const outcome = await new Promise<IngestOutcome>((settled) =>
      handler.submit(other.attempt, other.entries, { settled }),
    );
    await handler.idle();
    expect(outcome.ack?.seq).toBe(3);
    expect(heard).toHaveLength(2);
    expect(told).toHaveLength(2);
    expect(logged).toContain('an answer was not sent');
    expect(logged).toContain('a listener of the record failed');
  });
});

test('append refuses inside a transaction that is open: it would only look durable', async () => {
  const [examinee] = kiosks as [TestKiosk];
  const entry = examinee.opened();
  server.sqlite.exec('BEGIN');
  const appended = server.deps.entryLog.append(
    [{ entry, text: JSON.stringify(entry) }],
    [],
    server.clock.now(),
  );
  await expect(appended).rejects.toThrow(/transaction/);
  server.sqlite.exec('ROLLBACK');
  expect(server.stored(examinee.attemptId)).toBe(0);
});
