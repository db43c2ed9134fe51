import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { LedgerStore } from '#shared/ports/ledger-store.port.ts';

const PAGE = 500;

/** Every entry of the attempt that is stored on this device, in order. */
export const readLedger = async (
  ledger: LedgerStore,
  attemptId: AttemptId,
): Promise<readonly LedgerEntry[]> => {
  const entries: LedgerEntry[] = [];
  for (;;) {
    const page = await ledger.read(attemptId, entries.length, PAGE);
    entries.push(...page);
    if (page.length < PAGE) return entries;
  }
};
