import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FOLD_VERSION, type Folded, foldAll, NOTHING_FOLDED } from '#server/record/attempt-fold.ts';
import { readFold, writeFold } from '#server/record/kept-fold.ts';
import { ledgerBacklog } from '#server/record/ledger-backlog.ts';
import { foldedOf, type LiveAttempt } from '#server/record/live-attempt.ts';
import { liveAttempts } from '#server/record/live-attempts.ts';
import type { StoredFold } from '#server/record/ports.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json, LedgerEntry } from '#shared/ledger/entry.ts';
import { policyIn, registrationOf, soundOf } from '#test/ledgers/registered.ts';
import { RELEASES } from '#test/ledgers/stored.ts';
import { connect, kiosk, seal, startServer, type TestServer } from '#test/server/harness.ts';

const told = (folded: Folded): string => canonicalText(folded as unknown as Json);

/** What each version of the fold makes of the ledgers of each release: another sum is another version. */
const MADE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1': {
    '0.1.0-cb27e64': 'c05740a282e3fa3c6082af2539319f2f43e3aeca52117cd038d253e52882bd23',
    '0.1.0-e81a687': '184b58579dc4ad912970f9e3413630509b51135d308a36de76bb424740f66387',
  },
  // One run of a kiosk keeps one estimate of the server's clock.
  '2': {
    '0.1.0-cb27e64': 'fa547d90f97fbf2a7cbb7a2ce00da1911c3f5f091a7405d1979458b3c5082a5a',
    '0.1.0-e81a687': 'aed39fac39f945e656e9f275c9b6655ef2c1b22a65bd814b21ce892b10496a77',
  },
};

describe.each(RELEASES)('the ledgers of %s', (release) => {
  test('become what this version of the fold says', () => {
    const sum = hash(
      'sha256',
      soundOf(release)
        .map((all) =>
          told(
            foldAll(NOTHING_FOLDED, all, registrationOf(all[0]?.attemptId ?? '', policyIn(all))),
          ),
        )
        .join('\n'),
      'hex',
    );
    expect(MADE[FOLD_VERSION]?.[release]).toBe(sum);
  });

  test.each([
    ['the policy of their exam', (all: readonly LedgerEntry[]) => policyIn(all)],
    ['another one', () => ({ ...DEFAULT_POLICY, copyAttemptLimit: 9 })],
  ])('are the same whether they were kept on the way or not, with %s', (_name, policy) => {
    for (const all of soundOf(release)) {
      const registration = registrationOf(all[0]?.attemptId ?? '', policy(all));
      const whole = foldAll(NOTHING_FOLDED, all, registration);
      for (const at of [1, Math.ceil(all.length / 2), all.length]) {
        const folded = foldAll(NOTHING_FOLDED, all.slice(0, at), registration);
        const stored = writeFold({ folded, bytes: at }, registration);
        if (stored === null) throw new Error('not kept');
        expect(stored).toMatchObject({ seq: at, hash: all[at - 1]?.hash, version: FOLD_VERSION });
        const kept = readFold(stored, registration);
        expect(kept?.bytes).toBe(at);
        if (kept === null) throw new Error('not read');
        expect(told(foldAll(kept.folded, all.slice(at), registration))).toBe(told(whole));
      }
    }
  });
});

const ALL = soundOf(RELEASES.at(-1) ?? '').reduce((a, b) => (a.length < b.length ? b : a));
const REGISTRATION = registrationOf(ALL[0]?.attemptId ?? '', policyIn(ALL));
const AT = ALL.length - 5;
const foldAt = (at: number): StoredFold => {
  const folded = foldAll(NOTHING_FOLDED, ALL.slice(0, at), REGISTRATION);
  return writeFold({ folded, bytes: 100 }, REGISTRATION) as StoredFold;
};

/** Attempts on a log and one fold. */
const attemptsOn = (
  log: readonly LedgerEntry[],
  fold: StoredFold | null,
  registration = REGISTRATION,
) => {
  const reads: number[] = [];
  const loaded: LiveAttempt[] = [];
  const tampered: LiveAttempt[] = [];
  const read = async (_id: AttemptId, after: number) => {
    reads.push(after);
    return log.filter(({ seq }) => seq > after);
  };
  const attempts = liveAttempts({
    registry: { registration: async () => registration },
    records: { commandsOf: async () => [], noticesOf: async () => [] },
    log: { read, head: async () => null },
    folds: { read: async () => fold },
    tampered: (attempt) => tampered.push(attempt),
    loaded: (attempt) => loaded.push(attempt),
  });
  return { attempts, reads, loaded, tampered, read };
};
const load = async (on: ReturnType<typeof attemptsOn>): Promise<LiveAttempt> => {
  const attempt = await on.attempts.load(REGISTRATION.attemptId);
  if (attempt === null) throw new Error('no attempt');
  return attempt;
};
const TRUTH = told(foldAll(NOTHING_FOLDED, ALL, REGISTRATION));

