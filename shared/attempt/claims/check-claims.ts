import { factOf } from '#shared/attempt/apply-entry.ts';
import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { Contradiction, ContradictionCode } from '#shared/wire/doubt.ts';
import type { FactType } from '#shared/wire/facts.ts';
import type { Given } from '#shared/wire/given.ts';
import type { Claim, ClaimCheck, ClaimsMemory } from './claim.ts';
import {
  closed,
  examStarted,
  movedClock,
  replied,
  startedClock,
  termsStarted,
  worked,
} from './exam-claims.ts';
import {
  coverageChanged,
  deviceChecked,
  framingConfirmed,
  identityChecked,
  opened,
  rulesAccepted,
  termsOpened,
} from './opening-claims.ts';
import {
  commandApplied,
  messageRead,
  roomScanned,
  staffExit,
  staffIdentity,
} from './staff-claims.ts';

/**
 * What each type of entry claims that can be compared. The others tell only what the kiosk alone can know
 * (observations and what the rules make of them, which the replay judges; objections' texts; restarts).
 */
const CHECKS: { readonly [T in FactType]?: ClaimCheck<T> } = {
  'attempt-opened': opened,
  'coverage-changed': coverageChanged,
  'device-checked': deviceChecked,
  'rules-accepted': rulesAccepted,
  'framing-confirmed': framingConfirmed,
  'identity-checked': identityChecked,
  'staff-identity': staffIdentity,
  'staff-exit': staffExit,
  'room-scanned': roomScanned,
  'exam-started': examStarted,
  'question-visited': worked,
  'answer-saved': worked,
  'question-flagged': worked,
  'notice-acknowledged': replied,
  objection: replied,
  'message-read': messageRead,
  'command-applied': commandApplied,
  'attempt-closed': closed,
};

export const NOTHING_CLAIMED: ClaimsMemory = { host: '', terms: null, clock: null };

/** Whether entries of this type claim anything that can be compared. */
export const claims = (type: string): boolean => Object.hasOwn(CHECKS, type);

/** What the entry is compared with, besides what came before: known from itself at the opening and the start. */
const withOwn = (claim: Omit<Claim, 'memory' | 'terms'>, memory: ClaimsMemory): ClaimsMemory => {
  const { entry, before, given } = claim;
  if (entry.type === 'attempt-opened' && memory.terms === null) {
    const { data } = claim as Claim<'attempt-opened'>;
    return { host: data.host.kind, terms: termsOpened(given, data), clock: null };
  }
  const { terms } = memory;
  if (entry.type === 'exam-started' && before.startedT === null && terms !== null) {
    const started = termsStarted(given, { ...(claim as Claim<'exam-started'>), terms });
    return { ...memory, terms: started, clock: startedClock({ entry, terms: started }) };
  }
  return memory.clock === null ? memory : { ...memory, clock: movedClock(memory.clock, claim) };
};

/**
 * Compares one entry with what the server gave out, ordered and knows: pure, so that the server, an appeal and the
 * off-line verifier say the same. An honest kiosk never contradicts, however long it was off line: what is compared was
 * known before it could write the entry, and times are compared with slack and within the ledger itself.
 * @param before the attempt before the entry.
 * @returns what does not fit, none twice; and what the next entry is compared with.
 */
export const checkClaims = (
  memory: ClaimsMemory,
  before: AttemptState,
  entry: LedgerEntry,
  given: Given,
  sha256Hex: Claim['sha256Hex'],
): { readonly memory: ClaimsMemory; readonly codes: readonly ContradictionCode[] } => {
  const fact = factOf(entry);
  const check = fact === null ? undefined : (CHECKS[fact.type] as ClaimCheck<FactType> | undefined);
  if (fact === null || check === undefined) return { memory, codes: [] };
  const claim = { data: fact.data, entry, before, given, sha256Hex };
  const own = withOwn(claim, memory);
  // A ledger that was never opened is no ledger: the chain says so.
  if (own.terms === null) return { memory, codes: [] };
  return { memory: own, codes: check({ ...claim, memory: own, terms: own.terms }) };
};

/** The first entry of each code, added to those that are known already. @returns `known` itself when nothing is new. */
export const withCodes = (
  known: readonly Contradiction[],
  codes: readonly ContradictionCode[],
  seq: number,
): readonly Contradiction[] => {
  const fresh = codes.filter((code) => known.every((one) => one.code !== code));
  return fresh.length === 0 ? known : [...known, ...fresh.map((code) => ({ code, seq }))];
};
