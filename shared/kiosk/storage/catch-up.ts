import { hashInput } from '#shared/chain/chain.ts';
import { linkFault } from '#shared/chain/verify.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import { check } from '#shared/kernel/schema.ts';
import { readLedger } from '#shared/kiosk/attempt/read-ledger.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { LedgerPageSchema } from '#shared/wire/http.ts';

/** Whether the entry goes on where the device's own ledger ends, and is what its hash says. */
const follows = async (
  deps: Pick<EngineDeps, 'digest'>,
  head: LedgerEntry | null,
  entry: LedgerEntry,
): Promise<boolean> =>
  linkFault(head, entry) === null && (await deps.digest.sha256Hex(hashInput(entry))) === entry.hash;

/** Whether the record says at its end, or anywhere in `fetched`, that this device could not store. */
const couldNotStore = (own: readonly LedgerEntry[], fetched: readonly LedgerEntry[]): boolean =>
  own.findLast(({ type }) => type === 'storage-failed' || type === 'storage-recovered')?.type ===
    'storage-failed' || fetched.some(({ type }) => type === 'storage-failed');

/**
 * Fetches what the server has of this device's own attempt and the device has not: a disk that could not store while
 * the network could carry, and then a restart. Only entries of a chain that this device's key opened, that follow what
 * is here, and that say themselves that the device could not store. Anything else is another device's attempt, or an
 * older copy of this one's data put back: it stays away, and is seen.
 * @param over no longer wanted: nothing is stored any more.
 * @returns how many entries the device has now. Never throws for the network: then it is what it was.
 */
export const catchUp = async (
  deps: Pick<EngineDeps, 'ledger' | 'api' | 'digest' | 'key' | 'log'>,
  attemptId: AttemptId,
  token: string,
  over: () => boolean = () => false,
): Promise<number> => {
  const own = await readLedger(deps.ledger, attemptId);
  const local = own.at(-1)?.seq ?? 0;
  const fetched: LedgerEntry[] = [];
  for (;;) {
    const path = `/api/attempts/${attemptId}/entries?after=${local + fetched.length}`;
    const answer = await deps.api.request('GET', path, { token });
    const page = answer.ok ? check(LedgerPageSchema, answer.value) : null;
    if (page === null || !page.ok) return local;
    if (page.value.entries.length === 0) break;
    fetched.push(...page.value.entries);
  }
  if (fetched.length === 0 || !couldNotStore(own, fetched)) return local;
  const opening = own[0] ?? fetched[0];
  if (opening?.data.publicKey !== (await deps.key.publicKey())) return local;
  let head = own.at(-1) ?? null;
  for (const entry of fetched) {
    if (!(await follows(deps, head, entry))) {
      deps.log('warn', 'the server has another past', { seq: entry.seq });
      break;
    }
    if (over()) break;
    await deps.ledger.append(entry);
    head = entry;
  }
  deps.log('info', 'entries fetched that this device had lost', { upTo: head?.seq ?? 0 });
  return head?.seq ?? 0;
};
