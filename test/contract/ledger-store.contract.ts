import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { GENESIS, type LedgerEntry } from '#shared/ledger/entry.ts';
import type { LedgerStore } from '#shared/ports/ledger-store.port.ts';

/** One device's ledger storage, as a contract opens it. */
export interface LedgerStorePlace {
  readonly store: LedgerStore;
  /** The process ends and another one opens the same place. */
  reopen(): Promise<LedgerStore>;
  /** Throws the place away. */
  destroy(): Promise<void>;
}

const first = 'attempt-1' as AttemptId;
const second = 'attempt-2' as AttemptId;

const entry = (attemptId: AttemptId, seq: number): LedgerEntry => ({
  attemptId,
  seq,
  t: seq * 10,
  wall: 1_791_810_000_000 + seq,
  type: 'question-flagged',
  data: { questionId: `q${seq}`, flagged: seq % 2 === 0, note: 'ñandú «ágil» 😀' },
  previous: seq === 1 ? GENESIS : String(seq - 1).padStart(64, '0'),
  hash: String(seq).padStart(64, '0'),
  ...(seq % 3 === 0 ? { signature: 'A'.repeat(86) } : {}),
});

const evidence = (n: number, attemptId: AttemptId = first) => ({
  hash: String(n).padStart(64, 'e'),
  attemptId,
  mime: 'image/jpeg' as const,
  bytes: new Uint8Array([0xff, 0xd8, n, 0, 255]),
});

/**
 * What every `LedgerStore` must do.
 * @param makePlace opens a new, empty place.
 */
export const ledgerStoreContract = (
  name: string,
  makePlace: () => Promise<LedgerStorePlace>,
): void => {
  describe(`${name} as a ledger store`, () => {
    let place: LedgerStorePlace;
    beforeEach(async () => {
      place = await makePlace();
    });
    afterEach(() => place.destroy());

    const fill = async (attemptId: AttemptId, count: number): Promise<LedgerEntry[]> => {
      const entries = Array.from({ length: count }, (_, i) => entry(attemptId, i + 1));
      for (const one of entries) await place.store.append(one);
      return entries;
    };

    it('gives back what it got, in order', async () => {
      const entries = await fill(first, 12);
      expect(await place.store.read(first, 0, 100)).toEqual(entries);
    });

    it.each([
      [0, 3, [1, 2, 3]],
      [2, 2, [3, 4]],
      [4, 10, [5]],
      [5, 10, []],
      [99, 10, []],
    ])('after %d reads at most %d', async (afterSeq, limit, expected) => {
      await fill(first, 5);
      const read = await place.store.read(first, afterSeq, limit);
      expect(read.map(({ seq }) => seq)).toEqual(expected);
    });

    it('keeps attempts apart', async () => {
      const mine = await fill(first, 3);
      const others = await fill(second, 2);
      expect(await place.store.read(first, 0, 10)).toEqual(mine);
      expect(await place.store.read(second, 0, 10)).toEqual(others);
      expect(await place.store.read('attempt-3' as AttemptId, 0, 10)).toEqual([]);
    });

    it('refuses a sequence that is there, and keeps the first', async () => {
      const entries = await fill(first, 3);
      const forged = { ...entry(first, 2), hash: 'f'.repeat(64) };
      await expect(place.store.append(forged)).rejects.toThrow();
      await expect(place.store.append(entry(first, 3))).rejects.toThrow();
      expect(await place.store.read(first, 0, 10)).toEqual(entries);
    });

    it('still has everything when another process opens it', async () => {
      const entries = await fill(first, 40);
      await place.store.putEvidence(evidence(1));
      const again = await place.reopen();
      expect(await again.read(first, 0, 100)).toEqual(entries);
      expect(await again.unsentEvidence(first, 10)).toHaveLength(1);
      await expect(again.append(entry(first, 40))).rejects.toThrow();
      await again.append(entry(first, 41));
      expect(await again.read(first, 40, 10)).toEqual([entry(first, 41)]);
    });

    it('does not change what it gave away', async () => {
      const mutable = { ...entry(first, 1), data: { flagged: true } };
      await place.store.append(mutable);
      mutable.data.flagged = false;
      const [read] = await place.store.read(first, 0, 1);
      expect(read?.data).toEqual({ flagged: true });
    });

    it('keeps evidence by its hash, once, oldest first', async () => {
      for (const n of [3, 1, 2, 1]) {
        await place.store.putEvidence(evidence(n));
        // Age is told in whole milliseconds.
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await place.store.putEvidence(evidence(7, second));
      const unsent = await place.store.unsentEvidence(first, 10);
      expect(unsent.map(({ hash }) => hash)).toEqual([3, 1, 2].map((n) => evidence(n).hash));
      expect(unsent[0]).toMatchObject({ attemptId: first, mime: 'image/jpeg' });
      expect([...(unsent[0]?.bytes ?? [])]).toEqual([...evidence(3).bytes]);
      expect(await place.store.unsentEvidence(first, 2)).toHaveLength(2);
    });

    it('forgets evidence that was sent, and only that', async () => {
      for (const n of [1, 2]) await place.store.putEvidence(evidence(n));
      await place.store.evidenceSent(first, evidence(1).hash);
      await place.store.evidenceSent(first, evidence(1).hash);
      await place.store.evidenceSent(first, evidence(9).hash);
      const left = await place.store.unsentEvidence(first, 10);
      expect(left.map(({ hash }) => hash)).toEqual([evidence(2).hash]);
    });

    it('keeps the same picture for each attempt that has it', async () => {
      await place.store.putEvidence(evidence(1));
      await place.store.putEvidence(evidence(1, second));
      await place.store.evidenceSent(first, evidence(1).hash);
      expect(await place.store.unsentEvidence(first, 10)).toEqual([]);
      const [left] = await place.store.unsentEvidence(second, 10);
      expect(left).toMatchObject({ hash: evidence(1).hash, attemptId: second });
      expect([...(left?.bytes ?? [])]).toEqual([...evidence(1).bytes]);
    });

    it('does not offer again what was sent before', async () => {
      await place.store.putEvidence(evidence(1));
      await place.store.evidenceSent(first, evidence(1).hash);
      await place.store.putEvidence(evidence(1));
      const again = await place.reopen();
      // Sending it twice would be harmless; losing it would not.
      expect((await again.unsentEvidence(first, 10)).length).toBeLessThanOrEqual(1);
    });
  });
};
