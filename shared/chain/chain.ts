import type { Hash } from '#shared/kernel/ids.ts';
import { canonicalText, type EntryDraft } from '#shared/ledger/canonical.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { DeviceKey, Digest } from '#shared/ports/digest.port.ts';
import { mustBeSigned } from '#shared/wire/facts.ts';

/**
 * The text whose SHA-256 is the entry's hash: canonical JSON of everything but `hash` and `signature`.
 * @throws TypeError when `data` is not JSON (see `canonicalText`).
 */
export const hashInput = (entry: EntryDraft & { readonly previous: Hash }): string =>
  // Member by member, for their order is known; quicker than sorting them for each entry.
  `{"attemptId":${canonicalText(entry.attemptId)},"data":${canonicalText(entry.data)},` +
  `"previous":${canonicalText(entry.previous)},"seq":${canonicalText(entry.seq)},"t":${canonicalText(entry.t)},` +
  `"type":${canonicalText(entry.type)},"wall":${canonicalText(entry.wall)}}`;

/**
 * Makes an entry of a draft: links it to the entry before, hashes it and, where its type asks for it,
 * signs it with the device's key.
 * @param previous the hash of the entry before; `GENESIS` for the first.
 * @throws TypeError when `data` is not JSON; whatever digest and key throw.
 */
export const sealEntry = async (
  draft: EntryDraft,
  previous: Hash,
  tools: { readonly digest: Digest; readonly key: DeviceKey },
): Promise<LedgerEntry> => {
  const { attemptId, seq, t, wall, type, data } = draft;
  const linked = { attemptId, seq, t, wall, type, data, previous };
  const hash = await tools.digest.sha256Hex(hashInput(linked));
  const entry = { ...linked, hash };
  return mustBeSigned(type) ? { ...entry, signature: await tools.key.sign(hash) } : entry;
};
