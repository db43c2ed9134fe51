import { type AttemptState, remainingMs } from '#shared/attempt/attempt-state.ts';
import { atLimit } from '#shared/attempt/copy-count.ts';
import { dismiss } from '#shared/attempt/dismissal.ts';
import { objectionTo } from '#shared/attempt/order-objection.ts';
import { type EpochMs, toExamTime } from '#shared/kernel/time.ts';
import type { DismissCommand, EndingKind, IssuedCommand } from '#shared/wire/command.ts';
import type { LiveAttempt } from './live-attempt.ts';
import type { Ended, StoredCommand } from './ports.ts';

/** What staff decided about an attempt without its kiosk. */
export interface Ending extends Ended {
  readonly kind: EndingKind;
  readonly at: EpochMs;
  readonly by: string;
  readonly reason: string;
}

type Ordered = Pick<LiveAttempt, 'commands'>;

/**
 * Which of two decisions is the later one: by its number; where two persons decided at one moment, by the server's clock,
 * and then by name, so that it is the same after a restart.
 */
const later = (a: StoredCommand, b: StoredCommand): number =>
  (a.ended?.no ?? 0) - (b.ended?.no ?? 0) ||
  a.issued.issuedAt - b.issued.issuedAt ||
  (a.issued.id < b.issued.id ? -1 : 1);

/** The last such decision: it may be put right as long as nobody carries the attempt on. null when there is none. */
export const endingOf = ({ commands }: Ordered): Ending | null => {
  const last = [...commands.values()]
    .filter(({ ended }) => ended !== undefined)
    .sort(later)
    .at(-1);
  if (last?.ended === undefined) return null;
  const { command, issuedAt: at, issuedBy } = last.issued;
  if (command.type !== 'close' || command.ending === undefined) return null;
  const { ending: kind, reason } = command;
  return { ...last.ended, kind, at, by: issuedBy.name, reason };
};

/**
 * The attempt with its orders as the store has them: memory is told of one after it is stored, and another may be decided
 * between. To be asked for in the transaction that stores what follows from it.
 */
export const asStored = (attempt: LiveAttempt, stored: readonly StoredCommand[]): LiveAttempt => ({
  ...attempt,
  commands: new Map(stored.map((one) => [one.issued.id, one])),
});

type DismissOrder = IssuedCommand & { readonly command: DismissCommand };
const isDismissal = (issued: IssuedCommand): issued is DismissOrder =>
  issued.command.type === 'dismiss';

/** What staff dismissed of the attempt, whatever its kiosk made of it, oldest first. */
const dismissals = ({
  commands,
}: Ordered): readonly (DismissOrder & Pick<StoredCommand, 'state'>)[] =>
  [...commands.values()].flatMap(({ issued, state }) =>
    isDismissal(issued) ? [{ ...issued, state }] : [],
  );

/**
 * The attempt as people have decided it: on a machine that is gone, what staff dismissed counts no more, whether the
 * machine ever hears of it or not. The ledger's own state while the attempt is its kiosk's.
 */
export const decidedOf = (attempt: Ordered & Pick<LiveAttempt, 'state'>): AttemptState => {
  const unheard = dismissals(attempt).filter(({ state }) => state !== 'applied');
  if (unheard.length === 0 || endingOf(attempt) === null) return attempt.state;
  return unheard.reduce(
    (state, { command, issuedBy }) =>
      dismiss(state, { ...command, reopens: false }, issuedBy.name, state.t),
    attempt.state,
  );
};

/**
 * Whether the exam itself came to its end: handed in, out of time, or at the limit of copy attempts. What a person
 * dismissed brings it under the limit again, on a machine that cannot reopen it too.
 */
export const isOver = (state: AttemptState): boolean => {
  if (state.phase !== 'closed' || state.closedBy === 'copy-attempts') return atLimit(state);
  return state.closedBy !== 'proctor';
};

/** Whether the examinee may go on with it on another device. */
export const mayBeCarriedOn = (
  attempt: Ordered & Pick<LiveAttempt, 'state' | 'registration'>,
): boolean =>
  endingOf(attempt)?.kind === 'let-go' &&
  attempt.registration.carriedOnBy === null &&
  !isOver(decidedOf(attempt));

/**
 * What was left of the examinee's time when the kiosk was last heard: what it was gone for is given back, as far as the
 * shift goes. Where the exam was closed at the limit, what was left then, with the minutes of the dismissal that reopens it:
 * as on the kiosk, no other gives any. To be kept when staff end the attempt: what the kiosk says when it comes back takes
 * nothing away.
 * @returns ms; null while the exam has not begun.
 */
const timeLeft = (
  attempt: Ordered & Pick<LiveAttempt, 'state' | 'presence' | 'wallOffset'>,
): number | null => {
  const { state, presence, wallOffset } = attempt;
  const heard =
    presence.heardAt === null || wallOffset === null
      ? 0
      : toExamTime(presence.heardAt - wallOffset);
  if (state.closedBy !== 'copy-attempts') return remainingMs(state, Math.max(state.t, heard));
  // What the kiosk would refuse as it stands then, or has taken already, gives nothing.
  const decided = dismissals(attempt).reduce(
    (now, { command: { reopens: _, ...command }, issuedBy }) =>
      objectionTo(command, now) === null ? dismiss(now, command, issuedBy.name, state.t) : now,
    state,
  );
  return remainingMs(decided, state.t);
};

/** How the attempt stands, for an order that ends it without its kiosk: its time stands still since the first of these. */
export const endedNow = (
  attempt: Ordered & Pick<LiveAttempt, 'state' | 'presence' | 'wallOffset'>,
): Ended => {
  const before = endingOf(attempt);
  const leftMs = before?.leftMs === undefined ? timeLeft(attempt) : before.leftMs;
  return { no: (before?.no ?? 0) + 1, seq: attempt.state.seq, leftMs };
};

/** What is left for whoever goes on elsewhere, ms; null while the exam had not begun. */
export const timeToGoOn = (
  attempt: Ordered & Pick<LiveAttempt, 'state' | 'presence' | 'wallOffset'>,
): number | null => {
  const kept = endingOf(attempt)?.leftMs;
  if (kept === undefined) return timeLeft(attempt);
  if (kept === null) return null;
  return Math.max(kept, ...[...attempt.commands.values()].map(({ leftMs }) => leftMs ?? 0));
};

/**
 * What is left once this is dismissed too, of an exam that staff have ended: its minutes are given when it is what lets
 * the exam go on that was closed at the limit. To be kept with the order.
 * @returns ms; undefined when it gives nothing, or the exam is still its kiosk's.
 */
export const timeLeftWith = (
  attempt: Ordered & Pick<LiveAttempt, 'state' | 'presence' | 'wallOffset'>,
  command: DismissCommand,
): number | undefined => {
  const left = endingOf(attempt) === null ? null : timeToGoOn(attempt);
  if (left === null || command.extraMs === undefined) return undefined;
  const before = decidedOf(attempt);
  if (before.closedBy !== 'copy-attempts' || objectionTo(command, before) !== null)
    return undefined;
  // It goes on by what was dismissed before: no other gives any.
  if (!atLimit(before) && left > 0) return undefined;
  const after = dismiss(before, { ...command, reopens: false }, '', before.t);
  return atLimit(after) ? undefined : left + command.extraMs;
};
