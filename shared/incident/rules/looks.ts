import type { ExamTime } from '#shared/kernel/time.ts';

/** What one sample says of one kind; null when it cannot tell. */
export type Verdict = boolean | null;

export interface Look {
  readonly t: ExamTime;
  readonly hit: boolean;
}

/** Older looks say nothing about now, ms. */
const FRESH_MS = 3_000;
const KEPT = 3;

/** Adds a look and forgets what is too old. A sample that cannot tell adds none. */
export const withLook = (
  looks: readonly Look[],
  verdict: Verdict,
  t: ExamTime,
): readonly Look[] => {
  const fresh = looks.filter((look) => t - look.t <= FRESH_MS);
  return verdict === null ? fresh : [...fresh, { t, hit: verdict }].slice(-KEPT);
};

/**
 * Where the run of hits that reaches to the last look began; null when there is none.
 * @param needed how many of the last three looks must be hits.
 */
export const confirmedSince = (looks: readonly Look[], needed: number): ExamTime | null => {
  if (looks.filter((look) => look.hit).length < needed) return null;
  const run = looks.slice(looks.findLastIndex((look) => !look.hit) + 1);
  return run[0]?.t ?? null;
};
