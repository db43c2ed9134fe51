import { applyEntry } from '#shared/attempt/apply-entry.ts';
import {
  type AttemptState,
  EMPTY_ATTEMPT,
  type IncidentRecord,
} from '#shared/attempt/attempt-state.ts';
import type { Hash } from '#shared/kernel/ids.ts';
import { type EpochMs, toEpochMs } from '#shared/kernel/time.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { FactData } from '#shared/wire/facts.ts';
import { effectivePolicy } from './given-out.ts';
import type { Registration } from './registry-ports.ts';

/** What follows from an attempt's ledger. */
export interface Folded {
  readonly state: AttemptState;
  /** Server time minus exam time, by the last entry's own estimate; null before the first. */
  readonly wallOffset: number | null;
  /** The build that its kiosk names; null when it names none, and before the first entry. */
  readonly build: Hash | null;
  /** When each incident began, server time. */
  readonly incidentStartedAt: ReadonlyMap<string, EpochMs>;
}

/** Before the first entry. */
export const NOTHING_FOLDED: Folded = {
  state: EMPTY_ATTEMPT,
  wallOffset: null,
  build: null,
  incidentStartedAt: new Map(),
};

/**
 * What one more entry makes of it. Pure: nothing is changed until the entry is committed.
 * @throws when the entry cannot be folded; then it must not be stored.
 */
export const foldEntry = (
  folded: Folded,
  entry: LedgerEntry,
  registration: Registration,
): Folded => {
  const state = applyEntry(folded.state, entry);
  const opened = entry.seq === 1;
  return {
    state: opened ? sharePolicy(state, registration) : state,
    wallOffset: entry.wall - entry.t,
    build: opened ? (entry.data as unknown as FactData<'attempt-opened'>).host.build : folded.build,
    incidentStartedAt:
      state.incidents === folded.state.incidents
        ? folded.incidentStartedAt
        : startTimes(folded.incidentStartedAt, state, entry),
  };
};

/** All entries, in order, on top of what is known. */
export const foldAll = (
  known: Folded,
  entries: readonly LedgerEntry[],
  registration: Registration,
): Folded => entries.reduce((folded, entry) => foldEntry(folded, entry, registration), known);

/** Incidents that are new or another than before. */
export const changedIncidents = (
  before: AttemptState,
  after: AttemptState,
): readonly IncidentRecord[] =>
  after.incidents === before.incidents
    ? []
    : after.incidents.filter((incident, i) => incident !== before.incidents[i]);

const startTimes = (
  known: Folded['incidentStartedAt'],
  { incidents }: AttemptState,
  entry: LedgerEntry,
): Folded['incidentStartedAt'] => {
  const fresh = incidents.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return known;
  const times = new Map(known);
  for (const { id, startedT } of fresh) {
    times.set(id, toEpochMs(entry.wall - (entry.t - startedT)));
  }
  return times;
};

/** A policy is 5 kB in memory and the same for a whole exam. */
const sharePolicy = (state: AttemptState, registration: Registration): AttemptState => {
  const policy = effectivePolicy(registration);
  return JSON.stringify(state.policy) === JSON.stringify(policy) ? { ...state, policy } : state;
};
