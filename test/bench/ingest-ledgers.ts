import { hash, type KeyObject, sign } from 'node:crypto';
import { hashInput } from '#shared/chain/chain.ts';
import { GENESIS, type JsonObject, type LedgerEntry } from '#shared/ledger/entry.ts';
import { CHECKPOINT_EVERY, mustBeSigned } from '#shared/wire/facts.ts';

export interface BenchLedger {
  readonly attemptId: string;
  readonly opening: JsonObject;
  readonly privateKey: KeyObject;
}

/**
 * Sealed entries as a busy kiosk writes them: the opening, then observations of some 500 bytes, with a
 * signed checkpoint every `CHECKPOINT_EVERY` entries.
 */
export const sealedLedger = (ledger: BenchLedger, count: number): readonly LedgerEntry[] => {
  const entries: LedgerEntry[] = [];
  const add = (type: string, data: JsonObject): void => {
    const seq = entries.length + 1;
    const previous = entries.at(-1)?.hash ?? GENESIS;
    const draft = {
      attemptId: ledger.attemptId as LedgerEntry['attemptId'],
      seq,
      t: seq * 100,
      wall: 1_790_000_000_000 + seq * 100,
      type,
      data,
      previous,
    };
    const sealed = { ...draft, hash: hash('sha256', hashInput(draft), 'hex') };
    entries.push(
      mustBeSigned(type)
        ? {
            ...sealed,
            signature: sign(null, Buffer.from(sealed.hash), ledger.privateKey).toString(
              'base64url',
            ),
          }
        : sealed,
    );
  };
  add('attempt-opened', ledger.opening);
  while (entries.length < count) {
    if (entries.length % CHECKPOINT_EVERY === 0) add('checkpoint', {});
    else {
      add('observation', {
        kind: 'outside-input',
        phase: 'happened',
        t: entries.length * 100,
        facts: { key: 'Alt+Tab', window: 'examen', repeat: false, held: 12 },
      });
    }
  }
  return entries;
};
