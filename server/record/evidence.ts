import type { ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { AttemptId, Hash } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { RecordStore, StillFiles, StoredStill } from './ports.ts';

/** The largest still, bytes. */
export const MAX_STILL_BYTES = 2_000_000;
/** What one attempt may store at most. */
const STILLS_QUOTA = { files: 1_000, bytes: 100_000_000 } as const;

export interface EvidenceIntake {
  /**
   * Stores a still of the attempt. Idempotent by hash. Problems: `too-large` (one still or the
   * attempt's quota), `bad-request` (wrong hash, not the image that it says).
   */
  put(
    attemptId: AttemptId,
    hash: Hash,
    mime: StoredStill['mime'],
    body: AsyncIterable<Uint8Array>,
  ): Promise<Result<{ readonly hash: Hash }, Problem>>;
}

export interface EvidenceDeps {
  readonly records: RecordStore;
  readonly stills: StillFiles;
  readonly clock: ServerClock;
  readonly quota?: { readonly files: number; readonly bytes: number };
}

export const evidenceIntake = (deps: EvidenceDeps): EvidenceIntake => ({
  put: async (attemptId, hash, mime, body) => {
    const quota = deps.quota ?? STILLS_QUOTA;
    const stored = await deps.records.stillsOf(attemptId);
    const used = stored.reduce((sum, still) => sum + still.bytes, 0);
    if (!stored.some((still) => still.hash === hash)) {
      if (stored.length >= quota.files) return refuse('too-large', 'quota of stills');
      if (used >= quota.bytes) return refuse('too-large', 'quota of bytes');
    }
    const outcome = await deps.stills.put(hash, mime, body, MAX_STILL_BYTES);
    switch (outcome) {
      case 'too-large':
        return refuse('too-large', `a still has at most ${MAX_STILL_BYTES} bytes`);
      case 'wrong-hash':
        return refuse('bad-request', 'the bytes do not fit the hash');
      case 'not-an-image':
        return refuse('bad-request', `the bytes are no ${mime}`);
      default:
        await deps.records.addStill(
          attemptId,
          { hash, mime, bytes: outcome.bytes },
          deps.clock.now(),
        );
        return ok({ hash });
    }
  },
});
