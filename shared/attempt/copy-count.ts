import type { CarriedAttempt } from '#shared/incident/carried.ts';
import type { Command } from '#shared/wire/command.ts';
import type { AttemptState } from './attempt-state.ts';

type Counted = Pick<AttemptState, 'policy' | 'copyAttempts' | 'carriedDismissed'>;

const dismissedOf = ({ carriedDismissed = [] }: Counted): number => carriedDismissed.length;

/** Copy attempts of other machines that are carried to this one, dismissed or not. */
export const carriedOf = ({ policy }: Pick<AttemptState, 'policy'>): readonly CarriedAttempt[] =>
  policy?.carried?.attempts ?? [];

/** Those of them that count on here: nobody dismissed them. */
export const carriedStanding = (state: Counted): readonly CarriedAttempt[] => {
  const { carriedDismissed = [] } = state;
  return carriedOf(state).filter(({ id }) => carriedDismissed.every((one) => one.id !== id));
};

/** Whether the order is to dismiss something that counts on from another machine, dismissed already or not. */
export const isCarried = (command: Command, state: Pick<AttemptState, 'policy'>): boolean =>
  command.type === 'dismiss' && carriedOf(state).some(({ id }) => id === command.incidentId);

/**
 * Whether so many copy attempts stand that the exam closes (Art. 70). The policy's limit is what the machines before left of
 * it: each of theirs that is dismissed gives one back.
 */
export const atLimit = (state: Counted): boolean =>
  state.copyAttempts >= (state.policy?.copyAttemptLimit ?? 3) + dismissedOf(state);

/** How many stand and how many close the exam, over all machines: what people are told. */
export const copyCount = (
  state: Counted,
): { readonly standing: number; readonly limit: number } => ({
  standing: state.copyAttempts + carriedStanding(state).length,
  limit: (state.policy?.copyAttemptLimit ?? 3) + carriedOf(state).length,
});

/** A copy attempt's number over all machines: numbers of a ledger begin with 1. */
export const numberOverall = (number: number, { policy }: Pick<AttemptState, 'policy'>): number =>
  number + (policy?.carried?.highest ?? 0);
