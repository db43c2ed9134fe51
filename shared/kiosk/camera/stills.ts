import type { Evidence, Place } from '#shared/incident/incident.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { Log } from '#shared/kiosk/engine-deps.ts';
import type { Digest } from '#shared/ports/digest.port.ts';
import type { LedgerStore } from '#shared/ports/ledger-store.port.ts';

/** How many stills are kept in memory, and so go with an incident. */
const KEPT = 3;
/** Larger pictures are not kept: the page offers thumbnails of some tens of kilobytes, bytes. */
const MAX_BYTES = 2_000_000;

/** A picture in memory. */
export interface Still {
  readonly jpeg: Uint8Array;
  readonly t: ExamTime;
  readonly others: readonly Place[];
}

/** The last pictures of the camera, in memory only until an incident needs them as evidence. */
export interface Stills {
  /** @param others where faces of other people are in it, as far as known. */
  offer(jpeg: Uint8Array, t: ExamTime, others?: readonly Place[]): void;
  /**
   * Stores the newest stills by their hash. A picture that cannot be stored is left out: a strike
   * never waits for its picture.
   * @param count how many at most.
   */
  keep(count?: number): Promise<readonly Evidence[]>;
  /** The newest stills, to be stored later or not at all. @param count how many at most. */
  latest(count: number): readonly Still[];
  /** Stores pictures that were taken before, like `keep`; equal ones once. */
  store(stills: readonly Still[]): Promise<readonly Evidence[]>;
  clear(): void;
}

export const createStills = (
  deps: { readonly digest: Digest; readonly ledger: LedgerStore; readonly log: Log },
  attemptId: AttemptId,
): Stills => {
  let recent: Still[] = [];

  const storeOne = async ({ jpeg, t, others }: Still): Promise<Evidence | null> => {
    try {
      const hash = await deps.digest.sha256Hex(jpeg);
      await deps.ledger.putEvidence({ hash, attemptId, mime: 'image/jpeg', bytes: jpeg });
      return {
        hash,
        mime: 'image/jpeg',
        bytes: jpeg.byteLength,
        t,
        ...(others.length === 0 ? {} : { others: [...others] }),
      };
    } catch {
      deps.log('error', 'evidence not stored', { t });
      return null;
    }
  };

  const storeAll = async (stills: readonly Still[]): Promise<readonly Evidence[]> => {
    const stored = await Promise.all(stills.map(storeOne));
    const found = stored.filter((evidence) => evidence !== null);
    // A camera that repeats a picture gives the same hash: it is one file.
    return found.filter((one, i) => found.findIndex((other) => other.hash === one.hash) === i);
  };

  return {
    offer: (jpeg, t, others = []) => {
      if (jpeg.byteLength === 0 || jpeg.byteLength > MAX_BYTES) return;
      recent = [...recent, { jpeg, t, others }].slice(-KEPT);
    },
    keep: (count = KEPT) => storeAll(recent.slice(-count)),
    latest: (count) => recent.slice(-count),
    store: storeAll,
    clear: () => {
      recent = [];
    },
  };
};