describe('an attempt that is read', () => {
  test('with a fold that the log knows: only what came later', async () => {
    const on = attemptsOn(ALL, foldAt(AT));
    const attempt = await load(on);
    expect(told(foldedOf(attempt))).toBe(TRUTH);
    expect(on.reads).toEqual([AT - 1]);
    expect(attempt.kept).toEqual({ seq: AT, bytes: 100 });
    expect(attempt.state.policy).toBe(REGISTRATION.exam.policy);
    expect(on.loaded).toEqual([attempt]);
  });

  test('at the door: with a fold it is in memory, without one only its end is asked for', async () => {
    const on = attemptsOn(ALL, foldAt(AT));
    const door = await on.attempts.enter(REGISTRATION.attemptId);
    expect(door?.head).toMatchObject({ seq: ALL.length, hash: ALL.at(-1)?.hash });
    expect(on.reads).toEqual([AT - 1]);
    expect(on.attempts.find(REGISTRATION.attemptId)).toBe(on.loaded[0]);
    const bare = attemptsOn(ALL, null);
    await bare.attempts.enter(REGISTRATION.attemptId);
    expect(bare.reads).toEqual([]);
    expect(bare.attempts.find(REGISTRATION.attemptId)).toBeNull();
  });

  const other = registrationOf(REGISTRATION.attemptId, { ...DEFAULT_POLICY, copyAttemptLimit: 9 });
  const useless: readonly (readonly [string, StoredFold | null, typeof REGISTRATION])[] = [
    ['without one', null, REGISTRATION],
    ['of another version', { ...foldAt(AT), version: '0' }, REGISTRATION],
    ['of an exam whose policy is another one by now', foldAt(AT), other],
  ];
  test.each(useless)('%s: all of its ledger', async (_name, fold, registration) => {
    const on = attemptsOn(ALL, fold, registration);
    const attempt = await load(on);
    expect(told(foldedOf(attempt))).toBe(TRUTH);
    expect(attempt.brokenReason).toBeNull();
    expect(on.reads.at(-1)).toBe(0);
    expect(attempt.kept).toEqual({ seq: 0, bytes: 0 });
  });

  const OTHER = 'f'.repeat(64);
  /** Of the end, so many are gone. */
  const cut = (count: number) => ALL.slice(0, ALL.length - count);
  /** From the third entry on it was written anew, links and hashes as they should be. */
  const rewritten: LedgerEntry[] = [];
  for (const { hash: _, ...entry } of ALL) {
    const previous = rewritten.at(-1)?.hash ?? entry.previous;
    const wall = entry.seq < 3 ? entry.wall : entry.wall + 1;
    rewritten.push(seal({ ...entry, wall, previous }, null));
  }
  test.each<readonly [string, readonly LedgerEntry[], StoredFold, typeof REGISTRATION, string]>([
    ['its own entry is missing', cut(6), foldAt(AT), REGISTRATION, `stored-missing ${AT}`],
    ['more is missing', ALL.slice(0, 4), foldAt(AT), REGISTRATION, 'stored-missing 5'],
    ['all is missing', [], foldAt(AT), REGISTRATION, 'stored-missing 1'],
    [
      'one in the middle is missing',
      ALL.filter(({ seq }) => seq !== 3 && seq !== AT),
      foldAt(AT),
      REGISTRATION,
      'stored-missing 3',
    ],
    [
      'its own entry is another one',
      ALL,
      liar({ hash: OTHER }),
      REGISTRATION,
      `stored-altered ${AT}`,
    ],
    ['all was written anew', rewritten, foldAt(AT), REGISTRATION, `stored-altered ${AT}`],
    [
      'the program is another version',
      cut(6),
      { ...foldAt(AT), version: '0' },
      REGISTRATION,
      `stored-missing ${AT}`,
    ],
    ['the exam has another policy by now', rewritten, foldAt(AT), other, `stored-altered ${AT}`],
  ])(
    'with a fold of what is not there any more (%s): the log is read, and it is told',
    async (_name, log, fold, registration, reason) => {
      const on = attemptsOn(log, fold, registration);
      const attempt = await load(on);
      expect(attempt.brokenReason).toBe(reason);
      expect(on.tampered).toEqual([attempt]);
      expect(told(foldedOf(attempt))).toBe(told(foldAll(NOTHING_FOLDED, log, registration)));
      expect(attempt.kept).toEqual({ seq: 0, bytes: 0 });
    },
  );

  test('whose chain is broken: all of its ledger', async () => {
    const on = attemptsOn(ALL, foldAt(AT), { ...REGISTRATION, brokenReason: 'hash 3' });
    await load(on);
    expect(on.reads).toEqual([0]);
  });

  test.each([
    [
      'an entry after it is missing',
      ALL.filter(({ seq }) => seq !== AT + 2),
      `stored-missing ${AT + 2}`,
    ],
    [
      'one after it does not link',
      ALL.map((entry) => (entry.seq === AT + 1 ? { ...entry, previous: 'f'.repeat(64) } : entry)),
      `stored-altered ${AT + 1}`,
    ],
    ['the end is missing', ALL.slice(0, AT), `stored-missing ${AT + 1}`],
    ['its own entry is missing', ALL.slice(0, AT - 1), `stored-missing ${AT}`],
  ])('and %s: it is noticed at once', async (_name, log, reason) => {
    const on = attemptsOn(log, foldAt(AT), { ...REGISTRATION, verifiedSeq: ALL.length });
    expect((await load(on)).brokenReason).toBe(reason);
  });
});

