import type { AttemptId, Hash } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { LedgerStore } from '#shared/ports/ledger-store.port.ts';
import { nextBatch } from './batches.ts';

/** Batches under way at the same time. */
const WINDOW = 4;

/** The cursor: how far the ledger is stored, sent and acknowledged. */
export interface SendWindow {
  acked(): number;
  /** The last entry that is stored on this device. */
  local(): number;
  pending(): number;
  inFlight(): number;
  written(seq: number): void;
  /** @returns whether it brought anything forward. An acknowledgement of what was never written is ignored. */
  ack(seq: number): boolean;
  /** Whether the server's hash at `seq` is the one that was sent; true where it is not remembered. */
  agrees(seq: number, hash: Hash): boolean;
  /** The hash of the stored entry `seq`; null when there is none. */
  hashAt(seq: number): Promise<Hash | null>;
  /** Sends on from what the server says that it has. */
  rewind(seq: number): void;
  disconnected(): void;
  /** Sends batches in order while there is something to send, room in the window and `may()`. */
  fill(send: (entries: readonly LedgerEntry[]) => void, may: () => boolean): Promise<void>;
}

export const createSendWindow = (
  ledger: LedgerStore,
  attemptId: AttemptId,
  start: { readonly localSeq: number; readonly ackedSeq: number },
): SendWindow => {
  let local = start.localSeq;
  let acked = Math.min(start.ackedSeq, start.localSeq);
  let sent = acked;
  let flying: readonly { readonly seq: number; readonly hash: Hash }[] = [];
  let filling = false;
  let again = false;
  /** Counts rewinds: a batch read before one must not be sent after it. */
  let turn = 0;

  const fillOnce: SendWindow['fill'] = async (send, may) => {
    while (may() && sent < local && flying.length < WINDOW) {
      const before = turn;
      const entries = await nextBatch(ledger, attemptId, sent);
      if (before !== turn) continue;
      const last = entries.at(-1);
      if (last === undefined || !may()) return;
      flying = [...flying, { seq: last.seq, hash: last.hash }];
      sent = last.seq;
      send(entries);
    }
  };

  return {
    acked: () => acked,
    local: () => local,
    pending: () => local - acked,
    inFlight: () => flying.length,
    written: (seq) => {
      local = Math.max(local, seq);
    },
    ack: (seq) => {
      if (seq > local || seq <= acked) return false;
      acked = seq;
      sent = Math.max(sent, seq);
      flying = flying.filter((batch) => batch.seq > seq);
      return true;
    },
    agrees: (seq, hash) =>
      flying.find((batch) => batch.seq === seq)?.hash === hash ||
      !flying.some((batch) => batch.seq === seq),
    hashAt: async (seq) => {
      if (seq < 1) return null;
      const [entry] = await ledger.read(attemptId, seq - 1, 1);
      return entry?.seq === seq ? entry.hash : null;
    },
    rewind: (seq) => {
      turn += 1;
      acked = seq;
      sent = seq;
      flying = [];
    },
    disconnected: () => {
      turn += 1;
      sent = acked;
      flying = [];
    },
    fill: async (send, may) => {
      again = true;
      if (filling) return;
      filling = true;
      try {
        while (again) {
          again = false;
          await fillOnce(send, may);
        }
      } finally {
        filling = false;
      }
    },
  };
};
