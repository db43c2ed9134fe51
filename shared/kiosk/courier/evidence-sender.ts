import type { AttemptId } from '#shared/kernel/ids.ts';
import { check } from '#shared/kernel/schema.ts';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { LedgerStore } from '#shared/ports/ledger-store.port.ts';
import type { ServerApi } from '#shared/ports/transport.port.ts';
import { FACTS, isFactType } from '#shared/wire/facts.ts';
import { EvidenceResponseSchema } from '#shared/wire/http.ts';

const AT_ONCE = 16;
/** Trying these again can never work: the file itself is refused. */
const HOPELESS: ReadonlySet<string> = new Set(['bad-request', 'too-large']);

const hashesOf = (entry: LedgerEntry): readonly string[] => {
  if (!isFactType(entry.type)) return [];
  const data = check(FACTS[entry.type], entry.data);
  return data.ok && 'evidence' in data.value ? data.value.evidence.map(({ hash }) => hash) : [];
};

/** Uploads evidence whose entry the server has, one file after the other. */
export interface EvidenceSender {
  /** An entry was stored: its evidence may go once it is acknowledged. */
  written(entry: LedgerEntry): void;
  /** Drops files that no entry names: left over from a crash between a picture and its entry. */
  forgetOrphans(): Promise<void>;
  /** Sends what may go now. @returns false when something has to be tried again later. */
  send(ackedSeq: number): Promise<boolean>;
}

export const createEvidenceSender = (
  deps: { readonly ledger: LedgerStore; readonly api: ServerApi; readonly log: Log },
  attemptId: AttemptId,
  token: string,
  entries: readonly LedgerEntry[],
): EvidenceSender => {
  const seqOf = new Map<string, number>();
  const written = (entry: LedgerEntry): void => {
    for (const hash of hashesOf(entry)) if (!seqOf.has(hash)) seqOf.set(hash, entry.seq);
  };
  entries.forEach(written);
  let sending: Promise<boolean> | null = null;
  let ackedSeq = 0;

  const sendOnce = async (): Promise<boolean> => {
    const tried = new Set<string>();
    let allSent = true;
    for (;;) {
      const unsent = await deps.ledger.unsentEvidence(attemptId, AT_ONCE);
      const next = unsent.find(
        ({ hash }) => !tried.has(hash) && (seqOf.get(hash) ?? Number.POSITIVE_INFINITY) <= ackedSeq,
      );
      if (next === undefined) return allSent;
      tried.add(next.hash);
      const answer = await deps.api.request(
        'PUT',
        `/api/attempts/${attemptId}/evidence/${next.hash}`,
        { token, bytes: next.bytes, mime: next.mime },
      );
      const taken = answer.ok && check(EvidenceResponseSchema, answer.value).ok;
      if (taken || (!answer.ok && HOPELESS.has(answer.error.code))) {
        if (!answer.ok) deps.log('error', 'evidence refused', { code: answer.error.code });
        await deps.ledger.evidenceSent(attemptId, next.hash);
      } else {
        allSent = false;
        // Whoever else said that all is well did not take it.
        if (answer.ok || answer.error.code === 'offline') return false;
      }
    }
  };

  const sendAll = async (): Promise<boolean> => {
    try {
      for (;;) {
        const seen = ackedSeq;
        const done = await sendOnce();
        // What was acknowledged meanwhile may be the last: nobody would ask for it again.
        if (ackedSeq === seen) return done;
      }
    } finally {
      sending = null;
    }
  };

  return {
    written,
    forgetOrphans: async () => {
      for (;;) {
        const unsent = await deps.ledger.unsentEvidence(attemptId, AT_ONCE);
        const orphans = unsent.filter(({ hash }) => !seqOf.has(hash));
        for (const { hash } of orphans) await deps.ledger.evidenceSent(attemptId, hash);
        if (orphans.length === 0) return;
      }
    },
    send: async (seq) => {
      ackedSeq = Math.max(ackedSeq, seq);
      sending ??= sendAll();
      return sending;
    },
  };
};