describe('behind the rooms', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const goneThrough = async (log: readonly LedgerEntry[], fold: StoredFold) => {
    const on = attemptsOn(log, fold);
    const found = { altered: [] as string[], corrected: 0 };
    const backlog = ledgerBacklog({
      log: on,
      load: on.attempts.load,
      altered: (attempt, fault) => {
        attempt.brokenReason = fault;
        found.altered.push(fault);
      },
      corrected: () => {
        found.corrected += 1;
      },
      checked: async () => {},
      serverLog: () => {},
    });
    const attempt = await load(on);
    backlog.add(REGISTRATION.attemptId);
    await vi.advanceTimersByTimeAsync(10_000);
    await backlog.close();
    return { ...found, attempt };
  };

  test('all of the ledger is gone through, and nothing is found', async () => {
    const { altered, corrected, attempt } = await goneThrough(ALL, foldAt(AT));
    expect({ altered, corrected }).toEqual({ altered: [], corrected: 0 });
    expect(attempt.kept.seq).toBe(AT);
  });

  test('an entry that was changed before the fold is noticed', async () => {
    const log = ALL.map((entry) => (entry.seq === 3 ? { ...entry, wall: entry.wall + 1 } : entry));
    expect((await goneThrough(log, foldAt(AT))).altered).toEqual(['stored-altered 3']);
  });

  test('an entry that is missing before the fold is noticed', async () => {
    const log = ALL.filter(({ seq }) => seq !== 3);
    expect((await goneThrough(log, foldAt(AT))).altered).toEqual(['stored-missing 3']);
  });

  test('a fold that says something else than its ledger is put right', async () => {
    const written = JSON.parse(foldAt(AT).text) as { folded: { state: object } };
    const folded = { ...written.folded, state: { ...written.folded.state, copyAttempts: 7 } };
    const lie = { ...foldAt(AT), text: JSON.stringify({ ...written, folded }) };
    const { altered, corrected, attempt } = await goneThrough(ALL, lie);
    expect({ altered, corrected }).toEqual({ altered: [], corrected: 1 });
    expect(told(foldedOf(attempt))).toBe(TRUTH);
    expect(attempt.kept).toEqual({ seq: 0, bytes: 0 });
  });
});

/** As if it were the fold of another place: what the store would not open. */
function liar(change: Partial<StoredFold>): StoredFold {
  const written = JSON.parse(foldAt(AT).text) as { folded: { state: object } };
  const { seq, hash: of } = { ...foldAt(AT), ...change };
  const folded = { ...written.folded, state: { ...written.folded.state, seq, hash: of } };
  return { ...foldAt(AT), ...change, text: JSON.stringify({ ...written, folded }) };
}

describe('a server that is started again', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  test('reads of a long ledger what came last, and goes on with it', async () => {
    const examinee = await kiosk(server);
    const entries = [examinee.opened(), ...examinee.steps(), ...examinee.visits(97)];
    const before = await connect(server, examinee);
    before.send({ type: 'entries', entries });
    await before.until((m) => m.type === 'ack' && m.seq === entries.length);
    before.close();
    server = await server.restart();
    const kept = server.sqlite.prepare('SELECT seq FROM folds').pluck().all();
    expect(kept).toEqual([entries.length]);
    const log = server.deps.entryLog as { -readonly [K in 'read']: ServerLogRead };
    const { read } = log;
    const reads: number[] = [];
    log.read = (attemptId, after) => {
      reads.push(after);
      return read(attemptId, after);
    };
    const socket = await connect(server, examinee);
    const [next] = examinee.visits(1);
    socket.send({ type: 'entries', entries: [next] });
    await socket.until((m) => m.type === 'ack' && m.seq === entries.length + 1);
    expect(reads).toEqual([entries.length - 1]);
    socket.close();
  });
});

type ServerLogRead = TestServer['deps']['entryLog']['read'];
