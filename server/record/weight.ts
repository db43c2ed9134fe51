import type { LiveAttempt } from './live-attempt.ts';
import type { EntryLog } from './ports.ts';

/**
 * How many characters are stored of an attempt. The ingest counts them from its first entry in this run on; before that
 * they are asked for, of what came after the fold that is kept.
 */
export const weightOf = (
  { bytes, state, kept, registration }: LiveAttempt,
  log: Pick<EntryLog, 'weight'>,
): number | Promise<number> => {
  if (bytes !== null) return bytes;
  if (state.seq === kept.seq) return kept.bytes;
  return log.weight(registration.attemptId, kept.seq).then((later) => kept.bytes + later);
};
