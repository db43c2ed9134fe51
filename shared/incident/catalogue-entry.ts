import type { KindPolicy } from './policy.ts';

/** Where a kind's facts come from. Incidents of one family hang together more easily than others. */
export type Family = 'machine' | 'camera' | 'identity' | 'technical' | 'person';

export interface CatalogueEntry {
  /** Articles of the exam instruction (INT.32), as people write them: "29e". */
  readonly articles: readonly string[];
  readonly family: Family;
  /** What it does before the exam: blocks the start, guides the examinee, or nothing. */
  readonly beforeExam: 'blocks' | 'guides' | 'none';
  /** The default, which an exam process may change. */
  readonly policy: KindPolicy;
  /** Why the policy's values are what they are, for whoever wants to change them. */
  readonly reason: string;
}

type Effect = KindPolicy['effect'];

/** One row of the catalogue: effect, minimum duration, moment of the warning, break (all ms). */
export const entry = (
  articles: readonly string[],
  family: Family,
  beforeExam: CatalogueEntry['beforeExam'],
  [effect, minMs, warnAfterMs, breakMs]: readonly [Effect, number, number | null, number],
  reason: string,
): CatalogueEntry => ({
  articles,
  family,
  beforeExam,
  policy: { effect, minMs, warnAfterMs, breakMs },
  reason,
});
