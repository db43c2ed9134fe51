import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database } from '#server/platform/sql/database.ts';
import { foldAll } from '#server/record/attempt-fold.ts';
import { ledgerBacklog } from '#server/record/ledger-backlog.ts';
import { advance, foldedOf, type LiveAttempt, register } from '#server/record/live-attempt.ts';
import { liveAttempts } from '#server/record/live-attempts.ts';
import type { EntryLog } from '#server/record/ports.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Json } from '#shared/ledger/entry.ts';
import type { DatabaseKind } from '../databases.ts';
import { ids, T, university } from '../university.ts';
import { LEDGER, REGISTRATION, sealedOf, truthAt } from '../university-ledger.ts';

const ID = ids.attempt(1);
/** How many entries there are before the kiosk goes on. */
const BEFORE = 20;

const told = (attempt: LiveAttempt): string => canonicalText(foldedOf(attempt) as unknown as Json);

export const ledgerBacklogContract = (kind: DatabaseKind): void => {
  describe('a ledger that is gone through while its kiosk goes on', () => {
    let database: Database;
    let log: EntryLog;
    let stored = 0;
    beforeEach(async () => {
      database = await kind.fresh();
      await university(database);
      log = kind.entryLog(database);
      stored = 0;
      await store(BEFORE);
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    const store = async (count: number): Promise<void> => {
      const some = LEDGER.slice(stored, stored + count);
      stored += some.length;
      await log.append(sealedOf(some), [], T);
    };

    /**
     * A slow database: each read answers what there was, and meanwhile the kiosk sent one entry more.
     * @param verified that one was checked as well, and the registration read again.
     * @param wrong memory knows something else of the attempt than its ledger says.
     * @param cut so many entries of the end are gone by the hand of somebody.
     */
    const goneThrough = async ({ verified = false, wrong = false, cut = 0 }) => {
      const found = { altered: [] as string[], corrected: 0, checked: 0, reads: 0 };
      const attempts = liveAttempts({
        registry: { registration: async () => REGISTRATION },
        records: { commandsOf: async () => [], noticesOf: async () => [] },
        log,
        folds: { read: async () => null },
        tampered: () => {},
        loaded: () => {},
      });
      const attempt = await attempts.load(ID);
      if (attempt === null) throw new Error('no attempt');
      if (wrong) {
        const folded = foldedOf(attempt);
        advance(attempt, { ...folded, state: { ...folded.state, copyAttempts: 7 } });
      }
      const moreCame = async (): Promise<void> => {
        await store(1);
        advance(
          attempt,
          foldAll(foldedOf(attempt), LEDGER.slice(stored - 1, stored), REGISTRATION),
        );
        if (verified) register(attempt, { ...REGISTRATION, verifiedSeq: stored });
      };
      const slow: Pick<EntryLog, 'read'> = {
        read: async (id, after) => {
          found.reads += 1;
          const entries = await log.read(id, after);
          // Of what is read first and of what is missing then.
          if (!wrong || found.reads <= 2) await moreCame();
          return entries.slice(0, entries.length - cut);
        },
      };
      let over = false;
      const end = (): void => {
        over = true;
      };
      const backlog = ledgerBacklog({
        log: slow,
        load: attempts.load,
        altered: (of, fault) => {
          of.brokenReason = fault;
          found.altered.push(fault);
          end();
        },
        corrected: () => {
          found.corrected += 1;
        },
        checked: async (some) => {
          found.checked += some.length;
          if (some.length > 0) end();
        },
        serverLog: () => {},
      });
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      backlog.add(ID);
      vi.advanceTimersByTime(3_000);
      // It is under way; the database has its own timers.
      vi.useRealTimers();
      await vi.waitFor(() => expect(over).toBe(true), { timeout: 10_000 }).catch(() => {});
      await backlog.close();
      return { ...found, attempt };
    };

    test.each([false, true])(
      'is compared as far as it was known, once, and nobody is accused (checked meanwhile: %s)',
      async (verified) => {
        const { attempt, ...found } = await goneThrough({ verified });
        expect(found).toEqual({ altered: [], corrected: 0, checked: 1, reads: 1 });
        expect(attempt.state.seq).toBe(BEFORE + 1);
      },
    );

    test('is put right as far as it is by then', async () => {
      const { attempt, ...found } = await goneThrough({ wrong: true });
      expect(found).toMatchObject({ altered: [], corrected: 1, checked: 1 });
      expect(attempt.state.seq).toBe(BEFORE + 2);
      expect(told(attempt)).toBe(canonicalText(truthAt(BEFORE + 2) as unknown as Json));
    });

    test('and whose end somebody took away meanwhile: it is noticed', async () => {
      const { altered } = await goneThrough({ cut: 2 });
      expect(altered).toEqual([`stored-missing ${BEFORE - 1}`]);
    });
  });
};
