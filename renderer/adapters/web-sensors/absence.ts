/**
 * A lid that closes takes the page away first and stops it later: lock screens come before the sleep, and systems hold
 * it back for some seconds. Nothing is said of an absence before that would have shown, and then it is dated back, ms.
 */
const EXPLAIN_MS = 6_000;
/** After waking, the lock screen may come late, and somebody has to unlock it, ms. */
const WAKING_MS = 10_000;

/** What is to be said: that the page is away since so long ago, or back. */
export interface AbsenceSaid {
  readonly away: boolean;
  readonly ageMs: number;
}

/**
 * Tells a page that was left from one that the machine took away (PEERS 4): what a standstill follows within a few
 * seconds, or comes before, is the machine's. Whoever comes back before anything explains the absence is told of at
 * once, as long as it was.
 */
export interface Absence {
  /** @param away whether the page is hidden or without the keyboard now. @param nowMs monotonic. */
  look(away: boolean, nowMs: number): readonly AbsenceSaid[];
  /** The page has stood still until now. @returns for how long it was away before, ms, where that is explained by it; else null. */
  stoodStill(nowMs: number, forMs: number): number | null;
  /** The page or the exam ends, so that nothing can explain it any more: what has not been said is said now. */
  end(nowMs: number): readonly AbsenceSaid[];
}

export const createAbsence = (): Absence => {
  let awaySinceMs: number | null = null;
  let said = false;
  let excusedUntilMs = Number.NEGATIVE_INFINITY;

  /** What was not said of an absence, without the part of it that is the machine's. */
  const tell = (nowMs: number): readonly AbsenceSaid[] => {
    if (said || awaySinceMs === null || nowMs < excusedUntilMs) return [];
    said = true;
    return [{ away: true, ageMs: nowMs - Math.max(awaySinceMs, excusedUntilMs) }];
  };

  return {
    look: (away, nowMs) => {
      if (away) {
        awaySinceMs ??= nowMs;
        return nowMs - awaySinceMs >= EXPLAIN_MS ? tell(nowMs) : [];
      }
      const late = tell(nowMs);
      const was = said;
      awaySinceMs = null;
      said = false;
      return was ? [...late, { away: false, ageMs: 0 }] : late;
    },
    stoodStill: (nowMs, forMs) => {
      excusedUntilMs = nowMs + WAKING_MS;
      if (said || awaySinceMs === null) return null;
      const beforeMs = Math.max(0, Math.round(nowMs - forMs - awaySinceMs));
      awaySinceMs = nowMs;
      return beforeMs;
    },
    end: tell,
  };
};
