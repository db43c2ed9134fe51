import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { type AttemptState, EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import { NOTHING_CLAIMED } from '#shared/attempt/claims/check-claims.ts';
import type { ClaimsMemory } from '#shared/attempt/claims/claim.ts';
import { INITIAL_REPLAY, type Replay, replayEntry } from '#shared/attempt/replay.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';

/** How far an attempt was checked, and where it, the rules and its claims stand there. */
export interface Progress {
  readonly seq: number;
  readonly attempt: AttemptState;
  readonly replay: Replay;
  readonly claims: ClaimsMemory;
}

/** Before the first entry. */
export const NOTHING_CHECKED: Progress = {
  seq: 0,
  attempt: EMPTY_ATTEMPT,
  replay: INITIAL_REPLAY,
  claims: NOTHING_CLAIMED,
};

/** One entry further; folded once as long as the replay goes on. */
export const foldOn = (progress: Progress, entry: LedgerEntry, memory: ClaimsMemory): Progress => {
  const replay = replayEntry(progress.replay, entry);
  const attempt =
    replay.attempt.seq === entry.seq ? replay.attempt : applyEntry(progress.attempt, entry);
  return { seq: entry.seq, attempt, replay, claims: memory };
};
