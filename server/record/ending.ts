import type { EpochMs } from '#shared/kernel/time.ts';
import type { EndingKind } from '#shared/wire/command.ts';
import type { LiveAttempt } from './live-attempt.ts';

/** What staff decided about an attempt whose kiosk was gone. */
export interface Ending {
  readonly kind: EndingKind;
  readonly at: EpochMs;
  readonly by: string;
  readonly reason: string;
  /** How far the ledger had come. What has a higher number came afterwards. */
  readonly seq: number;
}

/** The last such decision: it may be put right as long as nobody carries the attempt on. null when there is none. */
export const endingOf = ({ commands }: Pick<LiveAttempt, 'commands'>): Ending | null => {
  let last: Ending | null = null;
  for (const { issued, endedSeq } of commands.values()) {
    const { command, issuedAt, issuedBy } = issued;
    if (command.type !== 'close' || command.ending === undefined || endedSeq === undefined)
      continue;
    const { ending: kind, reason } = command;
    last = { kind, at: issuedAt, by: issuedBy.name, reason, seq: endedSeq };
  }
  return last;
};

/** Whether the ledger itself came to its end: handed in, out of time, or at the limit of copy attempts. */
export const closedItself = ({ state }: Pick<LiveAttempt, 'state'>): boolean =>
  state.phase === 'closed' && state.closedBy !== 'proctor';

/** Whether the examinee may go on with it on another device. */
export const mayBeCarriedOn = (attempt: LiveAttempt): boolean =>
  endingOf(attempt)?.kind === 'let-go' &&
  attempt.registration.carriedOnBy === null &&
  !closedItself(attempt);
