import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { LedgerStore } from '#shared/ports/ledger-store.port.ts';
import { MAX_BATCH, MAX_MESSAGE_BYTES } from '#shared/wire/kiosk-socket.ts';

/** UTF-8 needs at most 3 bytes for each UTF-16 unit; a quarter is left for the message around them. */
const MAX_UNITS = Math.floor((MAX_MESSAGE_BYTES * 3) / 4 / 3);

/**
 * The next entries to send: in order, as many as one message may carry, at least one if there is one.
 * @param afterSeq the last sequence that was sent.
 */
export const nextBatch = async (
  ledger: LedgerStore,
  attemptId: AttemptId,
  afterSeq: number,
): Promise<readonly LedgerEntry[]> => {
  const entries = await ledger.read(attemptId, afterSeq, MAX_BATCH);
  let units = 0;
  const end = entries.findIndex((entry) => {
    units += JSON.stringify(entry).length + 1;
    return units > MAX_UNITS;
  });
  return end === -1 ? entries : entries.slice(0, Math.max(1, end));
};
